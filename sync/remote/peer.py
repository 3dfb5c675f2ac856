"""Another Yizhan node across HTTP.

Must not know: what the statements mean, who signs requests and how.
"""

from sync.remote.traffic import Meter
from sync.remote.transport import Transport
from sync.values.statements import Answer, Offer
from sync.wire.exchange import read_answer, write_offer


class RemotePeer:
    """A `sync.peer.Peer` at `<the transport's address>/exchange`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def meter(self) -> Meter:
        """Counts what the connection costs."""
        return self._transport.meter

    def exchange(self, offer: Offer) -> Answer:
        """Put statements to the peer and hear its own: one round trip.

        raises  LinkError when no answer came; Unauthorized when the peer does not know us; ProtocolError
        """
        return read_answer(self._transport.ask("POST", ("exchange",), body=write_offer(offer)).body)
