"""Avowals are let go of once nobody can need them: whatever is restored, what was lost comes back with its name."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.custody.quittances import (
    KEPT_MS,
    Vowed,
    due_quittances,
    is_past,
    make_quittance,
    read_quittance,
    verify_quittance,
)
from sync.errors import BadRequest, Unauthorized
from sync.trust.keys import load
from sync.values.json_text import canonical, parse_object

DAY_MS = 86_400_000
LIFE = "1c5a11de1c5a11de"
OURS, OTHERS = load(bytes(range(32))), load(bytes(range(1, 33)))
STATIONS = ("k3m7q", "q7m3k")


@dataclass
class World:
    """A writer that numbers its steps in the records of two stations, and a holder of what it avows."""

    now_ms: int = 1_000 * DAY_MS
    written: int = 0
    untold: list[tuple[str, int]] = field(default_factory=list)
    told: list[tuple[str, int]] = field(default_factory=list)
    avowals: dict[Vowed, frozenset[int]] = field(default_factory=dict)  # with the steps that each is over
    backup: int = 0
    images: list[tuple[int, int]] = field(default_factory=list)  # (when, how far it had written)
    said: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # how far, and when

    def write(self, station: str) -> None:
        self.written += 1
        self.untold.append((station, self.written))

    def tell(self) -> None:
        for station in STATIONS:
            numbers = [number for where, number in self.untold if where == station]
            if numbers:
                self.avowals[Vowed(station, LIFE, numbers[-1], self.now_ms)] = frozenset(numbers)
        self.told += self.untold
        self.untold = []

    def tidy(self) -> None:
        said_ms = {place: at_ms for place, (_, at_ms) in self.said.items()}
        for place, counter in due_quittances(self.avowals, {LIFE: self.backup}, said_ms, now_ms=self.now_ms).items():
            self.said[place] = (counter, self.now_ms)
        self.avowals = {
            one: steps
            for one, steps in self.avowals.items()
            if not is_past(one, self.said.get((one.station, one.life), (0, 0))[0], now_ms=self.now_ms)
        }

    def without_a_name(self, restored_to: int) -> list[tuple[str, int]]:
        """What a writer put back to a time before those steps would not be brought."""
        vowed = {(one.station, number) for one, steps in self.avowals.items() for number in steps}
        return [step for step in self.told if step[1] > restored_to and step not in vowed]


DEEDS = st.one_of(
    st.sampled_from(STATIONS).map(lambda station: ("write", station)),
    st.integers(1, 70).map(lambda days: ("days", days)),
    st.sampled_from([("tell", 0), ("back up", 0), ("image", 0), ("tidy", 0)]),
)


@settings(max_examples=150)
@given(st.lists(DEEDS, max_size=60))
def test_whatever_happened_a_restored_writer_gets_back_what_it_lost(deeds) -> None:
    world = World()
    for deed, what in deeds:
        if deed == "write":
            world.write(what)
        elif deed == "days":
            world.now_ms += what * DAY_MS
        elif deed == "tell":
            world.tell()
        elif deed == "back up":
            world.backup = world.written
        elif deed == "image":
            world.images.append((world.now_ms, world.written))
        else:
            world.tidy()
        assert not world.without_a_name(world.backup)
        for at_ms, written in world.images:
            if at_ms > world.now_ms - KEPT_MS:
                assert not world.without_a_name(written)


def test_what_is_kept_and_what_is_said_do_not_grow_with_the_years() -> None:
    world, said = World(), 0
    for _ in range(3 * 365):
        world.write(STATIONS[0])
        world.tell()
        world.backup = world.written
        before = dict(world.said)
        world.tidy()
        said += before != world.said
        world.now_ms += DAY_MS
    assert len(world.avowals) <= 121
    assert said <= 3 * 13


def test_without_a_backup_nothing_is_said_and_nothing_let_go() -> None:
    world = World()
    for _ in range(400):
        world.write(STATIONS[0])
        world.tell()
        world.tidy()
        world.now_ms += DAY_MS
    assert (len(world.avowals), world.said) == (400, {})


def test_a_quittance_is_its_writers_own_word() -> None:
    signed = make_quittance(OURS, LIFE, "k3m7q", counter=31)
    assert verify_quittance(signed, public_key=OURS.public).counter == 31
    with pytest.raises(Unauthorized):
        verify_quittance(signed, public_key=OTHERS.public)


@pytest.mark.parametrize("change", [{"counter": 0}, {"station": "?"}, {"life": "x"}, {"more": 1}])
def test_a_quittance_that_has_not_its_shape_is_refused(change) -> None:
    body = parse_object(make_quittance(OURS, LIFE, "k3m7q", counter=31).payload)
    with pytest.raises(BadRequest):
        read_quittance(canonical({**body, **change}))
