"""Forgetting revisions for good: leaves and the paths that end in them, never what others stand on."""

import pytest

from sync.errors import BadRequest
from sync.values.changes import START, Purged
from sync.values.documents import Absent, Wanted
from tests.contract.documents import doc, edit, file, graft, put, read, rev, stub, written


@pytest.fixture(autouse=True)
def _able(engine):
    engine.needs("no purge")


def _branched(db):
    """3-c (the winner) and 2-x, both grown from 1-a."""
    graft(db, doc("a", "3-c", "2-b", "1-a", n="c"), doc("a", "2-x", "1-a", n="x"))


def test_a_document_whose_only_leaf_is_purged_is_as_if_it_had_never_been(db):
    revision = put(db, "a", put(db, "a", n=1), n=2)
    put(db, "b")
    before = db.info().update_seq
    assert db.purge({"a": [revision]}) == {"a": (revision,)}
    assert db.tree("a") is None
    assert list(db.read([Wanted("a")])) == [Absent("a", None, "missing")]
    assert [change.id for change in db.changes(START).results] == ["b"]
    assert db.missing({"a": [revision]})["a"].revisions == (revision,)
    assert db.info().doc_count == 1
    assert db.info().update_seq != before
    assert db.changes(before).results == ()
    assert db.changes(before).last_seq == db.info().update_seq


def test_what_is_no_leaf_or_not_here_is_passed_over(db):
    first = put(db, "a", n=1)
    second = put(db, "a", first, n=2)
    told = db.purge({"a": [first, rev("2-ff")], "nobody": [rev("1-a")]})
    assert told == {"a": (), "nobody": ()}
    assert read(db, "a")[0].revision == second
    assert db.missing({"a": [first]}) == {}


def test_purging_the_winner_lets_the_next_leaf_win_and_tells_whoever_follows(db):
    _branched(db)
    before = db.info().update_seq
    assert db.purge({"a": [rev("3-c")]}) == {"a": (rev("3-c"),)}
    assert read(db, "a")[0].fields() == {"n": "x"}
    assert db.tree("a").leaves() == (rev("2-x"),)
    (change,) = db.changes(before).results
    assert change.leaves == (rev("2-x"),)
    missing = db.missing({"a": [rev("1-a"), rev("2-b"), rev("3-c")]})
    assert missing["a"].revisions == (rev("2-b"), rev("3-c"))


def test_purging_a_conflict_leaves_the_winner_and_the_ancestors_it_shares(db):
    _branched(db)
    db.purge({"a": [rev("2-x"), rev("2-x")]})
    assert read(db, "a")[0].fields() == {"n": "c"}
    assert db.missing({"a": [rev("1-a"), rev("2-b"), rev("3-c")]}) == {}


def test_purging_the_live_leaf_beside_a_tombstone_leaves_a_deleted_document(db):
    graft(db, doc("a", "2-b", "1-a"), doc("a", "2-x", "1-a", deleted=True))
    db.purge({"a": [rev("2-b")]})
    assert (db.info().doc_count, db.info().doc_del_count) == (0, 1)
    assert list(db.read([Wanted("a")])) == [Absent("a", None, "deleted")]
    db.purge({"a": [rev("2-x")]})
    assert (db.info().doc_count, db.info().doc_del_count) == (0, 0)


def test_a_file_that_a_remaining_leaf_carries_outlives_the_one_that_brought_it(db):
    first = written(db.write([edit("a", files=[file("scan", b"scan")])]))[0]
    second = written(db.write([edit("a", first, files=[stub("scan")], n=2)]))[0]
    graft(db, doc("a", "2-x", str(first), n="x"))
    db.purge({"a": [rev("2-x")]})
    assert read(db, "a", attachments=True)[0].attachments[0].data == b"scan"
    db.purge({"a": [second]})
    assert db.tree("a") is None


def test_what_was_purged_may_come_back_and_may_be_written_anew(db):
    _branched(db)
    db.purge({"a": [rev("3-c"), rev("2-x")]})
    graft(db, doc("a", "3-c", "2-b", "1-a", n="c"))
    assert read(db, "a")[0].fields() == {"n": "c"}
    db.purge({"a": [rev("3-c")]})
    assert put(db, "a", n=1).generation == 1


def test_purges_are_counted_and_remembered_as_they_were_asked(db):
    revision = put(db, "b")
    before = db.info().purge_seq
    db.purge({"b": [rev("2-z"), revision], "a": [rev("1-a")]})
    db.purge({"a": [rev("1-a")]})
    assert db.info().purge_seq != before
    assert db.purged_infos() == [Purged("a", (rev("1-a"),)), Purged("b", (revision, rev("2-z")))]


def test_no_more_purges_are_remembered_than_the_database_is_set_to(engine, db):
    assert db.purged_infos_limit() == 1000
    for limit in (0, -1):
        with pytest.raises(BadRequest, match="positive integer"):
            db.set_purged_infos_limit(limit)
    db.set_purged_infos_limit(2)
    assert db.purged_infos_limit() == 2
    db.purge({each: [rev("1-a")] for each in "abcd"})
    engine.needs("no compaction")
    db.compact()
    assert [purged.id for purged in db.purged_infos()] == ["c", "d"]


def test_a_purge_of_nothing_changes_nothing(db):
    before = db.info()
    assert db.purge({}) == {}
    assert db.info() == before
