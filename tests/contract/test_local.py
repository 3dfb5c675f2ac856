"""Local documents: kept by name, replaced whole, in no feed and in no listing."""

import pytest

from sync.values.changes import START, Span


def test_a_local_document_is_kept_and_replaced(db):
    assert db.read_local("here") is None
    first = db.write_local("here", b'{"seq":1}')
    second = db.write_local("here", b'{"seq":2}')
    assert first != second
    found = db.read_local("here")
    assert (found.id, found.revision) == ("here", second)
    assert found.body == b'{"seq":2}'


def test_local_revisions_count_up_from_one(db):
    assert str(db.write_local("here", b"{}")) == "0-1"
    assert str(db.write_local("here", b"{}")) == "0-2"


def test_a_local_document_can_be_removed_once(db):
    db.write_local("here", b"{}")
    assert db.delete_local("here") is True
    assert db.delete_local("here") is False
    assert db.read_local("here") is None


def test_local_documents_appear_nowhere_else(db):
    before = db.info()
    db.write_local("here", b"{}")
    assert db.changes(START).results == ()
    assert db.list(Span()).rows == ()
    assert db.tree("_local/here") is None
    assert (db.info().doc_count, db.info().update_seq) == (before.doc_count, before.update_seq)


def test_local_ids_are_text_of_each_database_alone(db, other_db):
    db.write_local("007", b'{"n":1}')
    db.write_local("7", b'{"n":2}')
    assert db.read_local("007").body == b'{"n":1}'
    assert other_db.read_local("007") is None


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(), ["1e5", "a", "b", "村"]),
        (Span(descending=True), ["村", "b", "a", "1e5"]),
        (Span(start="a", end="b"), ["a", "b"]),
        (Span(start="a", end="b", inclusive_end=False), ["a"]),
        (Span(start="b", end="a", descending=True), ["b", "a"]),
        (Span(skip=1, limit=2), ["a", "b"]),
        (Span(limit=0), []),
        (Span(start="z"), ["村"]),
    ],
    ids=str,
)
def test_local_documents_are_listed_in_the_order_of_their_bytes(db, span, expected):
    for local_id in ("村", "b", "1e5", "a"):
        db.write_local(local_id, b'{"n":1}')
    found = db.list_local(span)
    assert [each.id for each in found] == expected
    assert all((str(each.revision), each.body) == ("0-1", b'{"n":1}') for each in found)
