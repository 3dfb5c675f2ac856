"""How a case was decided, 准予 or 不予, also once it has gone on to 办结, 送达 and 归档.

Its state says it no more then, and whoever was refused has the longest need of it: the time for a review begins when
the decision was handed over.

Must not know: how it is shown, what follows from it.
"""

from sync.records.fold import course
from sync.records.log import Record

DENIED = "denied"
_DECIDED = ("approved", DENIED)


def decision_of(case: Record) -> str:
    """The state that the newest decision led to; "" where none was made, or this version cannot read the log."""
    stages = course(case.fold, case.type, case.events) if case.understood else ()
    return next((stage.status for stage in reversed(stages) if stage.status in _DECIDED), "")
