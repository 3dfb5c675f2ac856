"""Another Yizhan node across HTTP: `POST /exchange`, and `POST /enrolment` for whoever is not certified yet.

Must not know: what statements mean, who we are; the transport signs.
"""

from collections.abc import Iterable, Iterator

from sync.errors import BadRequest, ProtocolError
from sync.remote.talking import Talking
from sync.remote.transport import Transport
from sync.values.conversation import Item
from sync.values.statements import Answer, Offer
from sync.wire.exchange import read_answer, write_offer


class RemotePeer:
    """A `sync.peer.Peer` across HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._talking = Talking(transport, ("exchange",))

    def exchange(self, offer: Offer, told: Iterable[Item] = ()) -> tuple[Answer, Iterator[Item]]:
        """Put statements to the peer and hear its own; tell it what it lacks, and hear what we do; see `Peer`.

        raises  LinkError when no answer came, Unauthorized when the peer does not know us,
                ProtocolError when the answer makes no sense
        """
        text, items = self._talking.say(write_offer(offer), told, version=offer.version)
        try:
            return read_answer(text), items
        except BadRequest as error:
            raise ProtocolError(error.reason, answer=text) from None

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment request to the peer; raises what the peer answers, or LinkError."""
        return self._transport.ask("POST", ("enrolment",), body=request).body
