"""Being frugal with memory on a 1 GB machine: giving it back, and not taking it for what is never used.

Left alone, glibc makes eight arenas for each core, and each keeps the largest batch that a thread ever held; and once a
large block has been freed it takes others of that size from the arenas, too, where they stay. A password hash is 19 MB:
a centre that had enrolled sixty stations stood at 495 MB, and stands at 70 MB now.

It is told before there are threads, for an arena once made stays.

Must not know: what the memory is for.
"""

import ctypes
import sys
import warnings

# glibc's numbers for its parameters (malloc.h).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_ARENAS = 2
# From this size on a block is the system's, and goes back to it when it is freed.
_OWN_BLOCK_BYTES = 256 << 10


def give_memory_back() -> None:
    """Do so from now on; does nothing where there is no glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, _OWN_BLOCK_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _OWN_BLOCK_BYTES)


def guess_no_encodings() -> None:
    """Keep `requests` from loading what guesses in which encoding a text is (2 MB): what we ask for is JSON.

    It does without since 2.32, and warns of it once.
    """
    warnings.filterwarnings("ignore", "Unable to find acceptable character detection")
    for name in ("chardet", "charset_normalizer"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # so an import finds none
