"""An exchange cut behind every single byte of it, up or down: the next one ends equal, and repeats next to nothing."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from fixtures.link_weak import WeakLink
from sync.blobs.storing import store_bytes
from sync.errors import LinkError
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.road.upward import Upward
from sync.records.clock import Quality, time_text
from sync.records.ids import blobs_database, station_database
from sync.store.ledger.settings import put_settings
from tests.faults.replication.replicas import contents
from tests.unit.sync.node.conftest import address, clock, make_node  # noqa: F401
from tests.unit.sync.node.county import introduce, served

RECORDS, PHOTOS = station_database("k3m7q"), blobs_database("k3m7q")
EVERY = int(os.environ.get("EVERY", "31"))  # EVERY=1 cuts behind each byte, which takes ten minutes
LONGEST = 4_000
# What a link of 4 Mbit/s and 20 ms carries at once, what its buffers hold, and what opens an exchange.
IN_FLIGHT_BYTES = 10_000 + 12_000 + 1_000


@pytest.fixture
def pair(make_node: Callable[..., Node]) -> tuple[Node, Node]:  # noqa: F811
    """A township and a village that know how far each other is."""
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    for name in (RECORDS, PHOTOS):
        township.ensure_database(name)
    return township, village


@pytest.fixture
def door(pair: tuple[Node, Node]) -> Iterator[int]:
    """The port of the township's doors."""
    with served(pair[0]) as url:
        yield int(url.rpartition(":")[2])


def towards(village: Node, port: int, stack: ExitStack) -> Upward:
    village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": f"http://127.0.0.1:{port}"}))
    upward = Upward(village, timeout_seconds=10)
    stack.callback(upward.close)
    return upward


def write(node: Node, tail: str, **more: str) -> None:
    fields = {"receipt_number": tail, "received_at": time_text(node.clock()), "item_name": "高龄津贴", **more}
    told = Act(f"case:k3m7q-{tail}", "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, told))


def must_be_equal(township: Node, village: Node) -> None:
    for name in (RECORDS, PHOTOS):
        assert contents(township.documents.database(name)) == contents(village.documents.database(name))


@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_a_short_exchange_cut_behind_any_byte_is_made_good_by_the_next(pair: tuple[Node, Node], door: int) -> None:
    township, village = pair
    with ExitStack() as stack:
        straight = towards(village, door, stack)
        straight.run()
        straight.run()
        cut, at = 0, 1
        while at < LONGEST:
            write(village, f"up{at:05}")
            write(township, f"down{at:05}")
            with WeakLink(f"127.0.0.1:{door}", cut_after_bytes=at) as link, ExitStack() as over_it:
                try:
                    towards(village, link.port, over_it).run()
                except LinkError:
                    cut += 1
                else:
                    break
            run = towards(village, door, stack).run()
            assert run.traffic.bytes_sent < 6_000, at
            must_be_equal(township, village)
            at += EVERY
        print(f"{cut} cuts, each time {EVERY} bytes later, until {at}")
    assert cut > 50
    assert at < LONGEST  # an exchange came through in the end


@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_a_photo_cut_at_the_edge_of_every_chunk_is_sent_once(pair: tuple[Node, Node], door: int) -> None:
    township, village = pair
    photo = random.Random(7).randbytes(500_000)
    with ExitStack() as stack:
        straight = towards(village, door, stack)
        straight.run()
        straight.run()
        write(village, "with-photo")
        store_bytes(village.documents.database(PHOTOS).graft, photo, media_type="image/jpeg")
        sent, cuts, done = 0, 0, False
        with (
            WeakLink(f"127.0.0.1:{door}", rate_kbit=4000, rtt_ms=20, cut_after_bytes=36_000) as link,
            ExitStack() as over_it,
        ):
            upward = towards(village, link.port, over_it)
            while not done:
                try:
                    done = upward.run().carried == 0
                except LinkError:
                    cuts += 1
                    assert cuts < 100
            sent = link.bytes_up
    must_be_equal(township, village)
    print(f"{cuts} cuts, {sent} bytes sent for {len(photo)}")
    assert cuts >= 10
    assert sent - len(photo) < cuts * (IN_FLIGHT_BYTES + 16_384)
