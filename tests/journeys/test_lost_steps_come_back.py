"""A node loses its own steps with its disk: whoever is below has them still, with the node's name under them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from sync.custody.avowals import AVOWAL, read_avowal
from sync.custody.standing import Status
from sync.node.identity import take_upstream
from sync.node.node import Node
from sync.node.road.upward import Upward
from sync.node.vouching.holding import account_for
from sync.node.vouching.quitting import tidy_avowals
from sync.node.vouching.safety import sign_safe
from sync.store.backup import back_up, restore
from sync.store.connection import FILE_NAME
from sync.store.ledger.alarms import open_alarms
from sync.store.ledger.custody import statements_of
from sync.store.ledger.lives import all_lives
from sync.store.ledger.numbers import device_in_use
from sync.store.ledger.set_aside import items_aside
from tests.journeys.road import Road, act, status, take
from tests.journeys.sticks import Sticks, down, kinds, read, same_content, up

PHOTO = b"\xff\xd8" + bytes(range(256)) * 100


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        yield Road(tmp_path, stack)


class Rollback:
    """The disk of one node, as it was at a moment, and put back either as a backup or behind everybody's back."""

    def __init__(self, road: Road, tmp_path: Path, node: Node) -> None:
        tmp_path.mkdir(exist_ok=True)
        self._road, self._node, self._before = road, node, tmp_path / "before"
        self._directory, self._elsewhere = node.engine.directory, tmp_path / "elsewhere"
        back_up(self._directory, self._before)

    def restored(self) -> Node:
        """A backup that was brought back on another machine."""
        restore(self._before, self._elsewhere, now_ms=self._node.clock())
        return self._opened(self._elsewhere)

    def turned_back(self) -> Node:
        """An image of the disk put back in place, so that nothing on it tells."""
        self._node.close()
        for path in self._directory.iterdir():
            if path.name.startswith(FILE_NAME) and path.name != FILE_NAME:
                path.unlink()
        (self._directory / FILE_NAME).write_bytes(self._before.read_bytes())
        return self._opened(self._directory)

    def _opened(self, directory: Path) -> Node:
        node = Node.open(directory)
        self._road.keep(node.close)
        return node


def call_at(road: Road, lower: Node, upper: Node) -> Upward:
    """The way from a node to another that is at a new address now."""
    lower.rewrite_identity(partial(take_upstream, url=road.serve(upper, lambda request: b"{}")))
    upward = Upward(lower, timeout_seconds=10)
    road.keep(upward.close)
    return upward


def aside(node: Node) -> list[tuple[str, str]]:
    return [(item.id, item.reason) for item in node.read(items_aside)]


