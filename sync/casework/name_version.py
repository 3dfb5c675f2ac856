"""What a case as it stands is called, so that somebody can say which one they have seen.

It is called by the heads of its log, as an event names what its writer had seen: a merge that adds nothing leaves it as
it was, and whatever anybody did makes it another. How far it has come and what time is left are no part of it.

Must not know: ETags, pages.
"""

from collections.abc import Collection

from sync.casework.errors import ChangedMeanwhile
from sync.records.log import Record

BETWEEN = "."  # no hash has it


def version_of(case: Record) -> str:
    """The name: hashes with dots between, mostly one."""
    return BETWEEN.join(case.heads)


def require_seen(case: Record, seen: Collection[str] | None) -> None:
    """Raise ChangedMeanwhile unless it is called as somebody has seen it; None when they do not say."""
    if seen is not None and version_of(case) not in seen:
        raise ChangedMeanwhile
