"""Another Yizhan node across HTTP: `POST /exchange`, and `POST /enrolment` for whoever is not certified yet.

Must not know: what statements mean, who we are; the transport signs.
"""

import time
from collections.abc import Iterable, Iterator

from sync.errors import BadRequest, ProtocolError, UnsupportedType
from sync.remote.transport import Transport
from sync.values.conversation import Item
from sync.values.statements import Answer, Offer
from sync.wire.conversation import Kind, nothing_held, read_items, read_opening, write_conversation
from sync.wire.exchange import read_answer, write_offer
from sync.wire.packing import HARD, effort_for
from sync.wire.stream import frames_of, gathered, packed, proposed, type_of

_KEPT_FOR_DIAGNOSIS = 1000
_TELLING_BYTES = 32 << 10


class RemotePeer:
    """A `sync.peer.Peer` across HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._takes_dictionary = True  # until it says that it does not
        self._effort = HARD  # until the link shows that it is quicker than the processor

    def exchange(self, offer: Offer, told: Iterable[Item] = ()) -> tuple[Answer, Iterator[Item]]:
        """Put statements to the peer and hear its own; tell it what it lacks, and hear what we do; see `Peer`.

        raises  LinkError when no answer came, Unauthorized when the peer does not know us,
                ProtocolError when the answer makes no sense
        """
        dictionary = proposed() if self._takes_dictionary else None
        text = write_offer(offer)
        body = gathered(packed(write_conversation(Kind.OFFER, text, told), dictionary, effort=self._effort))
        kind = type_of(dictionary)
        begun: list[bytes] = []
        pieces = self._transport.converse(("exchange",), body, signed=text, content_type=kind)
        frames = frames_of(_noted(pieces, begun), dictionary)
        started, before = time.monotonic(), self._transport.traffic.bytes_sent
        try:
            answer = read_answer(read_opening(frames, Kind.ANSWER))
            self._learn(self._transport.traffic.bytes_sent - before, time.monotonic() - started)
            return answer, _sensible(read_items(frames, nothing_held))
        except UnsupportedType:
            if not self._takes_dictionary:
                raise
            self._takes_dictionary = False
            raise
        except BadRequest as error:
            raise ProtocolError(error.reason, answer=b"".join(begun)[:_KEPT_FOR_DIAGNOSIS]) from None

    def _learn(self, sent: int, seconds: float) -> None:
        """How hard to pack next time: a little says nothing about the link, only about its round trip."""
        if sent >= _TELLING_BYTES:
            self._effort = effort_for(sent * 8 / max(seconds, 0.001))

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment request to the peer; raises what the peer answers, or LinkError."""
        return self._transport.ask("POST", ("enrolment",), body=request).body


def _noted(pieces: Iterator[bytes], begun: list[bytes]) -> Iterator[bytes]:
    """The pieces, of which the first is noted: a login page of some network begins like one."""
    for piece in pieces:
        if not begun:
            begun.append(piece)
        yield piece


def _sensible(items: Iterator[Item]) -> Iterator[Item]:
    try:
        yield from items
    except BadRequest as error:
        raise ProtocolError(error.reason) from None
