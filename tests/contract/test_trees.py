"""Revision trees grow by what replicas bring, to the same tree on every replica and in every order."""

from itertools import permutations

import pytest

from sync.errors import BadRequest
from sync.revisions.tree import Branch
from sync.values.documents import Document, Wanted
from tests.contract.documents import doc, graft, put, read, rev, written

# 1-a ── 2-b ── 3-c        a live branch, a shorter one, a dead one, and a second root
#     ├─ 2-x ── 3-y (deleted)
#     └─ 2-m
# 1-q
COPIES = (
    doc("d", "3-c", "2-b", "1-a", at="3-c"),
    doc("d", "3-y", "2-x", "1-a", deleted=True, at="3-y"),
    doc("d", "2-m", "1-a", at="2-m"),
    doc("d", "1-q", at="1-q"),
)
LEAVES = tuple(rev(text) for text in ("3-c", "2-m", "1-q", "3-y"))


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_the_order_of_arrival_makes_no_difference(db, order):
    for index in order:
        graft(db, COPIES[index])
    assert db.tree("d").leaves() == LEAVES
    assert read(db, "d")[0].fields() == {"at": "3-c"}


def test_one_batch_ends_as_many_do(db, other_db):
    graft(db, *COPIES)
    for copy in reversed(COPIES):
        graft(other_db, copy)
    assert db.tree("d") == other_db.tree("d")


def test_grafting_is_idempotent_and_moves_no_sequence(db):
    graft(db, *COPIES)
    before, seq = (_counts(db), db.tree("d")), db.info().update_seq
    graft(db, *reversed(COPIES))
    graft(db, COPIES[0], COPIES[0])
    assert (_counts(db), db.tree("d")) == before
    # A cluster spells one position in several ways, so two spellings are not compared.
    assert db.changes(seq).results == ()


def test_an_ancestor_that_comes_late_is_known_already(db):
    graft(db, doc("d", "3-c", "2-b", "1-a"))
    graft(db, doc("d", "1-a"), doc("d", "2-b", "1-a"))
    assert db.tree("d").leaves() == (rev("3-c"),)


def test_an_ancestor_that_comes_late_moves_no_sequence(engine, db):
    engine.needs("noted ancestors")
    graft(db, doc("d", "3-c", "2-b", "1-a"))
    seq = db.info().update_seq
    graft(db, doc("d", "1-a"), doc("d", "2-b", "1-a"))
    assert db.info().update_seq == seq


def test_a_leaf_grows_whatever_gap_lies_between(db):
    graft(db, doc("d", "1-a"))
    graft(db, doc("d", "5-e", "4-d", "3-c", "2-b", "1-a", at=5))
    assert db.tree("d").leaves() == (rev("5-e"),)
    assert read(db, "d")[0].fields() == {"at": 5}


def test_a_path_that_meets_the_tree_nowhere_stands_beside_it(db):
    graft(db, doc("d", "2-b", "1-a"), doc("d", "9-z", "8-y"))
    assert db.tree("d").leaves() == (rev("9-z"), rev("2-b"))


def test_a_live_leaf_wins_over_a_longer_dead_one(db):
    graft(db, doc("d", "9-z", "8-y", deleted=True), doc("d", "1-a", at=1))
    assert read(db, "d")[0].fields() == {"at": 1}
    assert not db.tree("d").deleted


def test_among_equal_generations_the_greater_digest_wins(db):
    graft(db, doc("d", "2-b", "1-a"), doc("d", "2-f", "1-a"), doc("d", "2-c", "1-a"))
    assert db.tree("d").leaves() == (rev("2-f"), rev("2-c"), rev("2-b"))


def test_generations_are_compared_as_numbers(db):
    graft(db, doc("d", "9-z"), doc("d", "10-a"))
    assert db.tree("d").winner.leaf == rev("10-a")


def test_two_replicas_that_edit_apart_end_with_the_same_winner(db, other_db):
    first = put(db, "d", n=0)
    graft(other_db, *db.read(_all("d")))
    put(db, "d", first, n="here")
    put(other_db, "d", first, n="there")
    graft(other_db, *db.read(_all("d")))
    graft(db, *other_db.read(_all("d")))
    assert db.tree("d") == other_db.tree("d")
    assert len(db.tree("d").conflicts()) == 1
    assert read(db, "d") == read(other_db, "d")


def test_the_same_edit_made_apart_is_no_conflict(db, other_db):
    first = put(db, "d", n=0)
    graft(other_db, *db.read(_all("d")))
    put(db, "d", first, n="same")
    put(other_db, "d", first, n="same")
    graft(other_db, *db.read(_all("d")))
    assert other_db.tree("d").conflicts() == ()


def test_an_edit_after_a_graft_builds_on_the_replicas_revision(db):
    graft(db, doc("d", "4-d", "3-c"))
    fifth = put(db, "d", rev("4-d"), n=5)
    assert fifth.generation == 5
    assert list(db.tree("d").winner.revisions()) == [fifth, rev("4-d"), rev("3-c")]


def test_old_revisions_are_forgotten_beyond_the_limit(engine, db):
    engine.needs("no revs limit")
    assert db.revs_limit() == 1000
    db.set_revs_limit(3)
    parent = None
    for n in range(6):
        parent = put(db, "d", parent, n=n)
    assert len(db.tree("d").winner.digests) == 3
    assert db.revs_limit() == 3
    with pytest.raises(BadRequest):
        db.set_revs_limit(0)


def test_a_thousand_revisions_are_remembered_by_default(db):
    generations = range(1005, 0, -1)
    path = Branch(1005, tuple(f"{generation:032x}" for generation in generations))
    written(db.graft([Document("d", path, b"{}")]))
    assert len(db.tree("d").winner.digests) == 1000
    assert db.tree("d").winner.leaf == path.leaf


def test_a_path_longer_than_its_generation_is_refused(engine, db):
    engine.needs("whole batches")
    outcomes = db.graft([doc("d", "2-c", "1-b"), Document("e", Branch(1, ("b", "a")), b"{}")])
    assert outcomes[0].error is None
    assert isinstance(outcomes[1].error, BadRequest)
    assert db.tree("e") is None


def _counts(db):
    info = db.info()
    return info.update_seq, info.doc_count, info.doc_del_count


def _all(doc_id):
    return [Wanted(doc_id, ())]
