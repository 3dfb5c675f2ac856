"""What is heard is on disk before a mark is given, and one document refused delays nothing."""

import pytest

from sync.errors import Forbidden, LinkDown
from sync.replication.hearing import Heard, hear
from sync.store.memory import MemoryDatabases
from sync.values.conversation import Garbled, Mark, SetAside, Told
from sync.values.documents import Outcome
from tests.contract.documents import doc, ids_changed, rev


@pytest.fixture
def databases() -> MemoryDatabases:
    made = MemoryDatabases()
    for name in ("a", "b"):
        made.create(name)
    return made


def unexpected(garbled: Garbled) -> None:
    raise AssertionError(garbled)


def told(name: str, doc_id: str) -> Told:
    return Told(name, doc(doc_id, "1-a"))


def test_a_mark_is_given_once_everything_before_it_is_written(databases: MemoryDatabases) -> None:
    items = [told("a", "one"), Mark("a", "1"), told("b", "two"), told("a", "three"), Mark("a", "3"), Mark("b", "9")]
    seen = []
    heard = Heard()
    for mark in hear(items, heard, open_database=databases.open, keep_garbled=unexpected):
        seen.append((mark.name, mark.position, ids_changed(databases.open("a")), ids_changed(databases.open("b"))))
    assert seen == [
        ("a", "1", ["one"], []),
        ("a", "3", ["one", "three"], ["two"]),
        ("b", "9", ["one", "three"], ["two"]),
    ]
    assert (heard.written, heard.taken) == (3, {"a": "3", "b": "9"})
    assert ("b", "two", rev("1-a")) in heard.known


def test_what_was_told_before_the_link_broke_and_not_marked_is_not_counted_as_taken(
    databases: MemoryDatabases,
) -> None:
    def broken():
        yield told("a", "one")
        yield Mark("a", "1")
        yield told("a", "two")
        raise LinkDown("cut")

    heard = Heard()
    with pytest.raises(LinkDown):
        list(hear(broken(), heard, open_database=databases.open, keep_garbled=unexpected))
    assert heard.taken == {"a": "1"}
    assert ids_changed(databases.open("a")) == ["one", "two"]


def test_a_position_waits_for_what_comes_right_behind_it_and_for_nothing_that_comes_slowly(
    databases: MemoryDatabases,
) -> None:
    now, written = 0.0, []

    def slowly():
        nonlocal now
        for number, seconds in enumerate((0.01, 0.01, 1.0, 0.01)):
            yield told("a", f"d{number}")
            now += seconds
            yield Mark("a", str(number))

    for mark in hear(slowly(), Heard(), open_database=databases.open, keep_garbled=unexpected, clock=lambda: now):
        written.append((mark.position, len(ids_changed(databases.open("a")))))
    assert written == [("0", 3), ("1", 3), ("2", 3), ("3", 4)]


def test_what_is_refused_is_told_with_its_reason_and_the_mark_passes_it(databases: MemoryDatabases) -> None:
    class Guarded:
        def graft(self, documents):
            return [
                Outcome(each.id, each.revision, Forbidden("not yours") if each.id == "bad" else None)
                for each in documents
            ]

    heard = Heard()
    items = [told("a", "good"), told("a", "bad"), Mark("a", "2")]
    assert list(hear(items, heard, open_database=lambda name: Guarded(), keep_garbled=unexpected)) == [Mark("a", "2")]
    assert heard.set_aside == [SetAside("a", "bad", rev("1-a"), "not yours")]
    assert heard.written == 1


def test_many_documents_without_a_mark_are_written_before_memory_fills(databases: MemoryDatabases) -> None:
    sizes = []

    class Counting:
        def graft(self, documents):
            sizes.append(len(documents))
            return databases.open("a").graft(documents)

    items = [told("a", f"d{number}") for number in range(1000)]
    assert list(hear(items, Heard(), open_database=lambda name: Counting(), keep_garbled=unexpected)) == []
    assert sum(sizes) == 1000
    assert max(sizes) <= 200


def test_of_however_many_are_told_no_more_names_are_remembered_than_an_exchange_has() -> None:
    class Taking:
        def graft(self, documents):
            return [Outcome(one.id, one.revision) for one in documents]

    heard = Heard()
    items = (told("a", f"d{number}") for number in range(30_000))
    assert list(hear(items, heard, open_database=lambda name: Taking(), keep_garbled=unexpected)) == []
    assert (heard.written, len(heard.known)) == (30_000, 20_000)


def test_what_cannot_be_read_is_kept_and_delays_nothing_unless_others_speak_of_it(databases: MemoryDatabases) -> None:
    kept: list[Garbled] = []
    bad, worse = Garbled("a", b"?", "no document"), Garbled("a", b"!", "no record", is_last=True)
    heard = Heard()
    items = [told("a", "one"), bad, told("a", "two"), Mark("a", "2"), told("a", "three"), worse]
    marks = list(hear(items, heard, open_database=databases.open, keep_garbled=kept.append))
    assert (marks, kept, heard.unread) == ([Mark("a", "2")], [bad], {"a"})
    assert heard.taken == {"a": "2"}
    assert ids_changed(databases.open("a")) == ["one", "two", "three"]
