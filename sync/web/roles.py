"""What an account is for.

Must not know: who has which, what each may do.
"""

from collections.abc import Mapping
from enum import StrEnum

from sync.messages import N_, _


class Role(StrEnum):
    """What an account is for; the words are the field's."""

    AGENT = "agent"
    HEAD = "head"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role as people call it."""
        return _(ROLE_LABELS[self])


ROLE_LABELS: Mapping[Role, str] = {
    Role.AGENT: N_("Agent"),
    Role.HEAD: N_("Head of station"),
    Role.REVIEWER: N_("Township reviewer"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.ADMIN: N_("Administrator"),
}
