from collections.abc import Sequence

import pytest

from sync.database import Front
from sync.errors import Conflict, NotFound
from sync.mango.asking import read_new_index, read_query, write_query
from sync.mango.design import ensure_index, indexes_of, remove_index
from sync.mango.naming import automatic_name
from sync.store.memory import MemoryDatabase, MemoryDatabases
from sync.values.documents import Document, Edit, Outcome, Wanted
from sync.values.json_text import dump, parse
from sync.values.queries import Index, Query
from sync.wire.problems import BadQuery

BY_X = Index("_design/by", "x", ("x",))


@pytest.fixture
def db() -> MemoryDatabase:
    return MemoryDatabases().create("db")


def body(db: MemoryDatabase, design: str) -> dict:
    (found,) = db.read([Wanted(design)])
    assert isinstance(found, Document)
    return found.fields()


def test_indexes_of_one_design_document_stand_side_by_side(db: MemoryDatabase) -> None:
    other = Index("_design/by", "y", ("y", "z.w"), {"y": {"$gt": 1}}, descending=True)
    assert ensure_index(db, BY_X)
    assert ensure_index(db, other)
    assert indexes_of(db) == [BY_X, other]
    assert list(body(db, "_design/by")) == ["language", "views"]
    remove_index(db, BY_X)
    assert indexes_of(db) == [other]
    remove_index(db, other)
    assert indexes_of(db) == []
    assert db.look_up(["_design/by"]).rows[0].deleted


def test_what_else_stands_in_the_design_document_stays(db: MemoryDatabase) -> None:
    db.write([Edit("_design/by", None, b'{"language":"query","note":"ours"}')])
    ensure_index(db, BY_X)
    remove_index(db, BY_X)
    assert body(db, "_design/by") == {"language": "query", "note": "ours"}


def test_a_definition_that_changed_replaces_the_one_of_that_name(db: MemoryDatabase) -> None:
    ensure_index(db, BY_X)
    changed = Index("_design/by", "x", ("x", "y"))
    assert ensure_index(db, changed)
    assert indexes_of(db) == [changed]


def test_an_index_that_is_not_there_cannot_be_removed(db: MemoryDatabase) -> None:
    with pytest.raises(NotFound):
        remove_index(db, BY_X)


def test_whoever_comes_second_looks_again(db: MemoryDatabase) -> None:
    class Hurried(Front):
        """Somebody else writes the design document in between, as often as `times` says."""

        times = 1

        def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
            if self.times:
                self.times -= 1
                known = db.look_up(["_design/by"]).rows[0].revision
                db.write([Edit("_design/by", known, dump({"language": "query", "n": self.times}))])
            return db.write(edits)

    hurried = Hurried(db)
    assert ensure_index(hurried, BY_X)
    assert indexes_of(db) == [BY_X]
    hurried.times = 100
    with pytest.raises(Conflict):
        ensure_index(hurried, Index("_design/by", "y", ("y",)))


def test_a_declaration_with_a_bad_selector_is_refused_and_nothing_written(db: MemoryDatabase) -> None:
    with pytest.raises(BadQuery):
        ensure_index(db, Index("_design/by", "x", ("x",), {"x": {"$odd": 1}}))
    assert indexes_of(db) == []


@pytest.mark.parametrize(
    ("definition", "name", "digest"),
    [
        ({"fields": ["x"]}, None, "b0d86627ec4e730b1cf5f3e591d25c2e542c1a08"),
        ({"fields": []}, "foo", "56146a229860f57b3ca6bb636198b447eaf860e7"),
        (
            {"fields": ["x"], "partial_filter_selector": {"a": {"$gt": 1}, "b.c": 2}},
            "partial",
            "0390c5a3232d1c8f9c13ddd32745a01a0b304af7",
        ),
    ],
)
def test_an_anonymous_index_gets_the_name_couchdb_gave_it(definition: dict, name: str | None, digest: str) -> None:
    assert automatic_name(definition, design=None, name=name, partitioned=None, quorum=2) == digest


def test_whatever_json_holds_can_be_part_of_a_name() -> None:
    values = [None, True, -1, 300, -(2**40), 2**64 - 1, 1.5, "站", [1, 2], [1, 300], [], {"a": [{}]}]
    names = {automatic_name({"v": value}, design=None, name=None, partitioned=None, quorum=2) for value in values}
    assert len(names) == len(values)


def test_a_query_reads_back_as_it_was_written() -> None:
    query = Query(
        {"a": 1}, limit=3, skip=1, sort=("a", "b"), descending=True, fields=("a",), use_index=("d", "n"),
        allow_fallback=False, bookmark="AQ", update=False, conflicts=True,
    )  # fmt: skip
    assert read_query(parse(dump(write_query(query))))[0] == query
    assert read_query(parse(dump(write_query(Query({})))))[0] == Query({})


def test_a_design_document_is_named_with_its_prefix_or_without() -> None:
    for name in ("by", "_design/by"):
        new = read_new_index({"index": {"fields": ["x"]}, "ddoc": name, "name": "x"})
        assert new.index == BY_X
