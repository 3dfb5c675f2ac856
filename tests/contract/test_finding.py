"""Finding by selector: the same documents in the same order on every engine, with an index and without."""

from collections.abc import Iterator

import pytest

from sync.database import Database
from sync.mango.design import ensure_index, indexes_of, remove_index
from sync.values.json_text import parse_object
from sync.values.queries import Found, Index, Query
from sync.wire.problems import BadQuery, problem_of
from tests.contract.documents import delete, doc, edit, graft, put, written

NO_INDEX = "No matching index found, create an index to optimize query time."
BY_X = Index("_design/by", "x", ("x",))
BY_XY = Index("_design/by-two", "xy", ("x", "y"))


def fill(db: Database, values: dict[str, object]) -> None:
    written(db.write([edit(doc_id, x=value) for doc_id, value in values.items()]))


def found_ids(found: Found) -> list[str]:
    return [parse_object(text)["_id"] for text in found.documents]


def ask(db: Database, selector: dict, **options: object) -> list[str]:
    return found_ids(db.find(Query(selector, **{"limit": 1000, **options})))  # type: ignore[arg-type]


def pages(db: Database, query: Query) -> Iterator[list[str]]:
    found = db.find(query)
    while found.documents:
        yield found_ids(found)
        found = db.find(
            Query(**{name: getattr(query, name) for name in query.__struct_fields__} | {"bookmark": found.bookmark})
        )


# One of each kind and some that are easily mixed up; ids are in an order of their own.
MIXED: dict[str, object] = {
    "m01": {"b": 2, "c": 2}, "m02": {"b": 2}, "m03": {"a": 1}, "m04": {}, "m05": ["b", "c"], "m06": ["a"], "m07": [],
    "m08": "驿站", "m09": "b", "m10": "B", "m11": "a", "m12": "A", "m13": "aa", "m14": "á", "m15": "10", "m16": "9",
    "m17": "_", "m18": "", "m19": 1e300, "m20": 2**53 - 1, "m21": 10, "m22": 9, "m23": 1, "m24": 0, "m25": -1.5,
    "m26": True, "m27": False, "m28": None, "m29": "a b", "m30": "（", "m31": [None], "m32": [True], "m33": [1],
}  # fmt: skip
IN_ORDER = [
    "m28", "m27", "m26", "m25", "m24", "m23", "m22", "m21", "m20", "m19", "m18", "m17", "m30", "m15", "m16", "m11",
    "m12", "m14", "m29", "m13", "m09", "m10", "m08", "m07", "m31", "m32", "m33", "m06", "m05", "m04", "m03", "m02",
    "m01",
]  # fmt: skip


def test_rows_of_mixed_types_stand_in_couchdbs_collation(db: Database) -> None:
    fill(db, MIXED)
    put(db, "m99", y=1)  # has no x, so it has no place in the index
    ensure_index(db, BY_X)
    assert ask(db, {"x": {"$exists": True}}, sort=("x",)) == IN_ORDER
    assert ask(db, {"x": {"$exists": True}}, sort=("x",), descending=True) == IN_ORDER[::-1]


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"$eq": True}, "m26"),
        ({"$eq": 1}, "m23"),
        ({"$eq": None}, "m28"),
        ({"$eq": "a"}, "m11"),
        ({"$eq": []}, "m07"),
        ({"$eq": {"b": 2}}, "m02"),
        ({"$lt": 0}, "m25 m26 m27 m28"),
        ({"$lte": False}, "m27 m28"),
        ({"$gt": 10, "$lt": "A"}, "m11 m15 m16 m17 m18 m19 m20 m30"),
        ({"$gte": "b", "$lte": []}, "m07 m08 m09 m10"),
        ({"$gt": [1]}, "m01 m02 m03 m04 m05 m06"),
        ({"$gt": {"a": 1}}, "m01 m02"),
        ({"$beginsWith": "a"}, "m11 m13 m29"),
        ({"$in": [1, True, "9"]}, "m16 m23 m26 m32 m33"),
        ({"$ne": 1, "$type": "number"}, "m19 m20 m21 m22 m24 m25"),
        ({"$gt": 5, "$lt": 3}, ""),
        ({"$regex": "^[aA]"}, "m11 m12 m13 m29"),
        ({"$elemMatch": {"$eq": 1}}, "m33"),
    ],
)
def test_a_condition_finds_the_same_with_an_index_and_without(
    db: Database, indexed: bool, condition: dict, expected: str
) -> None:
    fill(db, MIXED)
    if indexed:
        ensure_index(db, BY_X)
    assert sorted(ask(db, {"x": condition})) == expected.split()


