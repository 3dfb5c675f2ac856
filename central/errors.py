"""What a centre refuses beyond the errors every node knows.

    Forbidden
    └── NotACentre          the data directory is a station's

Must not know: HTTP.
"""

from pathlib import Path

from central.messages import _
from sync.errors import Forbidden


class NotACentre(Forbidden):
    """The data directory is a station's."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            _("%(directory)s is the data directory of a station, not of the centre", directory=directory),
            remedy=_("Use yizhan edge for it, or name the directory of the centre."),
        )
