"""Listing by id: spans in the order of UTF-8 bytes, both ways, and rows for ids asked for."""

import pytest

from sync.values.changes import Row, Span
from tests.contract.documents import delete, doc, graft, put, rev

IDS = ["007", "1e5", "Z", "_design/x", "a", "aa", "b", "z", "é", "中", "村", "\uffee", "\U00020000"]


@pytest.fixture
def filled(db):
    graft(db, *(doc(doc_id, "1-a") for doc_id in reversed(IDS)), doc("aaa", "1-a", deleted=True))
    return db


def _ids(listing):
    return [row.id for row in listing.rows]


def test_live_documents_stand_in_the_order_of_their_bytes(filled):
    assert sorted(IDS, key=str.encode) == IDS
    listing = filled.list(Span())
    assert _ids(listing) == IDS
    assert (listing.total, listing.offset) == (len(IDS), 0)
    assert listing.rows[0] == Row("007", rev("1-a"))


def test_and_backwards(filled):
    assert _ids(filled.list(Span(descending=True))) == IDS[::-1]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(start="a", end="b"), ["a", "aa", "b"]),
        (Span(start="a", end="b", inclusive_end=False), ["a", "aa"]),
        (Span(start="aab", end="b"), ["b"]),
        (Span(start="b", end="a"), []),
        (Span(start="b", end="a", descending=True), ["b", "aa", "a"]),
        (Span(start="b", end="a", descending=True, inclusive_end=False), ["b", "aa"]),
        (Span(start="z", limit=2), ["z", "é"]),
        (Span(start="z", skip=1, limit=2), ["é", "中"]),
        (Span(end="1e5"), ["007", "1e5"]),
        (Span(end="\U00020000", start="\uffee"), ["\uffee", "\U00020000"]),
        (Span(limit=0), []),
        (Span(skip=100), []),
        (Span(start="aaa", end="aaa"), []),
    ],
    ids=str,
)
def test_a_span_gives_what_lies_in_it(filled, span, expected):
    assert _ids(filled.list(span)) == expected


@pytest.mark.parametrize(
    ("span", "offset"),
    [
        (Span(start="a"), 4),
        (Span(start="b"), 6),  # the deleted `aaa` before it is not counted
        (Span(start="a", skip=2), 6),
        (Span(start="b", descending=True), len(IDS) - 7),
    ],
    ids=str,
)
def test_an_offset_counts_live_documents_before_the_first_row(engine, filled, span, offset):
    engine.needs("no offsets")
    assert filled.list(span).offset == offset


def test_deleted_documents_are_not_listed_and_come_back_when_revived(db):
    delete(db, "a", put(db, "a"))
    assert db.list(Span()).rows == ()
    assert db.list(Span()).total == 0
    again = put(db, "a", n=1)
    assert db.list(Span()).rows == (Row("a", again),)


def test_rows_come_for_ids_in_the_order_asked_whatever_became_of_them(db):
    graft(db, doc("a", "1-a"), doc("b", "2-b", "1-a", deleted=True))
    listing = db.look_up(["no", "b", "a", "b"])
    assert listing.rows == (
        Row("no", None),
        Row("b", rev("2-b"), deleted=True),
        Row("a", rev("1-a")),
        Row("b", rev("2-b"), deleted=True),
    )
    assert listing.total == 1


def test_a_conflict_is_listed_once_by_its_winner(db):
    graft(db, doc("a", "2-b", "1-a"), doc("a", "2-c", "1-a"))
    assert db.list(Span()).rows == (Row("a", rev("2-c")),)
