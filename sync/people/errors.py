"""What the register of people refuses beyond the errors every node knows.

    Conflict
    └── AlreadyRegistered   somebody is registered here by this paper

Must not know: HTTP.
"""

from sync.errors import Conflict
from sync.messages import _


class AlreadyRegistered(Conflict):
    """Somebody is registered at this station by this paper."""

    def __init__(self, person: str) -> None:
        """`person` is the id of who is registered."""
        super().__init__(
            _("This paper is registered at this station already"),
            remedy=_(
                "Open the registration that is there and check whether it is the same person; "
                "what has changed is corrected there."
            ),
        )
        self.person = person
        self.members = {"person": person}
