"""Looks that are spared."""

from sync.node.road.sparing import Spared


class World:
    """What is looked at, with a clock that a look moves on."""

    def __init__(self) -> None:
        self.value, self.looks, self.seconds, self.cost, self.runs = 1, 0, 0.0, 0.0, 0

    def look(self) -> int:
        self.looks += 1
        self.seconds += self.cost
        return self.value

    def spared(self) -> Spared[int]:
        return Spared(self.look, lambda: self.value, ended=lambda: self.runs, now_seconds=lambda: self.seconds)


def test_while_nothing_changes_nobody_looks_twice() -> None:
    world = World()
    spared = world.spared()
    assert [spared.look(), spared.look(), world.looks] == [1, 1, 1]


def test_a_cheap_look_is_made_whenever_something_changed() -> None:
    world = World()
    spared = world.spared()
    for world.value in (1, 2, 3):
        assert spared.look() == world.value


def test_a_dear_look_is_not_made_again_before_twenty_times_what_it_took() -> None:
    world = World()
    world.cost = 0.1
    spared = world.spared()
    spared.look()
    world.value = 2
    world.seconds += 1.8
    assert (spared.look(), world.looks) == (1, 1)
    world.seconds += 0.3
    assert (spared.look(), world.looks) == (2, 2)


def test_a_dear_look_is_made_again_when_something_has_ended_and_something_changed() -> None:
    world = World()
    world.cost = 1.0
    spared = world.spared()
    spared.look()
    world.runs = 1
    assert (spared.look(), world.looks) == (1, 1)
    world.value = 2
    assert (spared.look(), world.looks) == (2, 2)
    world.value = 3
    assert (spared.look(), world.looks) == (2, 2)
