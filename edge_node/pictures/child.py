"""The process that makes one photo fit: bytes at its standard input, bytes at its standard output, and it ends.

    python -m edge_node.pictures.child TARGET_BYTES

Nothing at the output means that the photo had better stay as it is. A photo with too many pixels ends it with
`TOO_MANY_PIXELS`, width and height at the output. Its memory is bounded, and goes with it.

Must not know: who starts it.
"""

import contextlib
import sys

from edge_node.pictures.exits import TOO_MANY_PIXELS
from edge_node.pictures.fitting import TooManyPixels, fit

# What the largest photo needs is 400 MB, 510 with one colour that nothing shows in, and Python has some of its own;
# whatever needs more is no photo.
_MOST_MEMORY_BYTES = 640 << 20


def main() -> int:
    """Fit what comes in; the exit status."""
    _bound_memory()
    try:
        fitted = fit(sys.stdin.buffer.read(), target_bytes=int(sys.argv[1]))
    except TooManyPixels as refusal:
        sys.stdout.buffer.write(str(refusal).encode())
        return TOO_MANY_PIXELS
    sys.stdout.buffer.write(fitted or b"")
    return 0


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such bound
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())
