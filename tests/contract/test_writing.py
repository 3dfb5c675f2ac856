"""Edits: CouchDB's rules about parents, and what an edit's revision is made of."""

import pytest

from sync.errors import BadRequest, Conflict
from sync.values.documents import Edit, Outcome
from tests.contract.documents import delete, doc, edit, graft, put, read, rev, written


def _refused(outcome: Outcome) -> type:
    assert outcome.revision is None
    return type(outcome.error)


def test_a_new_document_begins_at_generation_one(db):
    revision = put(db, "a", name="王")
    assert revision.generation == 1
    (found,) = read(db, "a")
    assert found.revision == revision
    assert found.fields() == {"name": "王"}


def test_an_edit_extends_the_leaf_it_names(db):
    first = put(db, "a", n=1)
    second = put(db, "a", first, n=2)
    assert second.generation == 2
    (found,) = read(db, "a")
    assert list(found.path.revisions()) == [second, first]
    assert found.fields() == {"n": 2}


def test_a_second_first_revision_is_a_conflict_and_changes_nothing(db):
    first = put(db, "a", n=1)
    seq = db.info().update_seq
    assert _refused(db.write([edit("a", n=2)])[0]) is Conflict
    assert _refused(db.write([edit("a", n=1)])[0]) is Conflict
    assert db.tree("a").leaves() == (first,)
    assert db.info().update_seq == seq


def test_an_edit_of_what_is_no_leaf_is_a_conflict(db):
    first = put(db, "a", n=1)
    put(db, "a", first, n=2)
    assert _refused(db.write([edit("a", first, n=3)])[0]) is Conflict
    assert _refused(db.write([edit("a", rev("7-unheard"), n=3)])[0]) is Conflict


def test_an_edit_that_names_a_parent_of_an_unknown_document_is_a_conflict(db):
    assert _refused(db.write([edit("a", rev("1-a"))])[0]) is Conflict
    assert db.tree("a") is None


def test_a_deletion_leaves_a_tombstone(db):
    first = put(db, "a", n=1)
    gone = delete(db, "a", first)
    assert gone.generation == 2
    (found,) = read(db, "a")
    assert (found.revision, found.reason) == (None, "deleted")
    assert db.tree("a").deleted
    (tombstone,) = read(db, "a", str(gone))
    assert tombstone.deleted
    assert tombstone.revision == gone


def test_a_deleted_document_is_revived_on_top_of_its_tombstone(db):
    gone = delete(db, "a", put(db, "a", n=1))
    again = put(db, "a", n=2)
    assert again.generation == 3
    (found,) = read(db, "a")
    assert list(found.path.revisions())[1] == gone
    assert not db.tree("a").deleted


def test_the_tombstone_below_a_revived_document_is_still_a_tombstone(db):
    gone = delete(db, "a", put(db, "a", n=1))
    put(db, "a", n=2)
    (tombstone,) = read(db, "a", str(gone))
    assert tombstone.deleted


def test_a_tombstone_can_be_edited_by_name(engine, db):
    engine.needs("tombstones unnamed")
    gone = delete(db, "a", put(db, "a", n=1))
    again = put(db, "a", gone, n=2)
    assert again.generation == 3


def test_deleting_the_deleted_without_naming_it_is_a_conflict(db):
    delete(db, "a", put(db, "a"))
    assert _refused(db.write([edit("a", deleted=True)])[0]) is Conflict


def test_a_document_may_begin_as_a_tombstone(db):
    written(db.write([edit("a", deleted=True, why="never")]))
    assert db.tree("a").deleted
    assert (db.info().doc_count, db.info().doc_del_count) == (0, 1)


def test_a_losing_leaf_may_be_edited_and_then_win(db):
    graft(db, doc("a", "2-b", "1-a"), doc("a", "2-c", "1-a"))
    third = put(db, "a", rev("2-b"), n=3)
    assert db.tree("a").leaves() == (third, rev("2-c"))


def test_deleting_the_winner_lets_the_conflict_surface(db):
    graft(db, doc("a", "2-c", "1-a", n="c"), doc("a", "2-b", "1-a", n="b"))
    delete(db, "a", rev("2-c"))
    (found,) = read(db, "a")
    assert found.revision == rev("2-b")
    assert found.fields() == {"n": "b"}
    assert db.info().doc_count == 1


def test_one_refused_edit_does_not_stop_the_batch(db):
    put(db, "b", n=1)
    outcomes = db.write([edit("a"), edit("b", n=2), edit("c")])
    assert [outcome.id for outcome in outcomes] == ["a", "b", "c"]
    assert [type(outcome.error) for outcome in outcomes] == [type(None), Conflict, type(None)]
    assert db.tree("a") is not None
    assert db.tree("c") is not None


def test_edits_of_one_document_in_one_batch_stand_in_order(db):
    outcomes = db.write([edit("a", n=1), edit("a", n=2)])
    assert outcomes[0].error is None
    assert _refused(outcomes[1]) is Conflict
    (found,) = read(db, "a")
    assert found.fields() == {"n": 1}


def test_the_same_edit_ends_in_the_same_revision_on_every_replica(db, other_db):
    path = []
    for database in (db, other_db):
        first = put(database, "a", name="李", n=1)
        second = put(database, "a", first, name="李", n=2)
        path.append((first, second, delete(database, "a", second)))
    assert path[0] == path[1]


def test_the_order_of_members_makes_no_difference_to_the_revision(engine, db, other_db):
    engine.needs("own digests")
    assert put(db, "a", x=1, y={"p": 1, "q": 2}) == put(other_db, "a", y={"q": 2, "p": 1}, x=1)


def test_different_bodies_parents_and_deletions_end_in_different_revisions(db):
    revisions = written(db.write([edit("a", n=1), edit("b", n=2), edit("c", n=1, deleted=True)]))
    assert len({revision.digest for revision in revisions}) == 3
    extended = written(db.write([edit("a", revisions[0], n=3), edit("b", revisions[1], n=3)]))
    assert extended[0] != extended[1]


def test_a_body_is_given_back_as_it_was_written(db):
    body = '{"名":"村","n":12345678901234567,"deep":[[{"x":null}]],"text":"\\"\\\\ \U00020000"}'.encode()
    written(db.write([Edit("a", None, body)]))
    (found,) = read(db, "a")
    assert found.body == body


@pytest.mark.parametrize(
    "doc_id", ["007", "7", "1e5", "100000", "0x10", "null", "石桥村/王", "a b?&#%", "é", "e\u0301"]
)
def test_ids_stay_the_text_they_are(db, doc_id):
    put(db, doc_id, n=1)
    assert [row.id for row in db.look_up([doc_id]).rows] == [doc_id]
    assert [change.id for change in db.changes("0").results] == [doc_id]
    assert read(db, doc_id)[0].id == doc_id


def test_ids_that_look_like_one_number_are_different_documents(db):
    written(db.write([edit("007"), edit("7"), edit("7.0"), edit("1e5"), edit("100000")]))
    assert db.info().doc_count == 5


def test_design_documents_are_documents(db):
    put(db, "_design/app", language="query")
    assert db.info().doc_count == 1
    assert read(db, "_design/app")[0].fields() == {"language": "query"}


def test_an_empty_id_is_refused_and_the_rest_goes_on(engine, db):
    engine.needs("whole batches")
    outcomes = db.write([edit(""), edit("a")])
    assert isinstance(outcomes[0].error, BadRequest)
    assert outcomes[1].error is None


def test_an_empty_batch_writes_nothing(db):
    seq = db.info().update_seq
    assert list(db.write([])) == []
    assert list(db.graft([])) == []
    assert db.info().update_seq == seq
