"""The refusals of the register of people as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from sync.errors import SyncError
from sync.people.errors import AlreadyRegistered
from sync.web.problems import Problem

PEOPLE_PROBLEMS: Mapping[type[SyncError], Problem] = {
    AlreadyRegistered: Problem(
        "already-registered", 409, "此人已经登记", "请打开已有的登记核对；确实不是同一个人的，请核对证件号码。"
    ),
}
