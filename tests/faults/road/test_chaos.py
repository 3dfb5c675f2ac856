"""A while in which everything breaks, and then everything is there, once, and alike everywhere.

SEED=12345 pytest tests/faults/road     another course of events; the seed in use is printed
make chaos SEED=12345 MINUTES=30        the same for long
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.road.accidents import HARMLESS, lose
from tests.faults.road.course import Course
from tests.faults.road.stage import Stage

USUAL_SEED = 20260
CHAOS_SECONDS, RESTORING_SECONDS = 12.0, 8.0


@pytest.fixture
def seed() -> int:
    seed = int(os.environ.get("SEED", USUAL_SEED))
    print(f"SEED={seed}")
    return seed


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    try:
        yield stage
    finally:
        stage.end()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_after_any_trouble_every_answered_case_is_everywhere_once_and_no_screen_was_ever_ahead(
    stage: Stage, seed: int
) -> None:
    course = Course(stage, seed, CHAOS_SECONDS, kinds=HARMLESS)
    course.run()
    course.require()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_after_a_disk_is_lost_and_brought_back_only_what_was_nowhere_else_is_gone(stage: Stage, seed: int) -> None:
    course = Course(stage, seed + 1, RESTORING_SECONDS, kinds=(lose,))
    course.run()
    course.require()