def test_what_was_written_before_the_question_is_in_the_answer(db: Database) -> None:
    ensure_index(db, BY_X)
    first = put(db, "a", x=1)
    put(db, "b", x=2)
    assert ask(db, {"x": {"$gt": 0}}) == ["a", "b"]
    second = put(db, "a", first, x=3)
    assert ask(db, {"x": {"$gt": 0}}) == ["b", "a"]
    put(db, "b2", x=2)
    assert ask(db, {"x": 2}) == ["b", "b2"]
    delete(db, "a", second)
    assert ask(db, {"x": {"$gt": 0}}) == ["b", "b2"]


def test_of_a_conflict_the_winner_is_found_and_the_others_are_told(db: Database) -> None:
    ensure_index(db, BY_X)
    graft(db, doc("c", "2-b", "1-a", x=1), doc("c", "2-a", "1-a", x=2))
    assert ask(db, {"x": 2}) == []
    found = db.find(Query({"x": 1}, conflicts=True))
    assert parse_object(found.documents[0])["_conflicts"] == ["2-a"]


def test_documents_in_conflict_are_found_with_an_index_of_them_as_without(db: Database) -> None:
    in_conflict = {"_conflicts": {"$exists": True}}
    graft(db, doc("c", "2-b", "1-a", x=1), doc("c", "2-a", "1-a", x=2), doc("d", "1-a", x=1))
    assert ask(db, in_conflict, conflicts=True) == ["c"]
    ensure_index(db, Index("_design/by", "conflicts", ("_conflicts",)))
    ensure_index(db, Index("_design/part", "part", ("x",), in_conflict))
    found = db.find(Query(in_conflict, conflicts=True))
    assert (found_ids(found), found.warning, found.examined.documents) == (["c"], "", 1)
    assert ask(db, in_conflict) == []
    named = {"conflicts": True, "use_index": ("part",)}
    assert ask(db, {"x": {"$gt": 0}, **in_conflict}, **named) == ["c"]
    graft(db, doc("c", "3-a", "2-a", "1-a", deleted=True), doc("d", "1-b", x=3))
    assert ask(db, in_conflict, conflicts=True) == ["d"]
    assert ask(db, {"x": {"$gt": 0}, **in_conflict}, **named) == ["d"]


def test_an_index_of_two_fields_serves_ranges_and_sorts(db: Database) -> None:
    ensure_index(db, BY_XY)
    written(db.write([edit(f"{x}{y}", x=x, y=y) for x in "ab" for y in (3, 1, 2)]))
    assert ask(db, {"x": "a", "y": {"$gte": 2}}) == ["a2", "a3"]
    assert ask(db, {"x": "a", "y": {"$gt": None}}, sort=("y",), descending=True) == ["a3", "a2", "a1"]
    assert ask(db, {"x": {"$gt": None}}, sort=("x", "y")) == ["a1", "a2", "a3", "b1", "b2", "b3"]


def test_a_partial_index_holds_what_fits_it_and_serves_only_by_name(db: Database) -> None:
    ensure_index(db, Index("_design/open", "open", ("x",), {"status": "open"}))
    written(db.write([edit("a", x=1, status="open"), edit("b", x=2, status="done"), edit("c", x=3)]))
    assert db.find(Query({"x": {"$gt": 0}})).warning == NO_INDEX
    named = db.find(Query({"x": {"$gt": 0}}, use_index=("open",)))
    assert (found_ids(named), named.warning) == (["a"], "")
    assert named.examined.documents == 1


