"""What is told to the node above: records first, photos behind them, and a record that comes meanwhile overtakes."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from sync.blobs.storing import store_bytes
from sync.database import Database
from sync.errors import Damaged, LinkDown, ProtocolError, Unauthorized
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.road.conversing import Conversing
from sync.node.road.marks import Marks
from sync.records.clock import Quality
from sync.records.ids import blobs_database, station_database
from sync.store.ledger.set_aside import count_aside, items_aside
from sync.typed import replace
from sync.values.conversation import Garbled, Item, Mark, SetAside, Told
from sync.values.documents import Absent, Document, Edit, Wanted
from sync.values.statements import Answer, Offer
from sync.wire.exchange import VERSION
from tests.unit.sync.node.conftest import SetClock
from tests.unit.sync.node.county import introduce
from tests.unit.sync.node.road.test_upward import take

Make = Callable[..., Node]
RECORDS, PHOTOS = station_database("k3m7q"), blobs_database("k3m7q")


class Above:
    """A node above that takes everything, and does something between; it breaks off before an item where told to."""

    def __init__(self) -> None:
        self.offers: list[Offer] = []
        self.told: list[Item] = []
        self.between: Callable[[Item], None] = lambda item: None
        self.breaks_before: int | None = None
        self.taken: dict[str, str] = {}
        self.unread: tuple[str, ...] = ()
        self.refuses: dict[str, str] = {}  # document id → reason
        self.says: list[Item] = []
        self.seconds = 0.0
        self.bytes_per_second = 1e9

    def exchange(self, offer: Offer, told: Iterable[Item] = ()) -> tuple[Answer, Iterator[Item]]:
        self.offers.append(offer)
        self.told = []
        for item in told:
            if self.breaks_before is not None and len(self.told) == self.breaks_before:
                raise LinkDown("cut")
            self.told.append(item)
            if isinstance(item, Told):
                self.seconds += len(item.document.body) / self.bytes_per_second
            if isinstance(item, Mark):
                self.taken[item.name] = item.position
            self.between(item)
        names = tuple((share.name, "1") for share in offer.shares)
        unread, self.unread = self.unread, ()
        documents = [(item.name, item.document) for item in self.told if isinstance(item, Told)]
        aside = tuple(
            SetAside(name, one.id, one.revision, self.refuses[one.id])
            for name, one in documents
            if one.id in self.refuses
        )
        return Answer((), "abovelife:1", names, 1, tuple(self.taken.items()), aside, unread), iter(self.says)


@pytest.fixture
def village(make_node: Make) -> Node:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    return village


@pytest.fixture
def talk(village: Node) -> tuple[Conversing, Above]:
    """A village and what stands above it, which know how far each other is."""
    above, marks = Above(), Marks(village)
    conversing = Conversing(village, marks, above, skip_counters=lambda: None, now_seconds=lambda: above.seconds)
    conversing.exchange(stop=lambda: False)
    for name in (RECORDS, PHOTOS):
        marks.note_pushed(name, village.documents.database(name).info().update_seq)
    return conversing, above


def photograph(node: Node, size: int = 200_000, seed: int = 1) -> None:
    store_bytes(node.documents.database(PHOTOS).graft, random.Random(seed).randbytes(size), media_type="image/jpeg")


def names_of(items: Iterable[Item]) -> list[str]:
    return [item.name for item in items]


def test_a_node_above_that_was_put_back_to_an_earlier_version_is_spoken_to_as_such(
    village: Node, talk: tuple[Conversing, Above], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversing, above = talk
    marks, exchange = Marks(village), above.exchange
    village.write(lambda tx: marks.note_exchange(tx, sent=0, heard="abovelife:1", version=VERSION, fallen=False))

    def of_before(offer: Offer, told: Iterable[Item] = ()) -> tuple[Answer, Iterator[Item]]:
        if offer.version > 1:
            raise Unauthorized("not a request signature")
        return exchange(offer, told)

    monkeypatch.setattr(above, "exchange", of_before)
    take(village, "one")
    assert conversing.exchange(stop=lambda: False).told == 1
    assert marks.version() == 1


def test_records_go_before_photos(village: Node, talk: tuple[Conversing, Above]) -> None:
    conversing, above = talk
    photograph(village)
    take(village, "one")
    exchanged = conversing.exchange(stop=lambda: False)
    names = names_of(above.told)
    assert names == sorted(names, reverse=True)
    assert exchanged.told == sum(isinstance(item, Told) for item in above.told) == 1 + 14


def test_a_record_that_comes_while_a_photo_is_told_goes_at_the_next_chunk(
    village: Node, talk: tuple[Conversing, Above]
) -> None:
    conversing, above = talk
    photograph(village)

    def between(item: Item) -> None:
        if len(above.told) == 8:
            take(village, "late")

    above.between = between
    conversing.exchange(stop=lambda: False)
    names = names_of(above.told)
    assert RECORDS in names[8:12]
    assert names[-1] == PHOTOS
    assert above.taken[RECORDS] == village.documents.database(RECORDS).info().update_seq


def test_a_small_photo_that_comes_while_a_scan_is_told_goes_at_the_next_chunk(
    village: Node, talk: tuple[Conversing, Above]
) -> None:
    conversing, above = talk
    photograph(village, 500_000)

    def between(item: Item) -> None:
        if len(above.told) == 8:
            photograph(village, 1_000, seed=2)

    above.between = between
    conversing.exchange(stop=lambda: False)
    lists = [
        at for at, item in enumerate(above.told) if isinstance(item, Told) and item.document.id.startswith("blob:")
    ]
    assert lists[0] == 0
    assert 8 <= lists[1] <= 10
    assert Marks(village).pushed(PHOTOS) == village.documents.database(PHOTOS).info().update_seq


def test_no_station_waits_for_the_photos_of_another(village: Node, talk: tuple[Conversing, Above]) -> None:
    conversing, above = talk
    other = blobs_database("v2bbb")
    for name in (station_database("v2bbb"), other):
        village.ensure_database(name)
        Marks(village).note_pushed(name, village.documents.database(name).info().update_seq)
    photograph(village)
    store_bytes(village.documents.database(other).graft, random.Random(2).randbytes(200_000), media_type="image/jpeg")
    conversing.exchange(stop=lambda: False)
    turns = [item.name for item in above.told if isinstance(item, Mark)]
    assert turns[:6] == [PHOTOS, other] * 3
    assert {turns.count(name) for name in (PHOTOS, other)} == {13}


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("nonsense", ["page", "no cursor"])
def test_what_was_told_to_a_login_page_is_not_told_to_it_again_and_nothing_that_arrived_is_lost(
    village: Node, talk: tuple[Conversing, Above], monkeypatch: pytest.MonkeyPatch, nonsense: str, arrives: bool
) -> None:
    conversing, above = talk
    photograph(village)
    take(village, "one")
    exchange, told = above.exchange, []

    def page(offer: Offer, items: Iterable[Item] = ()) -> tuple[Answer, Iterator[Item]]:
        told.append(list(items))
        if nonsense == "page":
            if arrives:
                exchange(offer, told[-1])
            raise ProtocolError("not a frame")
        answer, rest = exchange(offer, told[-1] if arrives else ())
        return replace(answer, heard=""), rest

    with monkeypatch.context() as patch:
        patch.setattr(above, "exchange", page)
        for _ in range(3):
            with pytest.raises(ProtocolError):
                conversing.exchange(stop=lambda: False)
    assert [any(isinstance(item, Told) for item in items) for items in told] == [True, False, False]
    assert conversing.answers == 1
    assert conversing.exchange(stop=lambda: False).more
    rest = conversing.exchange(stop=lambda: False)
    assert (rest.told == 0) is arrives
    assert Marks(village).pushed(RECORDS) == village.documents.database(RECORDS).info().update_seq
    assert Marks(village).pushed(PHOTOS) == village.documents.database(PHOTOS).info().update_seq


@pytest.mark.parametrize("breaks_before", range(0, 30, 3))
def test_after_a_cut_nothing_that_arrived_is_told_again(
    village: Node, talk: tuple[Conversing, Above], breaks_before: int
) -> None:
    conversing, above = talk
    photograph(village)
    take(village, "one")
    above.breaks_before = breaks_before
    with pytest.raises(LinkDown):
        conversing.exchange(stop=lambda: False)
    arrived, above.breaks_before = list(above.told), None
    unclear = {item.name for item in arrived if isinstance(item, Mark)}
    if unclear:
        asked = conversing.exchange(stop=lambda: False)
        assert not unclear.intersection(names_of(above.told))
        assert asked.more
        arrived = [*arrived, *above.told]
    conversing.exchange(stop=lambda: False)
    marked = max((at + 1 for at, item in enumerate(arrived) if isinstance(item, Mark)), default=0)
    documents = [item.document.id for item in above.told if isinstance(item, Told)]
    repeated = {item.document.id for item in arrived[:marked] if isinstance(item, Told)}.intersection(documents)
    assert repeated == set()
    assert len({*documents, *(item.document.id for item in arrived if isinstance(item, Told))}) == 15


def test_a_record_that_came_after_the_cut_is_told_at_once_while_it_is_asked_how_far_the_photo_came(
    village: Node, talk: tuple[Conversing, Above]
) -> None:
    conversing, above = talk
    photograph(village)
    above.breaks_before = 9
    with pytest.raises(LinkDown):
        conversing.exchange(stop=lambda: False)
    arrived, above.breaks_before = set(above.taken), None
    take(village, "late")
    exchanged = conversing.exchange(stop=lambda: False)
    assert (arrived, exchanged.told, exchanged.more) == ({PHOTOS}, 1, True)
    assert set(names_of(above.told)) == {RECORDS}
    assert Marks(village).pushed(PHOTOS) == above.taken[PHOTOS] != ""


def test_a_position_that_was_never_sent_moves_nothing(village: Node, talk: tuple[Conversing, Above]) -> None:
    conversing, above = talk
    take(village, "one")
    before = Marks(village).pushed(RECORDS)
    above.between = lambda item: above.taken.update({RECORDS: "999-made-up"})
    conversing.exchange(stop=lambda: False)
    assert Marks(village).pushed(RECORDS) == before


def test_a_stop_is_heeded_at_the_next_mark(village: Node, talk: tuple[Conversing, Above]) -> None:
    conversing, above = talk
    photograph(village)
    conversing.exchange(stop=lambda: len(above.told) > 5)
    assert 5 < len(above.told) < 10
    assert isinstance(above.told[-1], Mark)
    assert Marks(village).pushed(PHOTOS) == above.told[-1].position


def test_what_the_node_above_could_not_read_is_told_if_new_more_plainly(
    village: Node, talk: tuple[Conversing, Above]
) -> None:
    conversing, above = talk
    take(village, "one")
    above.unread = (RECORDS,)
    above.between = lambda item: above.taken.clear()
    assert conversing.exchange(stop=lambda: False).more
    assert [item.plain for item in above.told if isinstance(item, Told)] == [False]
    above.between = lambda item: None
    conversing.exchange(stop=lambda: False)
    assert [item.plain for item in above.told if isinstance(item, Told)] == [True]
    take(village, "two")
    conversing.exchange(stop=lambda: False)
    assert [item.plain for item in above.told if isinstance(item, Told)] == [False]


def test_what_cannot_be_read_from_above_is_kept_aside_or_asked_for_plainly(
    village: Node, talk: tuple[Conversing, Above]
) -> None:
    conversing, above = talk
    above.says = [Garbled(RECORDS, b"?", "no document"), Mark(RECORDS, "9")]
    assert not conversing.exchange(stop=lambda: False).more
    assert village.read(count_aside) == 1
    assert Marks(village).pulled(RECORDS) == "9"
    above.says = [Garbled(RECORDS, b"!", "no record", is_last=True)]
    assert conversing.exchange(stop=lambda: False).more
    above.says = []
    conversing.exchange(stop=lambda: False)
    assert above.offers[-1].unread == (RECORDS,)
    conversing.exchange(stop=lambda: False)
    assert above.offers[-1].unread == ()
    assert village.read(count_aside) == 1


HOUR_MS = 3_600_000


def withdraw(node: Node, case: str) -> None:
    told = Act(case, "withdrawn", {}, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, told))


def test_what_is_refused_above_waits_here_with_its_reason_and_is_offered_again_on_a_clock_of_its_own(
    village: Node, talk: tuple[Conversing, Above], clock: SetClock
) -> None:
    conversing, above = talk
    bad, good = take(village, "bad"), take(village, "good")
    above.refuses = {bad: "not here"}
    assert conversing.exchange(stop=lambda: False).told == 1
    (item,) = village.read(items_aside)
    assert (item.id, item.reason, item.offered_by, item.tries) == (bad, "not here", village.identity.writer, 0)
    assert b'"events"' in item.document
    offered: list[int] = []
    for hour in range(1, 9):
        clock.now_ms += HOUR_MS
        conversing.exchange(stop=lambda: False)
        told = [one.document.id for one in above.told if isinstance(one, Told)]
        assert told in ([], [bad]), f"{good} is told once"
        offered += [hour] * len(told)
    assert offered == [1, 3, 7]
    above.refuses = {}
    clock.now_ms += 100 * HOUR_MS
    conversing.exchange(stop=lambda: False)
    assert village.read(count_aside) == 0
    clock.now_ms += 100 * HOUR_MS
    conversing.exchange(stop=lambda: False)
    assert above.told == []


def test_a_clock_set_back_by_years_does_not_make_what_was_refused_wait_for_years(
    village: Node, talk: tuple[Conversing, Above], clock: SetClock
) -> None:
    conversing, above = talk
    above.refuses = {take(village, "bad"): "not here"}
    conversing.exchange(stop=lambda: False)
    clock.now_ms -= 20_000 * HOUR_MS
    above.refuses = {}
    conversing.exchange(stop=lambda: False)
    assert village.read(count_aside) == 0


def test_what_was_refused_is_not_offered_again_once_another_version_stands_on_it(
    village: Node, talk: tuple[Conversing, Above], clock: SetClock
) -> None:
    conversing, above = talk
    bad = take(village, "bad")
    above.refuses = {bad: "not here"}
    conversing.exchange(stop=lambda: False)
    withdraw(village, bad)
    above.refuses = {}
    conversing.exchange(stop=lambda: False)
    clock.now_ms += HOUR_MS
    conversing.exchange(stop=lambda: False)
    assert (above.told, village.read(count_aside)) == ([], 0)


def test_a_record_the_disk_does_not_give_is_passed_over_and_said(
    village: Node, talk: tuple[Conversing, Above], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversing, above = talk
    bad, good = take(village, "bad"), take(village, "good")
    kind = type(village.documents.database(RECORDS))
    read = kind.read

    def failing(self: Database, wanted: Sequence[Wanted]) -> Iterator[Document | Absent]:
        if bad in {one.id for one in wanted}:
            raise Damaged("a page is not what was written")
        return read(self, wanted)

    monkeypatch.setattr(kind, "read", failing)
    conversing.exchange(stop=lambda: False)
    assert [one.document.id for one in above.told if isinstance(one, Told)] == [good]
    (item,) = village.read(items_aside)
    assert (item.id, item.reason, item.document) == (bad, "a page is not what was written", b"")


def told_bytes(above: Above) -> int:
    return sum(len(item.document.body) for item in above.told if isinstance(item, Told))


def test_an_exchange_is_no_longer_than_the_link_is_fast(village: Node, talk: tuple[Conversing, Above]) -> None:
    conversing, above = talk
    photograph(village, size=3_000_000)
    above.bytes_per_second = 4_000  # 32 kbit/s
    assert conversing.exchange(stop=lambda: False).more
    assert told_bytes(above) > 1_000_000  # nothing was known of the link
    began = above.seconds
    assert conversing.exchange(stop=lambda: False).more
    assert 25 < above.seconds - began < 40
    above.breaks_before = 4
    with pytest.raises(LinkDown):
        conversing.exchange(stop=lambda: False)
    above.breaks_before = None
    conversing.exchange(stop=lambda: False)  # asks how far it came
    began = above.seconds
    assert conversing.exchange(stop=lambda: False).more
    assert above.seconds - began < 25


def test_a_backlog_beyond_one_exchange_is_known_to_be_one(village: Node, talk: tuple[Conversing, Above]) -> None:
    conversing, above = talk
    above.bytes_per_second = 1_000
    photograph(village, size=100_000)
    conversing.exchange(stop=lambda: False)  # shows a link on which little fits into one exchange
    for number in range(80):
        take(village, f"n{number:02}")
    exchanged = conversing.exchange(stop=lambda: False)
    assert exchanged.told < 80
    assert exchanged.more


def test_a_cut_in_a_database_before_its_first_mark_is_asked_about_like_any_other(
    village: Node, talk: tuple[Conversing, Above]
) -> None:
    conversing, above = talk
    other = "station_v2bbb"
    for name in (other, blobs_database("v2bbb")):
        village.ensure_database(name)
    Marks(village).note_pushed(other, village.documents.database(other).info().update_seq)
    take(village, "one")
    village.documents.database(other).write([Edit("case:v2bbb-one", None, b'{"type":"case"}')])
    above.breaks_before = 2  # a record and its mark arrive, and the other's record does not
    with pytest.raises(LinkDown):
        conversing.exchange(stop=lambda: False)
    assert names_of(above.told) == [RECORDS, RECORDS]
    above.breaks_before = None
    assert conversing.exchange(stop=lambda: False).more
    conversing.exchange(stop=lambda: False)
    assert other in above.taken
