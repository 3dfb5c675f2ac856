from sync.users.failures import LOCKED_SECONDS, MOST_FAILURES, Failures

KEY = ("10.0.0.1", "li", "salt")


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 1.0

    def __call__(self) -> float:
        return self.seconds


def test_an_account_is_locked_after_a_few_failures_and_for_a_few_minutes() -> None:
    clock = Clock()
    failures = Failures(clock=clock)
    for _ in range(MOST_FAILURES):
        assert not failures.is_locked(KEY)
        failures.add(KEY)
    assert failures.is_locked(KEY)
    clock.seconds += LOCKED_SECONDS - 1
    assert failures.is_locked(KEY)
    clock.seconds += 1
    assert not failures.is_locked(KEY)
    failures.add(KEY)
    assert not failures.is_locked(KEY)


def test_only_where_the_failures_came_from_and_only_for_that_password() -> None:
    failures = Failures(clock=Clock())
    for _ in range(MOST_FAILURES):
        failures.add(KEY)
    for other in (("10.0.0.2", *KEY[1:]), (KEY[0], "wang", "salt"), (*KEY[:2], "another salt")):
        assert not failures.is_locked(other)


def test_however_many_names_are_tried_little_is_kept() -> None:
    failures = Failures(clock=Clock())
    for n in range(3000):
        failures.add(("10.0.0.1", str(n), ""))
    assert len(failures._failed) == 1024
