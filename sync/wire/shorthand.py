"""Records in shorthand: what the receiver can work out by itself is not spelled.

The hashes in a record are what no compression can shorten, and most of them name events that the receiver has just been
sent, or holds: `previous` the writer's event before, `seen` the one before in the record. Whoever holds an event can
hash it. So a hash is told by how long ago its event went by in this stream; one that did not is spelled. (To write
those as bytes makes it worse: zstd packs 43 characters into 33 bytes, and text better without chance in between.)

    {"events":[‹{… "previous":"⟨1 back⟩","seen":[] …}›,‹{… "previous":"⟨2 back⟩","seen":["⟨0 back⟩"] …}›],"fold":1, …}

‹ and › are where an event begins and ends: bytes that JSON text cannot contain stand for them and for the hashes. The
rest stays text. Whatever the body, it comes back byte for byte; where such a byte stands in it, it is left as it is.
Both ends remember the same events, so a shorthand serves one direction of one exchange, and every body of it is read,
in order, even one that is set aside afterwards.

Of 200 new cases a quarter of the packed bytes goes away by this, of 200 cases with ten events each more than half.

Must not know: what the events are, compression, frames.
"""

import hashlib
import re
from collections import deque

from sync.errors import BadRequest
from sync.trust.chain import digest_text
from sync.values.json_text import dump_sorted, parse
from sync.wire.frames import LARGEST_FRAME_BYTES, read_number, write_number

# Beyond this many events nobody looks back: twice what is sent in an hour at 64 kbit/s, and half a megabyte.
REMEMBERED_EVENTS = 4096
_AS_IT_IS, _EDGE, _BACK = b"\x00", b"\x01", b"\x02"
_UNLAWFUL = re.compile(rb"[\x00-\x02]")
_HASH = re.compile(rb'(?<=")[A-Za-z0-9_-]{43}(?=\\?")')  # a statement's payload is JSON within JSON text
# One set of bytes to look for, which is five times as quick as three alternatives.
_MARK = re.compile(rb"[\x00-\x02](?:(?<=\x02)[\x80-\xff]{0,4}[\x00-\x7f])?")


class Shorthand:
    """One end of one direction of an exchange. Guards which events have gone by: at both ends the same."""

    def __init__(self) -> None:
        self._gone_by: deque[bytes] = deque(maxlen=REMEMBERED_EVENTS)
        self._count = 0
        self._places: dict[bytes, int] = {}

    def note(self, body: bytes) -> None:
        """Remember the events of a body that both ends hold, as if it had gone by."""
        for event in _events(body):
            self._remember(event)

    def write(self, body: bytes) -> bytes:
        """A body in shorthand; it has now gone by."""
        if _UNLAWFUL.search(body):
            return _AS_IT_IS + body
        written, place = bytearray(), 0
        for event in _events(body):
            begin = body.index(event, place)
            written += self._shortened(body[place:begin]) + _EDGE + self._shortened(event) + _EDGE
            place = begin + len(event)
            self._remember(event)
        return bytes(written + self._shortened(body[place:]))

    def read(self, text: bytes, *, largest_bytes: int = LARGEST_FRAME_BYTES) -> bytes:
        """The body that was written; it has now gone by.

        raises  BadRequest when this is no shorthand, speaks of an event that did not go by, or is too long written out
        """
        if text.startswith(_AS_IT_IS):
            return text[1:]
        body, place, begun = bytearray(), 0, None
        for mark in _MARK.finditer(text):
            is_edge = mark[0] == _EDGE
            body += text[place : mark.start()] + (b"" if is_edge else self._spelled(mark[0]))
            place = mark.end()
            if len(body) > largest_bytes:
                raise BadRequest(f"a body has at most {largest_bytes} bytes")
            if is_edge and begun is None:
                begun = len(body)
            elif is_edge:
                self._remember(bytes(body[begun:]))
                begun = None
        if begun is not None:
            raise BadRequest("a record in shorthand broke off within an event")
        return bytes(body + text[place:])

    def _remember(self, event: bytes) -> None:
        name = digest_text(hashlib.sha256(event).digest()).encode()
        if len(self._gone_by) == REMEMBERED_EVENTS:
            oldest = self._gone_by[0]
            if self._places[oldest] == self._count - REMEMBERED_EVENTS:  # else it went by again since
                del self._places[oldest]
        self._gone_by.append(name)
        self._places[name] = self._count
        self._count += 1

    def _shortened(self, text: bytes) -> bytes:
        return _HASH.sub(self._short, text)

    def _short(self, found: re.Match[bytes]) -> bytes:
        place = self._places.get(found[0])
        return found[0] if place is None else _BACK + write_number(self._count - 1 - place)

    def _spelled(self, mark: bytes) -> bytes:
        told = read_number(mark, len(_BACK)) if mark.startswith(_BACK) else None
        if told is None:
            raise BadRequest("not a record in shorthand")
        if told[0] >= len(self._gone_by):
            raise BadRequest("a record in shorthand speaks of an event that did not go by")
        return self._gone_by[-1 - told[0]]


def _events(body: bytes) -> list[bytes]:
    """The texts of a record's events, in their order; none where a body is no record, or not canonical JSON."""
    if b'"events":[{' not in body:
        return []
    try:
        told = parse(body)
        texts = [dump_sorted(event) for event in told["events"]] if isinstance(told, dict) else []
    except (BadRequest, KeyError, TypeError):
        return []
    return texts if b'"events":[' + b",".join(texts) + b"]" in body else []
