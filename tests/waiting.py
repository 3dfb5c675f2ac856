"""What another thread or process does is waited for: looked at again and again, and missed loudly."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 30.0  # machines share their cores
_LOOK_SECONDS = 0.01


def until(
    so: Callable[[], object], why: Callable[[], object] = lambda: "", *, seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait until something is so; fails the test, saying why, where it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, why() or f"it did not come true in {seconds:g} s"
        time.sleep(_LOOK_SECONDS)
