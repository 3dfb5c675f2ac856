"""The long form: `python -m tests.faults.road --seed 1 --minutes 30`, course after course until the time is over.

Each course is a road of its own that breaks for some minutes, comes to rest and is examined; the next has the next
seed. Those of even seeds lose disks, those of odd ones have nodes of other versions. What was done is told as it is
done; the directories of a course in which something was wrong are left.

Must not know: what breaks, what has to be true.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.road.accidents import ACCIDENTS, HARMLESS
from tests.faults.road.course import Course, Wrong
from tests.faults.road.stage import Stage

_LONGEST_SECONDS = 300.0  # of one course: longer, and whatever is wrong lies under too much else
_SHORTEST_SECONDS = 30.0
_QUIET_SECONDS = 600.0


def main() -> int:
    """Run courses; 1 when something was wrong."""
    parser = argparse.ArgumentParser(description="Everything breaks on a road of three nodes, for long.")
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1_000_000 % 1_000_000)
    parser.add_argument("--minutes", type=float, default=30.0)
    given = parser.parse_args()
    until, seed = time.monotonic() + given.minutes * 60, given.seed
    while (left := until - time.monotonic()) > 0 or seed == given.seed:
        # Half of a course is quiet.
        if not _course(seed, min(_LONGEST_SECONDS, max(_SHORTEST_SECONDS, left / 2))):
            return 1
        seed += 1
    print(f"{seed - given.seed} courses, seeds {given.seed} to {seed - 1}: nothing was lost, and no screen was ahead")
    return 0


def _course(seed: int, seconds: float) -> bool:
    print(f"SEED={seed}, {seconds:.0f} s", flush=True)
    directory = Path(tempfile.mkdtemp(prefix="yizhan-chaos-"))
    stage = Stage(directory)
    stage.journal.tell = lambda line: print(line, flush=True)
    try:
        kinds = HARMLESS if seed % 2 else ACCIDENTS
        course = Course(stage, seed, seconds, kinds=kinds, quiet_seconds=_QUIET_SECONDS)
        course.run()
        course.require()
    except Wrong as wrong:
        print(f"{wrong}\nthe directories are in {directory}", file=sys.stderr)
        return False
    finally:
        stage.end()
    shutil.rmtree(directory)
    return True


if __name__ == "__main__":
    sys.exit(main())
