"""What two nodes say to each other in one exchange, besides what they say of themselves (`statements`).

A document is told, and then how far that goes: a position in the teller's own feed, which the other keeps and hands
back, and never looks into. Whatever was told before a position that the other has taken is on its disk.

Must not know: bytes, databases, who speaks first.
"""

from sync.revisions.revision import Revision
from sync.typed import Value
from sync.values.documents import Document

# (revision, body)
Base = tuple[Revision, bytes]


class Share(Value):
    """A database that both nodes have, and how far each has told the other of it.

    told   the caller's position up to which the other has everything; "" when the caller tells nothing of it now
    heard  the other's position up to which the caller has everything; "" when it wants to hear nothing of it now
    """

    name: str
    told: str = ""
    heard: str = ""


class Told(Value):
    """A document of a shared database.

    plain  it is to be told in a way that needs nothing told before it
    base   a former version that the other holds, to tell it against; None to tell it whole
    """

    name: str
    document: Document
    plain: bool = False
    base: Base | None = None

    def __eq__(self, other: object) -> bool:
        """By what is told, however it is told."""
        return isinstance(other, Told) and (self.name, self.document) == (other.name, other.document)

    def __hash__(self) -> int:
        return hash((self.name, self.document))


class Garbled(Value):
    """Something that was told and could not be read.

    payload  its bytes as they came
    is_last  nothing behind it can be read either, for it speaks of this
    """

    name: str
    payload: bytes
    reason: str
    is_last: bool = False


class Mark(Value):
    """Everything in a shared database up to this position of the teller's has been told."""

    name: str
    position: str


class SetAside(Value):
    """A document that was told and not taken in, with the reason; what came with it was."""

    name: str
    id: str
    revision: Revision
    reason: str


class Untold(Value):
    """A version that cannot be told now, and why: no frame holds it, or the disk does not give it.

    document  what there is of it; None when it could not be read
    """

    name: str
    id: str
    revision: Revision
    reason: str
    document: Document | None = None


Item = Told | Mark | Garbled
