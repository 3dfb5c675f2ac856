"""Work that may wait finds moments in which its process has little to do, and is not put off for ever."""

from collections.abc import Iterator

from sync.web.leisure import Leisure


class Machine:
    """A clock, and a process that takes so many shares of a core, one for each time somebody waits."""

    def __init__(self, shares: Iterator[float]) -> None:
        self.seconds = self.worked = 0.0
        self.waited = 0
        self._shares = shares

    def wait(self, seconds: float) -> None:
        self.waited += 1
        self.pass_by(seconds, next(self._shares))

    def pass_by(self, seconds: float, share: float) -> None:
        self.seconds += seconds
        self.worked += seconds * share

    def leisure(self) -> Leisure:
        return Leisure(self.wait, now=lambda: self.seconds, worked=lambda: self.worked)


def test_nobody_waits_where_there_is_little_to_do() -> None:
    machine = Machine(iter(()))
    leisure = machine.leisure()
    leisure.wait()
    machine.pass_by(0.02, 0.1)
    leisure.wait()
    assert machine.waited == 0


def test_while_people_are_served_it_waits_for_the_first_moment_in_which_nobody_is() -> None:
    machine = Machine(iter((1.6, 0.3, 0.1)))
    leisure = machine.leisure()
    machine.pass_by(0.02, 0.9)
    leisure.wait()
    assert machine.waited == 3


def test_a_process_that_is_never_idle_puts_it_off_by_about_a_second() -> None:
    machine = Machine(iter([1.0] * 100))
    leisure = machine.leisure()
    for _ in range(3):
        machine.pass_by(0.02, 1.0)
        leisure.wait()
    assert 3.0 <= machine.seconds <= 3.4
