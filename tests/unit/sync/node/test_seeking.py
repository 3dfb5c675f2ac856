"""Who is asked for what, how often; and what is remembered of what was asked."""

from sync.node.seeking import AT_ONCE, Asked, Piece, Sought

VILLAGE, OTHER = ("writer", "life"), ("writer", "another life")
PIECES: list[Piece] = [("blobs_k3m7q", f"chunk:{number:064x}") for number in range(40)]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_little_is_asked_for_at_once_and_the_rest_as_soon_as_something_came() -> None:
    asked = Asked(Clock())
    first = asked.choose(VILLAGE, PIECES)
    assert first == tuple(PIECES[:AT_ONCE])
    asked.arrived(VILLAGE, first[:3])
    assert asked.choose(VILLAGE, PIECES[3:]) == tuple(PIECES[3 : 3 + AT_ONCE])


def test_who_could_not_help_is_asked_ever_more_seldom_but_once_a_day() -> None:
    clock = Clock()
    asked = Asked(clock)
    times = 0
    for _ in range(30 * 24 * 60):
        times += bool(asked.choose(VILLAGE, PIECES[:1]))
        clock.now += 60
    assert 30 <= times <= 40


def test_a_restored_node_may_have_what_it_had_not_before() -> None:
    asked = Asked(Clock())
    assert asked.choose(VILLAGE, PIECES[:1])
    assert not asked.choose(VILLAGE, PIECES[:1])
    assert asked.choose(OTHER, PIECES[:1])


def test_who_has_lost_nothing_is_not_kept() -> None:
    asked = Asked(Clock())
    for number in range(5_000):
        asked.choose((str(number), "life"), ())
    assert not asked._asked


def test_what_is_sought_is_forgotten_once_nobody_names_it_any_more() -> None:
    clock = Clock()
    sought = Sought(clock)
    sought.add(PIECES)
    sought.remove(PIECES[:1])
    assert sought.all() == tuple(PIECES[1:])
    clock.now = 86_400.0
    sought.add(PIECES[1:2])
    clock.now = 2 * 86_400.0 + 1
    assert sought.all() == (PIECES[1],)
