"""The centre's CouchDB goes away while stations bring records: nothing is claimed, and all arrives afterwards."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.custody.standing import Status
from sync.errors import PeerBusy
from sync.node.sharing import home_databases
from sync.node.vouching.content import digest_of
from tests.faults.outbox.couch import ANSWER_LOST, LOST, at_request, couch, fine
from tests.faults.outbox.station import settled
from tests.journeys.road import Road, act, status, take
from tests.waiting import until

PHOTO = b"\xff\xd8" + bytes(range(256)) * 160


@pytest.mark.parametrize("fate", [LOST, ANSWER_LOST])
def test_whenever_the_centres_couchdb_goes_away_no_screen_is_ahead_and_the_next_runs_bring_everything(
    tmp_path: Path, fate: str
) -> None:
    with couch(tmp_path / "couch") as server, ExitStack() as stack:
        road = Road(tmp_path, stack, server.address)
        road.run()
        doc_id, number = take(road.village, "one", photo=PHOTO), 0
        road.village_up.run()
        broken = True
        while broken and number < 60:
            number += 7
            server.fate = at_request(number, fate)
            broken = False
            try:
                road.township_up.run()
            except PeerBusy:
                broken = True
            server.fate = fine
            until(lambda: settled(road.centre))
            # Whoever says that the centre has it read so in a receipt, and then the centre does have it.
            if road.hops(doc_id)[2] == (Status.HELD, 1):
                assert status(road.centre, doc_id) == "received"
        assert number > 7, "it never went away while it was needed"
        road.run()
        act(road.centre, doc_id, "accepted")
        road.run()
        nodes = (road.village, road.township, road.centre)
        assert [status(node, doc_id) for node in nodes] == ["accepted"] * 3
        assert road.hops(doc_id) == [(Status.HELD, 1)] * 3
        names = home_databases([road.village.identity.sid])
        assert len({digest_of([node.documents.database(name) for name in names]) for node in nodes}) == 1
