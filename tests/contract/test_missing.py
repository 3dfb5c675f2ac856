"""What a database lacks of what a replica offers (CouchDB replication protocol, 2.4.2.4.3)."""

from sync.values.changes import Missing
from tests.contract.documents import delete, doc, graft, put, rev


def test_nothing_offered_nothing_missing(db):
    assert db.missing({}) == {}


def test_of_an_unknown_document_all_is_missing(db):
    assert db.missing({"a": [rev("2-b"), rev("1-x")]})["a"].revisions == (rev("2-b"), rev("1-x"))


def test_leaves_and_ancestors_known_by_name_are_not_missing(db):
    graft(db, doc("a", "3-c", "2-b", "1-a"), doc("a", "2-x", "1-a"))
    assert db.missing({"a": [rev("3-c"), rev("1-a"), rev("2-x")]}) == {}


def test_a_tombstone_is_not_missing(db):
    gone = delete(db, "a", put(db, "a"))
    assert db.missing({"a": [gone]}) == {}


def test_only_what_is_missing_is_named_with_the_leaves_it_may_descend_from(db):
    graft(db, doc("a", "2-b", "1-a"), doc("a", "4-d", "3-d"))
    answer = db.missing({"a": [rev("2-b"), rev("3-z")], "b": [rev("1-q")]})
    assert answer["a"] == Missing((rev("3-z"),), (rev("2-b"),))
    assert answer["b"].revisions == (rev("1-q"),)


def test_the_same_digest_at_another_generation_is_another_revision(db):
    graft(db, doc("a", "1-a"))
    assert db.missing({"a": [rev("2-a")]})["a"].revisions == (rev("2-a"),)


def test_a_large_offer_is_answered_whole(db):
    graft(db, *(doc(f"{n:04}", "1-a") for n in range(0, 1200, 2)))
    answer = db.missing({f"{n:04}": [rev("1-a")] for n in range(1200)})
    assert sorted(answer) == [f"{n:04}" for n in range(1, 1200, 2)]
