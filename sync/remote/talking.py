"""Conversations with a Yizhan server across HTTP: frames in the body of a request, and of its answer.

Must not know: what is said.
"""

import time
from collections.abc import Iterable, Iterator

from sync.errors import BadRequest, ProtocolError, UnsupportedType
from sync.remote.transport import Transport
from sync.values.conversation import Item
from sync.wire.conversation import Kind, nothing_held, read_items, read_opening, write_conversation
from sync.wire.dictionaries.shelf import Dictionary
from sync.wire.packing import HARD, effort_for
from sync.wire.stream import frames_of, gathered, packed_by_size, proposed, type_of

_KEPT_FOR_DIAGNOSIS = 1000
_TELLING_BYTES = 32 << 10


class Talking:
    """Conversations at one address. Learns what the other understands, and how hard packing pays on this link."""

    def __init__(self, transport: Transport, segments: tuple[str, ...]) -> None:
        self._transport = transport
        self._segments = segments
        self._takes_dictionary = True  # until it says that it does not
        self._effort = HARD  # until the link shows that it is quicker than the processor

    def say(self, text: bytes, told: Iterable[Item] = (), *, version: int = 1) -> tuple[bytes, Iterator[Item]]:
        """Say something and tell documents behind it; the answer's text, and what is told behind that as it comes.

        told     from its beginning each time it is gone through: once more where the other has not got our dictionary
        version  of exchanges, that the other is known to understand
        raises   LinkError when no answer came, ProtocolError when it makes no sense, and what it says
        """
        dictionary = proposed() if self._takes_dictionary else None
        try:
            return self._say(write_conversation(Kind.OFFER, text, told, version=version), text, dictionary)
        except UnsupportedType:
            if dictionary is None:
                raise
        self._takes_dictionary = False
        return self._say(write_conversation(Kind.OFFER, text, told, version=version), text, None)

    def _say(
        self, said: Iterator[tuple[bytes, bool]], text: bytes, dictionary: Dictionary | None
    ) -> tuple[bytes, Iterator[Item]]:
        body = gathered(packed_by_size(said, dictionary, effort=self._effort))
        begun: list[bytes] = []
        pieces = self._transport.converse(self._segments, body, signed=text, content_type=type_of(dictionary))
        frames = frames_of(_noted(pieces, begun), dictionary, answering=text)
        started, before = time.monotonic(), self._transport.traffic.bytes_sent
        try:
            answer = read_opening(frames, Kind.ANSWER)
        except BadRequest as error:
            raise ProtocolError(error.reason, answer=b"".join(begun)[:_KEPT_FOR_DIAGNOSIS]) from None
        self._learn(self._transport.traffic.bytes_sent - before, time.monotonic() - started)
        return answer, _sensible(read_items(frames, nothing_held))

    def _learn(self, sent: int, seconds: float) -> None:
        """How hard to pack next time: a little says nothing about the link, only about its round trip."""
        if sent >= _TELLING_BYTES:
            self._effort = effort_for(sent * 8 / max(seconds, 0.001))


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
