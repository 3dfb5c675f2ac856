"""A station that has nothing new to say is known to live further up: its township says so, once a day."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sync.custody.sightings import SIGHTING, make_sighting, read_sighting
from sync.custody.stating import state
from sync.node.node import Node
from sync.node.road.hearing import heard_at, state_sightings
from sync.node.vouching.holding import account_for
from sync.node.vouching.statements import statements_for_child, statements_for_parent
from sync.store.ledger.contacts import note_heard
from sync.store.ledger.custody import last_arrival, statements_of
from sync.trust.keys import generate
from sync.values.statements import Signed
from tests.homes import Address
from tests.journeys.sticks import Sticks, up
from tests.unit.sync.node.conftest import START_MS, SetClock
from tests.unit.sync.node.county import CENTRE_KEY, centre_certificate, certificate, give, known
from tests.unit.sync.node.road.test_upward import take

Make = Callable[..., Node]
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


@pytest.fixture
def address(in_files: Address) -> Address:
    return in_files


@pytest.fixture
def county(make_node: Make, township: Node, village: Node) -> Node:
    """Another node further up, to which the township's word comes."""
    county = make_node("c0unt", "990281000000")
    give(county, centre_certificate(), certificate(township, "c0unt"), certificate(village, "t0wn1"))
    return county


def hears(township: Node, village: Node) -> None:
    township.write(lambda tx: note_heard(tx, village.identity.sid, now_ms=township.clock()))
    state_sightings(township)


def said(node: Node, writer: str) -> list[int]:
    kept = node.read(lambda reader: statements_of(reader, SIGHTING, (writer,)))
    return [read_sighting(one.signed.payload).at_ms for one in kept]


def up_from(node: Node) -> list[Signed]:
    told, _ = node.read(lambda reader: statements_for_parent(reader, node.identity, sent=0))
    return [one for one in told if one.kind == SIGHTING]


def heard(node: Node, village: Node) -> int | None:
    sid, writer = village.identity.sid, village.identity.writer
    return node.read(lambda reader: heard_at(reader, {sid: [writer]})).get(sid)


def test_who_was_heard_is_said_once_a_day_and_nothing_is_written_for_hearing_it_again(
    township: Node, village: Node, clock: SetClock
) -> None:
    hears(township, village)
    assert said(township, township.identity.writer) == [START_MS]
    at_rest = township.read(last_arrival)
    clock.now_ms += HOUR_MS
    hears(township, village)
    assert township.read(last_arrival) == at_rest
    clock.now_ms += DAY_MS
    hears(township, village)
    assert said(township, township.identity.writer) == [START_MS + HOUR_MS + DAY_MS]
    clock.now_ms += DAY_MS
    state_sightings(township)  # nobody called
    assert said(township, township.identity.writer) == [START_MS + HOUR_MS + DAY_MS]


def test_what_the_station_signed_that_day_says_it_better(township: Node, village: Node, clock: SetClock) -> None:
    take(village, "one")
    account_for(village, [village.identity.sid])
    sealed, _ = village.read(lambda reader: statements_for_parent(reader, village.identity, sent=0))
    give(township, *sealed)
    hears(township, village)
    assert said(township, township.identity.writer) == []
    clock.now_ms += DAY_MS
    hears(township, village)
    assert said(township, township.identity.writer) == [START_MS + DAY_MS]


def test_it_goes_up_alone_and_the_station_is_heard_there(
    township: Node, village: Node, county: Node, clock: SetClock
) -> None:
    hears(township, village)
    (signed,) = up_from(township)
    child, life = known(township, village), township.identity.life
    down, _ = township.read(lambda reader: statements_for_child(reader, child, heard="", life=life))
    assert SIGHTING not in {one.kind for one in down}
    clock.now_ms += HOUR_MS
    assert heard(county, village) is None
    give(county, signed)
    assert heard(county, village) == START_MS
    assert up_from(county) == [signed]