def test_a_restored_centre_gets_back_what_it_had_decided(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    disk = Rollback(road, tmp_path, road.centre)
    act(road.centre, doc_id, "accepted")
    road.run()
    act(road.village, doc_id, "noted")  # and the village goes on from there
    centre = disk.restored()
    up_from_township = call_at(road, road.township, centre)
    assert status(centre, doc_id) == "received"
    for upward in (road.village_up, up_from_township, road.village_up):
        upward.run()
    assert status(centre, doc_id) == "accepted"
    assert same_content(centre, road.township, road.village, station=road.village.identity.sid)
    assert [aside(node) for node in (centre, road.township, road.village)] == [[], [], []]
    assert centre.read(open_alarms) == ()
    assert road.hops(doc_id)[-1] == (Status.HELD, 1)


def test_a_restored_centre_takes_back_what_was_decided_while_the_township_wrote_too(road: Road, tmp_path: Path) -> None:
    """The merge comes with the centre's name under its step, and the end of the township's leaf with the merge."""
    doc_id = take(road.village, "one")
    road.run()
    disk = Rollback(road, tmp_path, road.centre)
    act(road.township, doc_id, "noted")
    act(road.centre, doc_id, "accepted")
    road.run()
    centre = disk.restored()
    call_at(road, road.township, centre).run()
    assert status(centre, doc_id) == "accepted"
    assert same_content(centre, road.township, station=road.village.identity.sid)
    assert [aside(node) for node in (centre, road.township)] == [[], []]


def test_names_under_steps_are_let_go_of_when_a_backup_has_held_them_for_a_season(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one", photo=PHOTO)
    road.run()
    act(road.centre, doc_id, "accepted")
    road.run()
    disk = Rollback(road, tmp_path, road.centre)
    sign_safe(road.centre, tmp_path / "before", trust_same_disk=True)
    act(road.township, doc_id, "noted")
    road.run()
    act(road.centre, doc_id, "review_started")
    road.run()
    nodes = (road.centre, road.township, road.village)
    for days in (0, 61, 152):
        for node in nodes:
            node.clock = partial(later, days)
        for node in nodes:
            tidy_avowals(node)
        road.run()
    assert avowed(road.centre, road.centre) == [2], "the first is in the backup, the second is not"
    assert [avowed(node, road.centre) for node in nodes] == [[2]] * 3
    assert len(avowed(road.village, road.township)) == 1, "of which the centre has said nothing"
    centre = disk.restored()
    up_from_township = call_at(road, road.township, centre)
    for upward in (road.village_up, up_from_township, road.village_up):
        upward.run()
    assert status(centre, doc_id) == "in_review"
    assert same_content(centre, road.township, road.village, station=road.village.identity.sid)
    assert [aside(node) for node in (centre, road.township, road.village)] == [[], [], []]


def later(days: int) -> int:
    return time.time_ns() // 1_000_000 + days * 86_400_000


def avowed(node: Node, writer: Node) -> list[int]:
    """The numbers with which the avowals end that a node keeps of a writer."""
    kept = node.read(lambda reader: statements_of(reader, AVOWAL, [writer.identity.writer]))
    return [read_avowal(one.signed.payload).counter for one in kept]


def test_what_a_township_had_decided_comes_back_from_its_village_alone(road: Road, tmp_path: Path) -> None:
    """Before the centre heard of it."""
    doc_id = take(road.village, "one")
    road.run()
    disk = Rollback(road, tmp_path, road.township)
    act(road.township, doc_id, "noted")
    road.village_up.run()
    township = disk.restored()
    up_from_village = call_at(road, road.village, township)
    up_from_village.run()
    assert same_content(township, road.village, station=road.village.identity.sid)
    assert (aside(township), aside(road.village)) == ([], [])


def test_lost_steps_come_back_by_stick_past_the_township(road: Road, sticks: Sticks, tmp_path: Path) -> None:
    doc_id = take(road.village, "one")
    road.run()
    disk = Rollback(road, tmp_path, road.centre)
    act(road.centre, doc_id, "accepted")
    read(road.village, sticks.write(road.centre, down(road.centre, road.village)))
    assert status(road.village, doc_id) == "accepted"
    centre = disk.restored()
    read(road.village, sticks.write(centre, down(centre, road.village)))  # tells of the new life
    assert kinds(read(centre, sticks.write(road.village, up(road.village)))) == ["taken"]
    assert status(centre, doc_id) == "accepted"
    assert aside(centre) == []


def test_a_village_may_bring_a_townships_steps_past_it_with_the_townships_name_under_them(
    road: Road, sticks: Sticks
) -> None:
    doc_id = take(road.village, "one")
    road.run()
    act(road.township, doc_id, "noted")
    road.village_up.run()
    read(road.centre, sticks.write(road.village, up(road.village)))
    assert same_content(road.centre, road.village, station=road.village.identity.sid)
    assert aside(road.centre) == []


def test_sixty_decisions_come_back_in_one_run(road: Road, tmp_path: Path) -> None:
    cases = [take(road.village, f"case-{number}") for number in range(60)]
    road.run()
    disk = Rollback(road, tmp_path, road.centre)
    for doc_id in cases:
        act(road.centre, doc_id, "accepted")
    road.run()
    centre = disk.restored()
    call_at(road, road.township, centre).run()
    assert {status(centre, doc_id) for doc_id in cases} == {"accepted"}
    assert aside(centre) == []


@pytest.mark.parametrize("level", ["township", "centre"])
def test_a_disk_put_back_behind_its_nodes_back_is_found_out_by_its_own_signatures(
    road: Road, tmp_path: Path, level: str
) -> None:
    before = take(road.village, "before")
    road.run()
    node: Node = getattr(road, level)
    disk = Rollback(road, tmp_path, node)
    act(node, before, "noted")
    after = take(road.village, "after", photo=PHOTO)
    road.run()
    road.run()
    assert road.hops(after)[-1] == (Status.HELD, 1)

    turned_back = disk.turned_back()
    assert [one.reason for one in turned_back.read(all_lives)] == ["init"]  # it does not know
    assert status(turned_back, after) == "absent"
    if level == "township":
        village_up, township_up = call_at(road, road.village, turned_back), call_at(road, turned_back, road.centre)
    else:
        village_up, township_up = road.village_up, call_at(road, road.township, turned_back)
    for upward in (village_up, township_up, village_up, township_up, village_up):
        upward.run()
    assert [one.reason for one in turned_back.read(all_lives)] == ["init", "turned-back"]
    assert turned_back.read(device_in_use) is None
    assert [one.kind for one in turned_back.read(open_alarms)] == ["turned-back"]
    nodes = {"township": road.township, "centre": road.centre, level: turned_back}
    assert same_content(*nodes.values(), road.village, station=road.village.identity.sid)
    assert status(turned_back, after) == "received"
    assert road.hops(after)[-1] == (Status.HELD, 1)


def test_a_screen_steps_back_when_a_disk_was_put_back(road: Road, tmp_path: Path) -> None:
    take(road.village, "before")
    road.run()
    disk = Rollback(road, tmp_path, road.township)
    doc_id = take(road.village, "after")
    road.village_up.run()
    assert road.hops(doc_id)[1] == (Status.HELD, 0)
    turned_back = disk.turned_back()
    upward, seen = call_at(road, road.village, turned_back), list[Status]()

    def look(*_: object) -> None:
        seen.append(road.hops(doc_id)[1][0])

    upward.run(progress=look)
    assert Status.NOT_YET in seen
    assert road.hops(doc_id)[1] == (Status.HELD, 0)


def test_a_village_whose_disk_was_put_back_gives_no_number_twice(road: Road, tmp_path: Path) -> None:
    take(road.village, "before")
    road.run()
    disk = Rollback(road, tmp_path, road.village)
    after = take(road.village, "after")
    road.run()
    turned_back = disk.turned_back()
    road.link.up()
    upward = Upward(turned_back, timeout_seconds=10)
    road.keep(upward.close)
    upward.run()
    assert [one.reason for one in turned_back.read(all_lives)] == ["init", "turned-back"]
    assert turned_back.read(device_in_use) is None
    upward.run()
    assert status(turned_back, after) == "received"


def test_nobody_can_forge_what_a_node_has_lost(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "one")
    road.run()
    disk = Rollback(road, tmp_path, road.centre)
    act(road.centre, doc_id, "accepted")
    road.run()
    forget_avowals(road.village)
    forget_avowals(road.township)
    centre = disk.restored()
    call_at(road, road.township, centre).run()
    assert status(centre, doc_id) == "received"
    assert [doc for doc, reason in aside(centre) if "may not carry" in reason] == [doc_id]


def forget_avowals(node: Node) -> None:
    node.engine.write(lambda tx: tx.execute("DELETE FROM statements WHERE kind = 'avowal'"))


def test_a_disk_put_back_is_found_out_though_much_happened_there_since(road: Road, tmp_path: Path) -> None:
    """So much that it has come past everything that the village ever heard of it."""
    take(road.village, "before")
    road.run()
    disk = Rollback(road, tmp_path, road.township)
    lost = take(road.village, "lost")
    road.village_up.run()
    turned_back = disk.turned_back()
    for number in range(30):
        take(turned_back, f"its-own-{number}")
        account_for(turned_back, [turned_back.identity.sid])
    upward = call_at(road, road.village, turned_back)
    upward.run()
    take(road.village, "next")
    upward.run()
    assert [one.reason for one in turned_back.read(all_lives)] == ["init", "turned-back"]
    assert status(turned_back, lost) == "received"
    assert road.hops(lost)[1] == (Status.HELD, 0)
