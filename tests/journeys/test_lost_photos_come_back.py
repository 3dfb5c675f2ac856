"""A photo that a node had and lost, under the life that it lives, is asked for below and comes back; screens say so."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.blobs.reading import is_complete, read_list
from sync.casework.list_lost_photos import list_lost_photos
from sync.casework.show_material import show_material
from sync.custody.standing import Status
from sync.errors import Damaged, NotFound
from sync.node.node import Node
from sync.node.vouching.lost_photos import Looked, give_up_unreadable, look_through
from sync.node.vouching.photos_from_backup import bring_from_backup
from sync.node.vouching.safety import sign_safe
from sync.records.ids import blobs_database, chunk_id, content_revision
from sync.remote.talking import Talking
from sync.store.backup import back_up
from sync.store.database import EmbeddedDatabase
from sync.store.ledger.lost_photos import lost_photos
from sync.values.conversation import Item
from tests.homes import Address
from tests.journeys.road import Road, look, restored_centre, take

PHOTO = b"\xff\xd8\xff" + random.Random(3).randbytes(120_000)  # 8 chunks


@pytest.fixture
def address() -> Address:
    """In their files: what a CouchDB loses is its own to mend."""
    return lambda: None


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that nodes ask and answer.

    Compared as it is said and not as it is sent: one digit more can cost a dozen bytes when it is packed.
    """
    heard: list[str] = []
    say = Talking.say

    def noting(talking: Talking, text: bytes, *told: Any, **version: Any) -> tuple[bytes, Iterator[Item]]:
        answer, items = say(talking, text, *told, **version)
        heard.extend((text.decode(), answer.decode()))
        return answer, items

    monkeypatch.setattr(Talking, "say", noting)
    return heard


def database(node: Node, road: Road) -> EmbeddedDatabase:
    return node.engine.database(blobs_database(road.village.identity.sid))


def root_of(road: Road) -> str:
    rows = [change.id for change in database(road.village, road).changes("0").results]
    (root,) = [one.removeprefix("blob:") for one in rows if one.startswith("blob:")]
    return root


def piece(road: Road, number: int) -> str:
    return read_list(database(road.village, road), root_of(road)).chunks[number]


def purge(node: Node, road: Road, *digests: str) -> None:
    database(node, road).purge({chunk_id(one): [content_revision(one)] for one in digests})


def let_go(node: Node, road: Road, *digests: str) -> None:
    node.engine.write(lambda tx: database(node, road).let_go_in(tx, [chunk_id(one) for one in digests]))


def spoil(node: Node, road: Road, digest: str) -> None:
    """Bits that a checksum did not tell: the piece is not what its name says."""
    body = b'{"data":"' + b"A" * 21_848 + b'"}'
    node.engine.write(
        lambda tx: tx.execute("UPDATE revisions SET body = ? WHERE digest = ?", (body, content_revision(digest).digest))
    )


def idle(road: Road, said: list[str]) -> list[str]:
    """What is asked and answered when the village has nothing to say, but for how far counters have come."""
    road.run()
    said.clear()
    road.village_up.run()
    return [re.sub(r'(?<=")[0-9]+-|(?<=:)[0-9]+', "…", text) for text in said]


def test_what_a_centre_lost_comes_back_from_the_village_over_a_township_that_let_go_of_it(
    road: Road, said: list[str]
) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    assert road.hops(doc_id)[2] == (Status.HELD, 1)
    before = idle(road, said)
    purge(road.centre, road, piece(road, 2), piece(road, 5))
    spoil(road.centre, road, piece(road, 6))
    let_go(road.township, road, piece(road, 5))

    assert look_through(road.centre) == Looked(1, 1)
    assert look_through(road.centre) == Looked(1, 0), "it is noticed once"
    road.township_up.run()
    road.village_up.run()
    assert road.hops(doc_id)[2] == (Status.PARTLY, 0), "the screen steps back"
    sent = road.township_up.run().traffic.bytes_sent + road.village_up.run().traffic.bytes_sent
    assert sent < 4 * 17_000, "no more than what is lacking"
    road.run()
    assert is_complete(database(road.centre, road), root_of(road))
    assert road.hops(doc_id)[2] == (Status.HELD, 1)
    assert not road.centre.read(lost_photos)
    assert not road.township.sought.all()
    assert idle(road, said) == before


def test_a_township_mends_itself_and_what_nobody_has_is_asked_for_once(
    road: Road, said: list[str], tmp_path: Path
) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    before = idle(road, said)
    spoil(road.village, road, piece(road, 1))
    assert look(road, doc_id) == PHOTO, "a village brings it from above while somebody looks"
    assert not road.village.read(lost_photos)
    spoil(road.township, road, piece(road, 0))
    with pytest.raises(Damaged):
        show_material(road.township, doc_id, 1, by="acct:li")
    give_up_unreadable(road.township)
    road.village_up.run()
    assert road.hops(doc_id)[1] == (Status.HELD, 1)
    assert show_material(road.township, doc_id, 1, by="acct:li").content == PHOTO

    backup = tmp_path / "backup"
    back_up(road.centre.engine.directory, backup)
    sign_safe(road.centre, backup, trust_same_disk=True)
    gone = piece(road, 2)
    let_go(road.village, road, gone)
    for node in (road.centre, road.township):
        purge(node, road, gone)
        look_through(node)
    road.run()
    assert idle(road, said) == before
    assert len(road.centre.read(lost_photos)) == 1
    assert not is_complete(database(road.centre, road), root_of(road))
    (told,) = list_lost_photos(road.centre)["photos"]
    assert (told["record"], told["pieces"], told["of"]) == (doc_id, 1, 8)
    assert told["held_by"] == [f"{road.village.identity.name} 站"], "the township has taken its word back"
    assert told["in_backup"]
    assert bring_from_backup(road.centre, backup) == 1
    assert list_lost_photos(road.centre)["count"] == 0
    with pytest.raises(NotFound):  # also when nothing is lost
        bring_from_backup(road.centre, tmp_path / "gone")


def test_a_centre_put_back_has_from_the_village_what_its_township_let_go_of(road: Road, tmp_path: Path) -> None:
    road.run()
    back_up(road.centre.engine.directory, tmp_path / "backup")
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    let_go(road.township, road, piece(road, 3))
    restored = restored_centre(road, tmp_path / "backup", tmp_path / "again")
    assert is_complete(database(restored, road), root_of(road))
    assert road.hops(doc_id)[2] == (Status.HELD, 1)
