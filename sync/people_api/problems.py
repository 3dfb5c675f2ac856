"""The refusals of the register of people as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from sync.errors import SyncError
from sync.messages import N_
from sync.people.errors import AlreadyRegistered
from sync.web.problem_table import Problem

PEOPLE_PROBLEMS: Mapping[type[SyncError], Problem] = {
    AlreadyRegistered: Problem(
        "already-registered",
        409,
        N_("This person is registered already"),
        N_(
            "Open the registration that is there and check; if it is really somebody else, check the number of "
            "the paper."
        ),
    ),
}
