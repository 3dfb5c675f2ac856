"""The head of a request read in one look, and the head of an answer written in one go.

Cheroot reads a head line by line and looks at each in turn, which takes longer than looking up a document. Nearly
all heads arrive whole and say nothing unusual; those are read here by two regular expressions, and whatever is
unusual in any way is left to cheroot, unread: folded lines, repeated fields, other versions, bodies in chunks.

Must not know: sockets, what is answered.
"""

import re
import time
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote_to_bytes

from sync.typed import Value

_END = b"\r\n\r\n"
# Two slashes would begin the name of a host, and a fragment is never sent.
_ORDINARY = re.compile(
    r"([A-Z]+) (/(?!/)[!\"$->@-~]*)(?:\?([!\"$-~]*))? HTTP/1\.1\r\n"
    r"((?:[A-Za-z0-9-]+:[ -~]*\r\n)*)\r\n"
)
_FIELD = re.compile(r"([A-Za-z0-9-]+): *([ -~]*)\r\n")
# What a target must not begin with here, as a client spells it that joins a host's slash to a path's, or knows a proxy.
_BEFORE_PATH = re.compile(rb"(?i:https?://[^/?#\s]*)?/*")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ENCODED_SLASH = re.compile(r"%2F", re.IGNORECASE)
# What one of these asks for, cheroot sees to.
_UNUSUAL = ("HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE", "HTTP_TE")
_LONGEST_NUMBER = 15
_NO_BODY = (204, 205, 304)


class _Stream(Protocol):
    def peek(self) -> bytes: ...

    def read(self, size: int) -> bytes: ...


class _Lines(Protocol):
    def readline(self) -> bytes: ...


class Head(Value):
    """The head of a request.

    target  as it was sent; path is decoded, but for `%2F`, and each of its bytes stands as one character (PEP 3333)
    fields  by their names in a WSGI environ
    length  of the body in bytes; 0 as well when it comes in chunks
    """

    method: str
    target: str
    path: str
    query: str
    fields: Mapping[str, str]
    length: int = 0
    closing: bool = False


def ordinary_head(stream: _Stream) -> Head | None:
    """The head that lies ready in a stream; None when it is not there whole or not ordinary, and nothing is read."""
    seen = stream.peek()
    end = seen.find(_END) + len(_END)
    if end < len(_END):
        return None
    head = read_head(seen[:end])
    if head is not None:
        stream.read(end)
    return head


def read_head(sent: bytes) -> Head | None:
    """An ordinary head, up to and with its empty line; None when it is not ordinary.

    source  RFC 9112, 2 to 5
    """
    matched = _ORDINARY.fullmatch(sent.decode("latin-1"))
    if matched is None:
        return None
    method, path, query, lines = matched.groups()
    told = _FIELD.findall(lines)
    fields = {environ_name(name): value.rstrip(" ") for name, value in told}
    if len(fields) != len(told) or any(name in fields for name in _UNUSUAL):
        return None
    length = fields.get("CONTENT_LENGTH", "0")
    if not length.isdigit() or len(length) > _LONGEST_NUMBER:
        return None
    target = path if query is None else f"{path}?{query}"
    closing = fields.get("HTTP_CONNECTION", "").lower() == "close"
    return Head(method, target, _decoded(path), query or "", fields, int(length), closing)


class Spelled:
    """A stream whose first line is a request's, given in the one spelling that cheroot takes of its target.

    Addresses typed at a shell come in UTF-8 as they stand, and `//db` where a host was written with its slash.
    """

    def __init__(self, stream: _Lines) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """The next line."""
        return spelled(self._stream.readline())


def spelled(line: bytes) -> bytes:
    """A request line whose target begins with one slash and is percent-encoded; source: RFC 9112, 3.2."""
    method, space, rest = line.partition(b" ")
    target, behind, version = rest.rpartition(b" ")
    before = _BEFORE_PATH.match(target)
    if not (before and before[0] and behind):
        return line
    path = _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], target[before.end() :])
    return method + space + b"/" + path + behind + version


@lru_cache(256)
def environ_name(name: str) -> str:
    """What a field is called in a WSGI environ."""
    known = name.upper().replace("-", "_")
    return known if known in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{known}"


def write_head(status: str, headers: Sequence[tuple[str, str]], more: Sequence[tuple[str, str]]) -> bytes:
    """The head of an answer, with the date; `more` are headers that the application did not set itself.

    raises  ValueError for a header that would begin another line
    source  RFC 9112, 4 and 5; RFC 9110, 6.6.1
    """
    told = (*headers, *more)
    lines = "".join([f"{name}: {value}\r\n" for name, value in told])
    if lines.count("\n") != len(told) or lines.count("\r") != len(told):
        raise ValueError("a header of more than one line")
    return f"HTTP/1.1 {status}\r\n{lines}Date: {_date(int(time.time()))}\r\n\r\n".encode("latin-1")


def has_body(method: str, status: int) -> bool:
    """Whether an answer has a body, be it an empty one; source: RFC 9110, 6.4.1."""
    return method != "HEAD" and status >= 200 and status not in _NO_BODY


def _decoded(path: str) -> str:
    if "%" not in path:
        return path
    return "%2F".join(unquote_to_bytes(part).decode("latin-1") for part in _ENCODED_SLASH.split(path))


@lru_cache(2)
def _date(second: int) -> str:
    """A moment as HTTP writes it, made once a second."""
    return formatdate(second, usegmt=True)