def test_a_bookmark_leads_through_all_pages_and_each_document_once(db: Database) -> None:
    fill(db, {f"d{number:02}": number // 4 for number in range(23)})
    for query in (
        Query({"_id": {"$gt": None}}, limit=5),
        Query({"_id": {"$gt": None}}, limit=5, sort=("_id",), descending=True),
    ):
        assert [len(page) for page in pages(db, query)] == [5, 5, 5, 5, 3]
    ensure_index(db, BY_X)
    everything = [doc_id for page in pages(db, Query({"x": {"$gte": 0}}, limit=5)) for doc_id in page]
    assert everything == [f"d{number:02}" for number in range(23)]
    backwards = Query({"x": {"$gte": 0}}, limit=5, sort=("x",), descending=True)
    assert [doc_id for page in pages(db, backwards) for doc_id in page] == everything[::-1]


def test_limit_and_skip_count_what_fits(db: Database) -> None:
    fill(db, {f"d{number}": number for number in range(8)})
    assert ask(db, {"x": {"$gt": 1}}, limit=3, skip=2) == ["d4", "d5", "d6"]
    assert ask(db, {"x": {"$gt": 1}}, limit=0) == []
    assert len(db.find(Query({})).documents) == 8


def test_the_default_is_twenty_five(db: Database) -> None:
    fill(db, {f"d{number:02}": number for number in range(30)})
    assert len(db.find(Query({})).documents) == 25


def test_only_the_fields_asked_for_are_given(db: Database) -> None:
    written(db.write([edit("a", x={"b": 1, "c": 2}, n=None, l=[5])]))
    found = db.find(Query({"_id": "a"}, fields=("_id", "x.b", "n", "missing")))
    assert parse_object(found.documents[0]) == {"_id": "a", "x": {"b": 1}, "n": None}


def test_an_index_reads_few_rows_and_a_scan_says_that_it_does_not(db: Database) -> None:
    fill(db, {f"d{number:03}": number for number in range(200)})
    scanned = db.find(Query({"x": 150}))
    assert scanned.examined.documents == 200
    assert scanned.warning.startswith(NO_INDEX)
    assert "Consider adding a more specific index" in scanned.warning
    ensure_index(db, BY_X)
    indexed = db.find(Query({"x": 150}))
    assert (indexed.examined.keys, indexed.examined.documents, indexed.warning) == (1, 1, "")


def test_an_index_that_is_gone_serves_nobody(db: Database) -> None:
    ensure_index(db, BY_X)
    fill(db, {"a": 1})
    assert not db.find(Query({"x": 1})).warning
    remove_index(db, BY_X)
    assert indexes_of(db) == []
    assert db.find(Query({"x": 1})).warning == NO_INDEX
    with pytest.raises(BadQuery):
        db.find(Query({"x": 1}, sort=("x",)))


def test_an_index_declared_twice_is_there_once_and_reads_back_as_it_was_declared(db: Database) -> None:
    partial = Index("_design/open", "open", ("x", "y.z"), {"status": {"$eq": "open"}})
    assert ensure_index(db, partial)
    assert not ensure_index(db, partial)
    assert ensure_index(db, BY_X)
    assert indexes_of(db) == [BY_X, partial]


@pytest.mark.parametrize(
    ("query", "word", "reason"),
    [
        (
            Query({"x": 1}, sort=("x",)),
            "no_usable_index",
            "No index exists for this sort, try indexing by the sort fields.",
        ),
        (Query({"x": {"$in": 1}}), "bad_arg", "Bad argument for operator $in: 1"),
        (Query({"x": 1}, bookmark="xyz"), "invalid_bookmark", 'Invalid bookmark value: "xyz"'),
        (
            Query({"x": 1}, use_index=("no", "n"), allow_fallback=False),
            "invalid_index",
            "_design/no, n specified by `use_index` could not be found or it is not suitable.",
        ),
    ],
)
def test_a_bad_question_is_refused_in_couchdbs_words(db: Database, query: Query, word: str, reason: str) -> None:
    with pytest.raises(BadQuery) as caught:
        db.find(query)
    assert problem_of(caught.value) == {"error": word, "reason": reason}


@pytest.mark.parametrize(
    ("use_index", "warning"),
    [
        (("no",), "_design/no was not used because it does not contain a valid index for this query."),
        (("no", "n"), "_design/no, n was not used because it is not a valid index for this query."),
    ],
)
def test_an_index_asked_for_in_vain_is_told(db: Database, use_index: tuple[str, ...], warning: str) -> None:
    ensure_index(db, BY_X)
    assert db.find(Query({"x": 1}, use_index=use_index)).warning == warning


def test_design_documents_are_not_found(db: Database) -> None:
    ensure_index(db, BY_X)
    put(db, "a", x=1)
    assert ask(db, {}) == ["a"]
    assert ask(db, {"_id": {"$gt": None}}) == ["a"]
    assert ask(db, {"language": "query"}) == []


def test_ids_are_ranges_of_their_own(db: Database) -> None:
    fill(db, {"a": 1, "B": 2, "c": 3, "007": 4})
    assert ask(db, {"_id": {"$gt": "B"}}) == ["a", "c"]
    assert ask(db, {"_id": {"$lt": "a"}}, sort=("_id",), descending=True) == ["B", "007"]
    assert ask(db, {"_id": "007"}) == ["007"]
    assert ask(db, {"_id": {"$gt": ["x"]}}) == ["007", "B", "a", "c"]
    assert ask(db, {"_id": {"$lt": ["x"]}}) == []
    assert ask(db, {"_id": {"$lt": 5}}) == []
