"""An exchange on the wire: what is told arrives as it was told, cut anywhere, and what is cut off is known as such."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest, LinkDown
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.typed import replace
from sync.values.conversation import Garbled, Item, Mark, Told
from sync.values.digest import revision_digest
from sync.values.documents import Document
from sync.values.json_text import dump
from sync.wire.bodies import Bodies
from sync.wire.conversation import Kind, nothing_held, read_items, read_opening, write_conversation
from sync.wire.frames import FIRST_OPTIONAL, Frame, FrameReader, write_frame, write_number
from sync.wire.stream import frames_of, packed
from tests.contract.documents import doc

HEAD = b'{"id":"x","start":1,"ids":["a"]}'
ITEMS = [
    Told("station_a", replace(doc("case:1", "2-b", "1-a"), body='{ "text" : "高龄津贴" }'.encode())),
    Mark("station_a", "7-x"),
    Told("public", doc("item:1", "1-c", deleted=True)),
    Mark("public", "9"),
]


def sent(items=ITEMS) -> bytes:
    return b"".join(packed(write_conversation(Kind.OFFER, b'{"heard":""}', items)))


@given(cuts=st.lists(st.integers(0, len(sent())), max_size=8))
def test_what_is_told_arrives_as_it_was_told_in_whatever_pieces(cuts: list[int]) -> None:
    whole, places = sent(), sorted({0, *cuts, len(sent())})
    frames = frames_of([whole[a:b] for a, b in itertools.pairwise(places)])
    assert read_opening(frames, Kind.OFFER) == b'{"heard":""}'
    assert list(read_items(frames, nothing_held)) == ITEMS


A_BODY, ANOTHER = b'{"n":1,"type":"case"}', b'{"n":2,"type":"case"}'
FIRST = revision_digest(None, A_BODY, deleted=False)
SECOND = revision_digest(Revision(1, FIRST), ANOTHER, deleted=False)
BURIED = revision_digest(Revision(2, SECOND), b"{}", deleted=True)


def case(digests: tuple[str, ...], body: bytes = A_BODY, *, start: int = 0, deleted: bool = False) -> Document:
    return Document("case:1", Branch(start or len(digests), digests, deleted), body)


FOLLOWING = [case((FIRST,)), case((SECOND, FIRST), ANOTHER), case((BURIED, SECOND, FIRST), b"{}", deleted=True)]
OTHERS = [
    case(("a" * 32,)),  # of another engine, or a merge
    case((SECOND, FIRST), A_BODY),
    case((SECOND,), ANOTHER, start=2),  # its parent is not known here
    case((SECOND, FIRST), ANOTHER, start=3),
]


@pytest.mark.parametrize("document", [*FOLLOWING, *OTHERS])
@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_revision_that_follows_from_what_it_was_made_of_need_not_be_told(document: Document, version: int) -> None:
    said = b"".join(
        frame for frame, _ in write_conversation(Kind.OFFER, b"{}", [Told("station_a", document)], version=version)
    )
    assert (document.path.digests[0].encode() in said) == (version < 3 or document in OTHERS)
    frames = FrameReader().feed(said)
    read_opening(frames, Kind.OFFER)
    assert list(read_items(frames, nothing_held)) == [Told("station_a", document)]


def test_it_follows_from_the_version_that_it_is_told_against() -> None:
    former, newer = case((FIRST,)), case((SECOND, FIRST), ANOTHER)
    told = Told("station_a", newer, base=(former.revision, former.body))
    said = b"".join(frame for frame, _ in write_conversation(Kind.OFFER, b"{}", [told], version=3))
    assert SECOND.encode() not in said
    frames = FrameReader().feed(said)
    read_opening(frames, Kind.OFFER)
    assert list(read_items(frames, lambda name, doc_id, revision: former)) == [Told("station_a", newer)]


@pytest.mark.parametrize(("start", "ids"), [(2, [""]), (3, [""]), (2, ["", ""]), (1, ["", "a"]), (0, [""])])
def test_a_revision_that_cannot_be_worked_out_is_garbled(start: int, ids: list[str]) -> None:
    head = dump({"id": "case:1", "start": start, "ids": ids})
    frame = write_frame(Kind.RECORD, write_number(len(head)), head, Bodies().write(A_BODY))
    frames = FrameReader().feed(write_frame(Kind.IN, b"station_a") + frame + write_frame(Kind.END))
    (item,) = read_items(frames, nothing_held)
    assert isinstance(item, Garbled)


def as_far_as_it_came(pieces: list[bytes]) -> list[Item]:
    """The items of a stream that broke off; raises AssertionError when it is taken for a whole one."""
    heard = []
    try:
        frames = frames_of(pieces)
        read_opening(frames, Kind.OFFER)
        for item in read_items(frames, nothing_held):
            heard.append(item)
    except (LinkDown, BadRequest):
        return heard
    raise AssertionError("a broken exchange passed for a whole one")


@given(end=st.integers(0, len(sent()) - 8))
def test_an_exchange_that_breaks_off_is_never_taken_for_a_whole_one(end: int) -> None:
    heard = as_far_as_it_came([sent()[:end]])
    assert heard == ITEMS[: len(heard)]


def test_whatever_was_marked_can_be_read_before_more_is_sent() -> None:
    pieces = list(packed(write_conversation(Kind.OFFER, b"{}", ITEMS)))
    counts = [len(as_far_as_it_came(pieces[:number])) for number in range(1, len(pieces))]
    assert counts == [0, 2, 4]


def test_frames_of_a_later_version_are_passed_over() -> None:
    def later():
        for frame, due in write_conversation(Kind.OFFER, b"{}", ITEMS):
            yield frame, due
            if not frame.startswith(bytes([Kind.END])):
                yield write_frame(FIRST_OPTIONAL + 5, b"news"), False

    frames = frames_of(packed(later()))
    read_opening(frames, Kind.OFFER)
    assert list(read_items(frames, nothing_held)) == ITEMS


@pytest.mark.parametrize(
    "frames",
    [
        [write_frame(Kind.MARK, b"7")],
        [write_frame(Kind.DOCUMENT, b'{"_id":"a","_rev":"1-a"}')],
        [write_frame(Kind.IN, b"\xff"), write_frame(Kind.MARK, b"7")],
        [write_frame(Kind.IN, b"a"), write_frame(99, b"needed and not known")],
    ],
)
def test_what_is_no_exchange_is_refused(frames: list[bytes]) -> None:
    read = frames_of(packed([(frame, True) for frame in frames]))
    with pytest.raises(BadRequest):
        list(read_items(read, nothing_held))


@pytest.mark.parametrize(
    ("kind", "payload", "is_last"),
    [
        (Kind.DOCUMENT, b"no json", False),
        (Kind.DOCUMENT, b'{"_id":"_strange","_rev":"1-a"}', False),
        (Kind.CHUNK, bytes(20_000), False),
        (Kind.RECORD, b"", True),
        (Kind.RECORD, b"\x02{}\x00{}", True),
        (Kind.RECORD, write_number(len(HEAD)) + HEAD + b"\x00[]", True),
        (Kind.RECORD, write_number(len(HEAD)) + HEAD + b'\x00{"_strange":1}', True),
    ],
)
def test_a_document_that_cannot_be_read_is_told_as_such_and_the_rest_is_read(
    kind: Kind, payload: bytes, *, is_last: bool
) -> None:
    behind = b'{"_id":"b","_rev":"1-b"}'
    told = [(Kind.IN, b"a"), (kind, payload), (Kind.DOCUMENT, behind), (Kind.END, b"")]
    items = list(read_items(frames_of(packed([(write_frame(*frame), True) for frame in told])), nothing_held))
    assert isinstance(items[0], Garbled)
    assert (items[0].payload, items[0].is_last, bool(items[0].reason)) == (payload, is_last, True)
    assert items[1:] == ([] if is_last else [Told("a", doc("b", "1-b"))])


def test_what_is_told_plainly_needs_nothing_told_before_it() -> None:
    plain = replace(ITEMS[0], plain=True)
    frames = frames_of([sent([plain])])
    read_opening(frames, Kind.OFFER)
    assert [frame.kind for frame in frames] == [Kind.IN, Kind.DOCUMENT, Kind.END]


@pytest.mark.parametrize(
    "nothing", [write_frame(FIRST_OPTIONAL), write_frame(Kind.MARK, b"7"), write_frame(Kind.END), bytes(2)]
)
def test_a_stream_that_says_nothing_a_million_times_over_is_read_no_further(nothing: bytes) -> None:
    begun = b"".join(packed([(write_frame(Kind.IN, b"a"), True), (nothing * 1_000_000, True)]))
    assert len(begun) < 2_000
    read: list[Frame] = []
    with pytest.raises(BadRequest):
        read.extend(frames_of([begun]))
    assert len(read) <= 20_000 + len(begun) // 4


def test_a_stream_that_stands_for_gigabytes_is_read_no_further() -> None:
    megabyte = write_frame(FIRST_OPTIONAL, bytes(1 << 20))
    begun = b"".join(packed([(megabyte, False)] * 200))
    assert len(begun) < 20_000
    read: list[Frame] = []
    with pytest.raises(BadRequest, match="stands for"):
        read.extend(frames_of([begun]))
    assert len(read) < 40


def test_nor_is_one_that_tells_the_same_edit_of_a_large_record_over_and_over() -> None:
    former = replace(doc("case:1", "1-a"), body=dump({"note": "x" * (1 << 20)}))
    newer = replace(doc("case:1", "2-b", "1-a"), body=former.body)
    told = Told("a", newer, base=(former.revision, former.body))
    begun = sent([told] * 100)
    assert len(begun) < 1_000
    frames, read = frames_of([begun]), list[Item]()
    read_opening(frames, Kind.OFFER)
    with pytest.raises(BadRequest, match="stands for"):
        read.extend(read_items(frames, lambda *_which: former, spend=frames.spend))
    assert 0 < len(read) < 20
    assert read == [Told("a", newer)] * len(read)


def test_a_hundred_edits_of_records_of_fifty_events_are_nothing_of_the_kind() -> None:
    chance = random.Random(3)
    events = [{"note": f"{chance.getrandbits(1600):x}"} for _ in range(50)]
    former = replace(doc("case:1", "1-a"), body=dump({"events": events}))
    edits = [
        replace(doc(f"case:{number}", "2-b", "1-a"), body=dump({"events": [*events, {"n": number}]}))
        for number in range(100)
    ]
    stream = sent([Told("a", each, base=(former.revision, former.body)) for each in edits])
    frames = frames_of([stream])
    read_opening(frames, Kind.OFFER)
    assert len(list(read_items(frames, lambda *_which: former, spend=frames.spend))) == 100


def test_an_exchange_begins_with_its_opening() -> None:
    with pytest.raises(BadRequest):
        read_opening(frames_of([sent()]), Kind.ANSWER)
    with pytest.raises(BadRequest):
        read_opening(frames_of([]), Kind.OFFER)


def test_a_record_told_against_a_version_that_is_held_is_small_and_arrives_whole() -> None:
    chance = random.Random(3)
    events = [{"note": f"{chance.getrandbits(300):x}"} for _ in range(20)]
    former = replace(doc("case:1", "2-b", "1-a"), body=dump({"events": events, "state": {"status": "received"}}))
    newer = replace(
        doc("case:1", "4-d", "3-c", "2-b", "1-a"), body=dump({"events": events, "state": {"status": "accepted"}})
    )
    whole, told = sent([Told("a", newer)]), sent([Told("a", newer, base=(former.revision, former.body))])
    assert len(told) < 250 < len(whole)

    def held(name: str, doc_id: str, revision: Revision) -> Document | None:
        return former if (name, doc_id, revision) == ("a", "case:1", former.revision) else None

    frames = frames_of([told])
    read_opening(frames, Kind.OFFER)
    assert list(read_items(frames, held)) == [Told("a", newer)]
    frames = frames_of([told])
    read_opening(frames, Kind.OFFER)
    (garbled,) = read_items(frames, nothing_held)
    assert isinstance(garbled, Garbled)
    assert garbled.is_last
