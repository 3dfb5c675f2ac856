"""What shows whether packing is worth its while."""

import pytest

from sync.remote.packing import Packing


def after(*exchanges: tuple[int, float]) -> bool:
    """Whether packing is worth it after exchanges of so many bytes that took so many seconds."""
    packing = Packing()
    for size, seconds in exchanges:
        packing.note(size, seconds)
    return packing.is_worth_it


@pytest.mark.parametrize(
    "exchanges",
    [
        (),
        ((600, 0.02),),
        ((600, 0.8), (600, 0.7)),
        ((120_000, 0.004),),  # says nothing about how long one waits for a little
    ],
)
def test_a_link_is_taken_to_be_far_until_it_shows_that_it_is_near(exchanges: tuple[tuple[int, float], ...]) -> None:
    assert after(*exchanges)


def test_where_a_small_request_is_answered_at_once_nothing_is_packed() -> None:
    assert not after((600, 0.03), (600, 0.002), (600, 0.03))


def test_a_near_link_that_is_slow_with_much_is_packed_for_again() -> None:
    assert after((600, 0.002), (128_000, 4.0), (128_000, 4.0))
    assert after((600, 0.002), (128_000, 4.0), (128_000, 4.0), (600, 0.002))


def test_one_hesitation_is_forgiven() -> None:
    assert not after((600, 0.002), (128_000, 4.0), (128_000, 0.02))


def test_what_was_packed_before_the_link_was_known_counts_for_nothing() -> None:
    assert not after((80_000, 4.0), (80_000, 4.0), (600, 0.002))
