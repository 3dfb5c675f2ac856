"""How batches grow and shrink."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.replication.pace import Limits, Pace, adapted, after_a_cut, first_pace

LIMITS = Limits(target_seconds=8)


def test_a_batch_that_took_too_long_shrinks_the_next() -> None:
    pace = adapted(first_pace(LIMITS), LIMITS, documents=100, size=128_000, seconds=16)
    assert pace.documents == LIMITS.first_documents // 2
    assert pace.bytes == LIMITS.first_bytes // 2


def test_a_full_quick_batch_lets_the_next_grow() -> None:
    pace = adapted(first_pace(LIMITS), LIMITS, documents=100, size=128_000, seconds=4)
    assert pace.documents == LIMITS.first_documents * 2
    assert pace.bytes == LIMITS.first_bytes * 2


def test_a_small_quick_batch_says_nothing_about_large_ones() -> None:
    first = first_pace(LIMITS)
    pace = adapted(first, LIMITS, documents=1, size=500, seconds=0.1)
    assert (pace.documents, pace.bytes) == (first.documents, first.bytes)


def test_even_a_small_batch_that_took_too_long_shrinks_the_next() -> None:
    pace = adapted(first_pace(LIMITS), LIMITS, documents=1, size=500, seconds=16)
    assert pace.documents < LIMITS.first_documents


def test_nothing_moved_changes_nothing() -> None:
    pace = first_pace(LIMITS)
    assert adapted(pace, LIMITS, documents=0, size=0, seconds=100) is pace


def test_heavy_documents_are_fetched_few_at_a_time() -> None:
    pace = first_pace(LIMITS)
    for _ in range(5):
        pace = adapted(pace, LIMITS, documents=8, size=8 * 16_000, seconds=8)
    assert 7 <= pace.at_once <= 10


def test_a_document_heavier_than_a_batch_is_still_fetched() -> None:
    assert Pace(documents=10, bytes=16_000, weight=5_000_000).at_once == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(0, 10_000_000), st.floats(0, 1e6, allow_nan=False)), max_size=30
    )
)
def test_whatever_is_measured_the_sizes_stay_within_the_limits(measured: list[tuple[int, int, float]]) -> None:
    pace = first_pace(LIMITS)
    for documents, size, seconds in measured:
        pace = adapted(pace, LIMITS, documents=documents, size=size, seconds=seconds)
        assert LIMITS.least_documents <= pace.documents <= LIMITS.most_documents
        assert LIMITS.least_bytes <= pace.bytes <= LIMITS.most_bytes
        assert 1 <= pace.at_once <= LIMITS.most_documents


@pytest.mark.parametrize("kbit", [16, 64, 256, 2000])
def test_on_a_steady_link_batches_come_to_take_the_target_time(kbit: int) -> None:
    limits = Limits(most_documents=100_000, least_documents=1, least_bytes=1, most_bytes=10**9)
    pace = first_pace(limits)
    seconds = 0.0
    for _ in range(12):
        size = pace.at_once * 1000
        seconds = size * 8 / (kbit * 1000)
        pace = adapted(pace, limits, documents=pace.at_once, size=size, seconds=seconds)
    assert seconds == pytest.approx(limits.target_seconds, rel=0.2)


def test_after_a_cut_batches_shrink_to_what_the_link_may_live_to_carry() -> None:
    pace = after_a_cut(first_pace(LIMITS), LIMITS)
    assert (pace.documents, pace.bytes) == (LIMITS.first_documents // 2, LIMITS.first_bytes // 2)
    for _ in range(8):
        pace = after_a_cut(pace, LIMITS)
    assert (pace.documents, pace.bytes) == (LIMITS.least_documents, LIMITS.least_bytes)
