"""What a log may tell of a fault of ours: where it was raised, never its message, which may quote somebody's record.

Must not know: what a fault says, where logs are kept.
"""

import traceback


def trace_of(fault: BaseException) -> str:
    """The frames from where it was caught to where it was raised, one below the other."""
    return "".join(traceback.format_tb(fault.__traceback__))
