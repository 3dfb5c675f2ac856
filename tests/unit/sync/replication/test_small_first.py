"""Photos are told small before large, a newcomer overtakes at the next chunk, and a cut costs what was under way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.blobs.storing import store_bytes
from sync.errors import BadRequest
from sync.replication.hearing import Heard, hear
from sync.replication.small_first import tell_small_first
from sync.replication.stretches import Place, Position, Stretch, read_position
from sync.revisions.revision import Revision
from sync.store.memory import MemoryDatabases
from sync.values.changes import START
from sync.values.conversation import Item, Mark, Told, Untold

PLENTY = 1 << 30


def nobody_knows(name: str, doc_id: str, revision: Revision) -> bool:
    return False


def photos_of(*sizes: int, seed: int = 1):
    database = MemoryDatabases().create("blobs_a")
    chance = random.Random(seed)
    return database, [store_photo(database, size, chance) for size in sizes]


def store_photo(database, size: int, chance: random.Random) -> str:
    return store_bytes(database.graft, chance.randbytes(size), media_type="image/jpeg").root


def telling(database, since: str = START, *, most_bytes: int = PLENTY, knows=nobody_knows):
    return tell_small_first(database, since, knows=knows, most_bytes=most_bytes, pass_over=refused)


def refused(untold: Untold) -> None:
    raise AssertionError(f"{untold.id} is not too large")


def told_in(items) -> list[str]:
    return [item.document.id for item in items if isinstance(item, Told)]


def lists_in(items) -> list[str]:
    return [doc_id.removeprefix("blob:") for doc_id in told_in(items) if doc_id.startswith("blob:")]


def last_mark(items) -> str:
    return next((item.position for item in reversed(items) if isinstance(item, Mark)), START)


def everything_in(database) -> set[str]:
    return {change.id for change in database.changes(START).results}


def test_small_photos_go_first_each_with_its_list_before_its_chunks() -> None:
    database, (large, small, middle) = photos_of(120_000, 20_000, 60_000)
    items = list(telling(database))
    assert lists_in(items) == [small, middle, large]
    assert len(told_in(items)) == len(everything_in(database)) == 3 + 8 + 2 + 4
    assert items[-1] == Mark("blobs_a", database.info().update_seq)
    assert list(telling(database, last_mark(items))) == []


def test_a_small_photo_that_comes_while_a_scan_is_told_goes_on_at_the_next_chunk() -> None:
    database, (scan,) = photos_of(500_000)
    going, items, small = telling(database), [], ""
    for item in going:
        items.append(item)
        if len(items) == 12:
            small = store_photo(database, 40_000, random.Random(2))
    began = told_in(items).index(f"blob:{small}")
    before = sum(isinstance(item, Told) for item in items[:12])
    assert before <= began <= before + 1
    assert len(set(told_in(items))) == len(told_in(items)) == len(everything_in(database))
    assert lists_in(items) == [scan, small]


def test_what_goes_on_after_a_restart_needs_nothing_but_the_position() -> None:
    database, _ = photos_of(200_000)
    first = [item for item, _ in zip(telling(database), range(12), strict=False)]
    store_photo(database, 40_000, random.Random(2))
    second = [item for item, _ in zip(telling(database, last_mark(first)), range(5), strict=False)]
    rest = list(telling(database, last_mark(second)))
    marked = [*_until_the_last_mark(first), *_until_the_last_mark(second), *rest]
    assert sorted(told_in(marked)) == sorted(everything_in(database))


def _until_the_last_mark(items: list[Item]) -> list[Item]:
    return items[: 1 + max((at for at, item in enumerate(items) if isinstance(item, Mark)), default=-1)]


@given(
    sizes=st.lists(st.integers(1, 90_000), min_size=1, max_size=6),
    cuts=st.lists(st.tuples(st.integers(0, 12), st.lists(st.integers(1, 60_000), max_size=2)), max_size=8),
)
def test_whatever_comes_and_wherever_it_is_cut_all_arrives_and_what_was_taken_is_not_told_again(sizes, cuts) -> None:
    database, _ = photos_of(*sizes)
    target, chance = MemoryDatabases().create("blobs_a"), random.Random(9)
    since, arrived = START, set()
    for length, newcomers in [*cuts, (10_000, [])]:
        items = [item for item, _ in zip(telling(database, since), range(length), strict=False)]
        for size in newcomers:
            store_photo(database, size, chance)
        if length == 10_000:
            items = list(telling(database, since))
        assert not arrived.intersection(told_in(items))
        heard = Heard()
        for _ in hear(items, heard, open_database=lambda name: target, keep_garbled=lambda garbled: None):
            pass
        arrived.update(told_in(_until_the_last_mark(items)))
        since = heard.taken.get("blobs_a", since)
    assert everything_in(target) == everything_in(database)
    assert since == database.info().update_seq


@given(cut=st.integers(0, 40))
def test_of_what_is_left_the_smallest_is_told_first(cut: int) -> None:
    database, roots = photos_of(100_000, 30_000, 70_000, 1)
    sizes = dict(zip(roots, (100_000, 30_000, 70_000, 1), strict=True))
    first = [item for item, _ in zip(telling(database), range(cut), strict=False)]
    rest = list(telling(database, last_mark(first)))
    order = [sizes[root] for root in lists_in(rest)]
    assert order == sorted(order)


def test_what_the_other_knows_is_passed_over() -> None:
    database, _ = photos_of(40_000)
    items = list(telling(database, knows=lambda name, doc_id, revision: True))
    assert items == [Mark("blobs_a", database.info().update_seq)]


def test_a_limit_ends_the_telling_at_a_mark() -> None:
    database, _ = photos_of(200_000)
    items = list(telling(database, most_bytes=50_000))
    assert isinstance(items[-1], Mark)
    assert len(told_in(items)) < 6


def test_two_photos_with_a_chunk_in_common_bring_it_once() -> None:
    database = MemoryDatabases().create("blobs_a")
    head, chance = bytes(16384), random.Random(3)
    for size in (100, 200):
        store_bytes(database.graft, head + chance.randbytes(size), media_type="image/jpeg")
    told = told_in(telling(database))
    assert sorted(told) == sorted(everything_in(database))


def test_newcomers_beyond_a_number_wait_for_one_of_the_others() -> None:
    database, _ = photos_of(300_000)
    going, items, sizes = telling(database), [], iter(range(250_000, 100_000, -15_000))
    for item in going:
        items.append(item)
        if isinstance(item, Mark) and (size := next(sizes, None)):
            store_photo(database, size, random.Random(size))
            assert len(read_position(item.position).stretches) <= 6
    assert len(set(told_in(items))) == len(told_in(items)) == len(everything_in(database))


def test_a_stretch_the_feed_no_longer_knows_is_told_anew() -> None:
    database, _ = photos_of(60_000)
    end = database.info().update_seq
    position = Position(end, [Stretch(end, Place(10, "ab", 1))]).text()
    store_photo(database, 20_000, random.Random(4))
    assert len(told_in(telling(database, position))) == 1 + 2


@given(
    base=st.text(max_size=8).filter(lambda text: not text.startswith("~")),
    stretches=st.lists(
        st.builds(
            Stretch,
            st.text(max_size=8),
            st.none() | st.builds(Place, st.integers(0, 2**40), st.text(max_size=8), st.integers(1, 9000)),
        ),
        max_size=4,
    ),
)
def test_a_position_is_read_as_it_was_written(base: str, stretches: list[Stretch]) -> None:
    assert read_position(Position(base, stretches).text()) == Position(base, stretches)


@pytest.mark.parametrize("text", ["~", "~{}", "~[]", "~[1]", '~["a",["b",1]]', '~["a",["b",1,2,3]]', '~["a","b"]'])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        read_position(text)
