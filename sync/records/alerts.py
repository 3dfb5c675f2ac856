"""What the centre tells its stations at once: how bad it is, what it says, for whom and till when.

Must not know: how it is signed, how it travels, who has read it.
"""

from typing import Final

from sync.messages import N_, _
from sync.typed import Value

PREFIX = "alert:"  # of the ids of the documents in `public`
LONGEST_TITLE, LONGEST_TEXT = 60, 1000  # characters
# {code: message}, the worst first, as in GB/T 27962's colours; what none of these is called a notice.
SEVERITIES: Final = {
    "red": N_("Red alert"),
    "orange": N_("Orange alert"),
    "yellow": N_("Yellow alert"),
    "blue": N_("Blue alert"),
    "notice": N_("Announcement"),
}


class Alert(Value):
    """What the centre tells.

    code      twelve figures and letters;  issue, from 1
    at_ms     when it was first published;  until_ms, till when it holds
    severity  `red`, `orange`, `yellow`, `blue` or `notice`
    audience  sid of the station it is for, with those under it; "" for all
    """

    code: str
    issue: int
    at_ms: int
    severity: str
    title: str
    text: str
    audience: str
    until_ms: int
    withdrawn: bool = False

    @property
    def id(self) -> str:
        """The id of its document."""
        return f"{PREFIX}{self.code}"

    @property
    def key(self) -> str:
        """Which alert and which issue of it."""
        return f"{self.code}.{self.issue}"


def severity_name(severity: str) -> str:
    """What people call it; of one this version does not know, a notice."""
    return _(SEVERITIES.get(severity, SEVERITIES["notice"]))
