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
from sync.wire.stream import frames_of, gathered, measured, packed_by_size, proposed, type_of
from sync.wire.words import KNOWN_FROM, add_name, with_words, words_of

_KEPT_FOR_DIAGNOSIS = 1000
_TELLING_BYTES = 32 << 10
# Who does not remember costs a round trip; one that was started anew does again, one that speaks with thousands not.
_OFTEN_FORGOTTEN = 3


class Talking:
    """Conversations at one address. Learns what the other understands and remembers, and how hard packing pays."""

    def __init__(self, transport: Transport, segments: tuple[str, ...]) -> None:
        self._transport = transport
        self._segments = segments
        self._takes_dictionary = True  # until it says that it does not
        self._words = b""  # of the exchange before
        self._forgotten = 0  # how often in a row the other did not remember them
        self._effort = HARD  # until the link shows that it is quicker than the processor

    def say(self, text: bytes, told: Iterable[Item] = (), *, version: int = 1) -> tuple[bytes, Iterator[Item]]:
        """Say something and tell documents behind it; the answer's text, and what is told behind that as it comes.

        told     from its beginning each time it is gone through: once more where the other has not got our dictionary
        version  of exchanges, that the other is known to understand
        raises   LinkError when no answer came, ProtocolError when it makes no sense, and what it says
        """
        words, self._words = self._words, b""
        answer, items = self._say(text, told, words if self._may_recall(version) else b"", version)
        self._words = words_of(text, answer)
        return answer, items

    def _may_recall(self, version: int) -> bool:
        return version >= KNOWN_FROM and self._takes_dictionary and self._forgotten < _OFTEN_FORGOTTEN

    def _say(self, text: bytes, told: Iterable[Item], words: bytes, version: int) -> tuple[bytes, Iterator[Item]]:
        """In the shortest way that the other understands."""
        dictionary = proposed() if self._takes_dictionary else None
        is_little, said = measured(write_conversation(Kind.OFFER, text, told, version=version))
        if is_little and words:
            try:
                found = self._converse(said, text, dictionary, words, version)
            except UnsupportedType:
                self._forgotten += 1
            else:
                self._forgotten = 0
                return found
            said = write_conversation(Kind.OFFER, text, told, version=version)
        try:
            return self._converse(said, text, dictionary, b"", version)
        except UnsupportedType:
            if dictionary is None:
                raise
        self._takes_dictionary = False
        said = write_conversation(Kind.OFFER, text, told, version=version)
        return self._converse(said, text, None, b"", version)

    def _converse(
        self,
        said: Iterable[tuple[bytes, bool]],
        text: bytes,
        dictionary: Dictionary | None,
        words: bytes,
        version: int,
    ) -> tuple[bytes, Iterator[Item]]:
        body = gathered(packed_by_size(said, with_words(dictionary, words), effort=self._effort))
        begun: list[bytes] = []
        kind, is_brief = add_name(type_of(dictionary), words), version >= KNOWN_FROM
        pieces = self._transport.converse(self._segments, body, signed=text, content_type=kind, brief=is_brief)
        frames = frames_of(_noted(pieces, begun), dictionary, answering=words + text)
        started, before = time.monotonic(), self._transport.traffic.bytes_sent
        try:
            answer = read_opening(frames, Kind.ANSWER)
        except BadRequest as error:
            raise ProtocolError(error.reason, answer=b"".join(begun)[:_KEPT_FOR_DIAGNOSIS]) from None
        self._learn(self._transport.traffic.bytes_sent - before, time.monotonic() - started)
        return answer, _sensible(read_items(frames, nothing_held, spend=frames.spend))

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