def test_it_goes_by_stick_as_well(make_node: Make, township: Node, village: Node, county: Node, tmp_path: Path) -> None:
    give(township, certificate(county, "centre"), certificate(township, "c0unt", issue=2))
    give(county, certificate(county, "centre"), certificate(township, "c0unt", issue=2))
    township.write(lambda tx: note_heard(tx, village.identity.sid, now_ms=township.clock()))
    assert Sticks(tmp_path).carry(township, up(township, "c0unt"), county) == ["taken"]
    assert heard(county, village) == START_MS


def test_the_later_of_two_stands_in_any_order_and_a_clock_ahead_is_believed_no_further_than_the_arrival(
    township: Node, village: Node, county: Node, clock: SetClock
) -> None:
    pair = township.identity.keys
    early, late = (make_sighting(pair, "k3m7q", at_ms) for at_ms in (START_MS - DAY_MS, START_MS - HOUR_MS))
    give(county, late, early)
    assert heard(county, village) == START_MS - HOUR_MS
    give(county, make_sighting(pair, "k3m7q", START_MS + 400 * DAY_MS))
    assert heard(county, village) == START_MS


def test_a_clock_that_was_years_ahead_silences_nobody_once_it_is_right_again(
    township: Node, village: Node, county: Node, clock: SetClock
) -> None:
    clock.now_ms += 700 * DAY_MS
    hears(township, village)
    (wrong,) = up_from(township)
    clock.now_ms -= 700 * DAY_MS
    give(county, wrong)
    assert heard(county, village) == START_MS
    clock.now_ms += DAY_MS
    state_sightings(township)  # the village has not called since the clock is right
    assert said(township, township.identity.writer) == [START_MS + 700 * DAY_MS]
    hears(township, village)
    assert said(township, township.identity.writer) == [START_MS + DAY_MS]
    give(county, *up_from(township))
    assert heard(county, village) == START_MS + DAY_MS
    at_rest = county.read(last_arrival)
    give(county, *up_from(township))
    assert county.read(last_arrival) == at_rest


def test_a_station_that_was_revoked_or_moved_is_not_spoken_of(township: Node, village: Node) -> None:
    give(township, certificate(village, "other", issue=2))
    hears(township, village)
    assert said(township, township.identity.writer) == []


def test_whoever_has_no_certificate_yet_says_nothing(make_node: Make, village: Node) -> None:
    alone = make_node("a10ne", "990281101000")
    hears(alone, village)
    assert said(alone, alone.identity.writer) == []


@pytest.mark.parametrize("who", ["itself", "a sibling", "above", "a stranger"])
def test_nobody_speaks_for_a_station_that_is_not_below_it(
    make_node: Make, township: Node, village: Node, county: Node, who: str
) -> None:
    sibling = make_node("k4444", "990281101202")
    give(county, certificate(sibling, "t0wn1"))
    pair, sid = {
        "itself": (village.identity.keys, "k3m7q"),
        "a sibling": (sibling.identity.keys, "k3m7q"),
        "above": (township.identity.keys, "c0unt"),
        "a stranger": (generate(), "k3m7q"),
    }[who]
    assert give(county, make_sighting(pair, sid, START_MS)).kept == ()
    assert heard(county, village) is None


MEMBERS = {"station": "k3m7q", "at_ms": START_MS}
MALFORMED = {
    "a station that is none": {"station": "../x"},
    "a station that is a number": {"station": 5},
    "a time before all time": {"at_ms": -1},
    "a time that is text": {"at_ms": "2025-09-26"},
    "a time that is true": {"at_ms": True},
    "a member that none has": {"x": 1},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_sighting_is_refused_and_delays_nothing(
    township: Node, village: Node, county: Node, name: str
) -> None:
    pair = township.identity.keys
    told = state(pair, SIGHTING, {"writer": pair.writer, **MEMBERS, **MALFORMED[name]})
    good = make_sighting(pair, "k3m7q", START_MS)
    taken = give(county, told, good)
    assert (taken.kept, len(taken.refused)) == ((good,), 1)


def test_one_that_somebody_else_signed_is_refused(township: Node, county: Node) -> None:
    told = state(CENTRE_KEY, SIGHTING, {"writer": township.identity.writer, **MEMBERS})
    assert give(county, told).kept == ()
