"""Databases are made, found and destroyed by name."""

import pytest

from sync.errors import BadRequest, FileExists, NotFound
from sync.values.changes import START
from tests.contract.documents import doc, graft, put


def test_a_new_database_is_empty_and_listed(databases, db):
    assert db.name in databases.names()
    info = db.info()
    assert (info.name, info.doc_count, info.doc_del_count) == (db.name, 0, 0)
    assert db.changes(START).results == ()


def test_names_are_sorted(databases, db, other_db):
    names = list(databases.names())
    assert names == sorted(names)


def test_of_some_names_those_are_told_that_exist(databases, db, other_db, fresh_name):
    assert databases.among([db.name, fresh_name, other_db.name, "", "村站"]) == {db.name, other_db.name}
    assert databases.among([]) == frozenset()


def test_a_name_is_taken_once(databases, db):
    with pytest.raises(FileExists):
        databases.create(db.name)


def test_what_was_never_made_cannot_be_opened_or_destroyed(databases, fresh_name):
    with pytest.raises(NotFound):
        databases.open(fresh_name)
    with pytest.raises(NotFound):
        databases.destroy(fresh_name)


@pytest.mark.parametrize("name", ["Upper", "1st", "with space", "_own", "dot.dot", "ümlaut", "村站", "a" * 300])
def test_unlawful_names_are_refused(databases, name):
    with pytest.raises(BadRequest):
        databases.create(name)
    assert name not in databases.names()


def test_every_lawful_character_is_taken(databases, fresh_name):
    name = f"{fresh_name}_$()+-/9"
    databases.create(name)
    assert databases.open(name).info().name == name
    databases.destroy(name)


def test_a_destroyed_database_is_gone_for_those_who_hold_it(databases, db):
    put(db, "a")
    databases.destroy(db.name)
    assert db.name not in databases.names()
    for question in (db.info, lambda: db.changes(START), lambda: db.tree("a"), lambda: put(db, "b")):
        with pytest.raises(NotFound):
            question()


def test_a_database_made_anew_is_empty_and_known_as_another(databases, fresh_name):
    before = databases.create(fresh_name)
    put(before, "a")
    before.write_local("checkpoint", b"{}")
    born = before.info().instance_start_time
    databases.destroy(fresh_name)
    after = databases.create(fresh_name)
    assert after.info().doc_count == 0
    assert after.tree("a") is None
    assert after.read_local("checkpoint") is None
    assert (after.info().instance_start_time, "0") != (born, born)
    databases.destroy(fresh_name)


def test_databases_do_not_see_each_others_documents(db, other_db):
    put(db, "a", here=1)
    put(other_db, "b")
    assert db.tree("b") is None
    assert other_db.tree("a") is None
    assert other_db.info().doc_count == 1


def test_counts_follow_documents_through_life_death_and_conflict(db):
    graft(db, doc("a", "1-a"), doc("b", "1-a"), doc("c", "1-a", deleted=True))
    assert (db.info().doc_count, db.info().doc_del_count) == (2, 1)
    graft(db, doc("a", "2-b", "1-a", deleted=True))
    assert (db.info().doc_count, db.info().doc_del_count) == (1, 2)
    graft(db, doc("a", "1-z"))  # a live leaf beside the tombstone brings the document back
    assert (db.info().doc_count, db.info().doc_del_count) == (2, 1)
    graft(db, doc("c", "2-d", "1-a"))
    assert (db.info().doc_count, db.info().doc_del_count) == (3, 0)


def test_a_security_object_is_kept_as_it_was_given(engine, db):
    engine.needs("no security")
    assert db.security() == b"{}"
    db.set_security('{"members":{"names":["王"]}}'.encode())
    assert db.security() == '{"members":{"names":["王"]}}'.encode()
