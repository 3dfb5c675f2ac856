"""One database of another Yizhan server, told and asked by frames: `POST /{db}/_exchange`.

Must not know: what is remembered from one time to the next.
"""

from collections.abc import Iterable, Iterator

from sync.errors import (
    BadRequest,
    NotAllowed,
    NotFound,
    NotOffered,
    ProtocolError,
    TooLarge,
    UnsupportedType,
)
from sync.remote.database import RemoteDatabase
from sync.remote.talking import Talking
from sync.values.conversation import Item
from sync.values.conveyance import Proposal, Settlement
from sync.wire.conveyance import read_settlement, write_proposal

# How servers that have never heard of it say so: by what is wrong with the address, the method, the type or the text.
_NOT_UNDERSTOOD = (BadRequest, NotAllowed, NotFound, NotOffered, ProtocolError, TooLarge, UnsupportedType)


class SpeaksCouchOnly(Exception):
    """The server does not understand a conveyance; by CouchDB's protocol it may all the same be reached."""


class Conveyance:
    """What another server says to proposals about one of its databases."""

    def __init__(self, database: RemoteDatabase) -> None:
        self._talking = Talking(database.transport, (database.name, "_exchange"))

    def settle(self, proposal: Proposal, told: Iterable[Item] = ()) -> tuple[Settlement, Iterator[Item]]:
        """Propose, tell, and hear what came of it, and what is told back, while it comes.

        told    from its beginning each time it is gone through
        raises  SpeaksCouchOnly; LinkError when no answer came; Unauthorized and Forbidden when we are not let in
        """
        text = write_proposal(proposal)
        try:
            answer, items = self._talking.say(text, told)
            return read_settlement(answer), items
        except _NOT_UNDERSTOOD as error:
            raise SpeaksCouchOnly(error.reason) from None
