"""Another Yizhan node across HTTP: `POST /exchange`, and `POST /enrolment` for whoever is not certified yet.

Must not know: what statements mean, who we are; the transport signs.
"""

from sync.errors import BadRequest, ProtocolError
from sync.remote.transport import Transport
from sync.values.statements import Answer, Offer
from sync.wire.exchange import read_answer, write_offer

_KEPT_FOR_DIAGNOSIS = 1000


class RemotePeer:
    """A `sync.peer.Peer` across HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def exchange(self, offer: Offer) -> Answer:
        """Put statements to the peer and hear its own.

        raises  LinkError when no answer came, Unauthorized when the peer does not know us,
                ProtocolError when the answer makes no sense
        """
        body = self._transport.ask("POST", ("exchange",), body=write_offer(offer)).body
        try:
            return read_answer(body)
        except BadRequest as error:
            raise ProtocolError(error.reason, answer=body[:_KEPT_FOR_DIAGNOSIS]) from None

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment request to the peer; raises what the peer answers, or LinkError."""
        return self._transport.ask("POST", ("enrolment",), body=request).body
