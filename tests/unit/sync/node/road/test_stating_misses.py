"""What was not found goes up by any road: once a day, the fullest of a day stands, and nobody below hears of it."""

from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from sync.casework.note_miss import note_missed
from sync.custody.misses import MISSES, MOST_WORDS, make_misses, read_misses
from sync.node.node import Node
from sync.node.road.stating_misses import state_misses
from sync.node.vouching.statements import statements_for_child, statements_for_parent
from sync.store.ledger.custody import last_arrival, statements_of
from sync.store.ledger.missed_days import MOST_DAYS
from sync.store.ledger.missed_words import MissedWord, missed_words
from sync.trust.keys import generate
from sync.values.statements import Signed
from tests.homes import Address
from tests.journeys.sticks import Sticks, up
from tests.unit.sync.node.conftest import SetClock
from tests.unit.sync.node.county import certificate_of_key, give, known

Make = Callable[..., Node]
DAY_MS = 86_400_000


@pytest.fixture
def address(in_files: Address) -> Address:
    return in_files


def said(node: Node, writer: str) -> list[tuple[str, int, tuple[tuple[str, int], ...]]]:
    kept = node.read(lambda reader: statements_of(reader, MISSES, (writer,)))
    told = [read_misses(one.signed.payload) for one in kept]
    return [(one.day, one.times, one.words) for one in told]


def words(node: Node) -> tuple[MissedWord, ...]:
    return node.read(lambda reader: missed_words(reader, limit=100))


def up_from(node: Node) -> list[Signed]:
    told, _ = node.read(lambda reader: statements_for_parent(reader, node.identity, sent=0))
    return [one for one in told if one.kind == MISSES]


def miss(node: Node, *asked: str) -> None:
    for text in asked:
        assert note_missed(node, text)


def test_a_day_is_stated_when_it_is_over_and_once(village: Node, clock: SetClock) -> None:
    miss(village, "卫星电视", "林权证", "卫星电视")
    state_misses(village)
    assert said(village, village.identity.writer) == []
    clock.now_ms += DAY_MS
    state_misses(village)
    stated = [("2025-09-26", 3, (("卫星电视", 2), ("林权证", 1)))]
    assert said(village, village.identity.writer) == stated
    before = village.read(last_arrival)
    for _ in range(3):
        clock.now_ms += DAY_MS
        state_misses(village)
    assert village.read(last_arrival) == before
    clock.now_ms -= 4 * DAY_MS  # the clock was set back, and the day goes on
    miss(village, "林权证")
    clock.now_ms += DAY_MS
    state_misses(village)
    assert said(village, village.identity.writer) == [("2025-09-26", 4, (("卫星电视", 2), ("林权证", 2)))]


def test_it_goes_up_through_the_township_and_never_down_again(village: Node, township: Node, clock: SetClock) -> None:
    miss(village, "卫星电视")
    clock.now_ms += DAY_MS
    state_misses(village)
    (signed,) = up_from(village)
    give(township, signed)
    assert words(township) == (MissedWord("卫星电视", 1, ("k3m7q",), "2025-09-26", "2025-09-26"),)
    assert up_from(township) == [signed]
    child, life = known(township, village), township.identity.life
    told, _ = township.read(lambda reader: statements_for_child(reader, child, heard="", life=life))
    assert MISSES not in {one.kind for one in told}


def test_it_goes_by_stick_as_well(village: Node, township: Node, clock: SetClock, tmp_path: Path) -> None:
    miss(village, "卫星电视")
    clock.now_ms += DAY_MS
    assert Sticks(tmp_path).carry(village, up(village, "t0wn1"), township) == ["taken"]
    assert [one.text for one in words(township)] == ["卫星电视"]


def test_in_any_order_and_twice_the_fullest_of_a_day_stands(township: Node, village: Node) -> None:
    pair, sid = village.identity.keys, village.identity.sid
    few = make_misses(pair, sid, "2025-09-26", [("卫星电视", 1)])
    many = make_misses(pair, sid, "2025-09-26", [("卫星电视", 2), ("林权证", 1)])
    other = make_misses(pair, sid, "2025-09-27", [("卫星电视", 5)])
    for order in permutations((few, many, other)):
        given: Sequence[Signed] = (*order, *order)
        for one in given:
            give(township, one)
        assert [(one.text, one.times, one.first_day) for one in words(township)] == [
            ("卫星电视", 7, "2025-09-26"),
            ("林权证", 1, "2025-09-26"),
        ]
        at_rest = township.read(last_arrival)
        give(township, *given)
        assert township.read(last_arrival) == at_rest
        township.write(lambda tx: tx.execute("DELETE FROM missed_words"))
        township.write(lambda tx: tx.execute("DELETE FROM statements WHERE kind = 'misses'"))


def test_no_more_than_the_last_days_and_the_most_frequent_words_are_kept(township: Node, village: Node) -> None:
    pair, sid = village.identity.keys, village.identity.sid
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 4) for day in range(1, 29)]
    counted = [(f"词{number}号", 200 - number) for number in range(120)]
    for day in (*days[5:], *days[:5]):  # the oldest come last, by a slow road
        give(township, make_misses(pair, sid, day, counted))
    kept = said(township, pair.writer)
    assert [day for day, _, _ in kept] == days[-MOST_DAYS:]
    assert {len(told) for _, _, told in kept} == {MOST_WORDS}
    assert {times for _, times, _ in kept} == {sum(times for _, times in counted)}
    assert len(words(township)) == MOST_WORDS
    give(township, make_misses(pair, sid, days[0], counted))
    assert [day for day, _, _ in said(township, pair.writer)] == days[-MOST_DAYS:]


def test_nobody_speaks_for_another_station_and_no_number_is_listed_whoever_tells_it(
    township: Node, village: Node
) -> None:
    pair, stranger = village.identity.keys, generate()
    give(township, certificate_of_key(stranger, "other", "t0wn1"))
    taken = give(township, make_misses(stranger, "k3m7q", "2025-09-26", [("卫星电视", 9)]))
    assert len(taken.refused) == 1
    give(township, make_misses(pair, "k3m7q", "2025-09-26", [("13800001111", 9), ("林权证", 1)]))
    assert [one.text for one in words(township)] == ["林权证"]
