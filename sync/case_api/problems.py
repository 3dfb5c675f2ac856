"""The refusals of casework as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from sync.casework.errors import ClockDoubtful, StillAbove
from sync.errors import SyncError
from sync.messages import N_
from sync.node.acts.answer_once import KeyReused
from sync.node.acts.name_version import ChangedMeanwhile
from sync.web.problem_table import Problem

CASE_PROBLEMS: Mapping[type[SyncError], Problem] = {
    ChangedMeanwhile: Problem(
        "changed-meanwhile",
        412,
        N_("It changed"),
        N_("Open it again, look at the changes and then act; nothing was done."),
    ),
    ClockDoubtful: Problem(
        "clock-doubtful",
        409,
        N_("Check date and time"),
        N_("If the time is right, confirm it and hand it in again; if not, first put the clock of the computer right."),
    ),
    StillAbove: Problem(
        "still-above",
        503,
        N_("Fetching from the level above"),
        N_(
            "This photo is not on this machine and is being fetched from the level above; look again after a "
            "while, or once there is a link."
        ),
    ),
    KeyReused: Problem(
        "key-reused",
        422,
        N_("The number of the request was used before"),
        N_("A new request needs a new Idempotency-Key."),
    ),
}
