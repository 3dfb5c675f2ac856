"""The fields of a head that cheroot reads, held to what lets everybody find the same end of the same request.

Where a proxy and a node disagree about where a request ends, one person's request becomes the beginning of another's.
So what may be read in two ways is refused and not guessed at: lengths told twice or beside chunks, a length that is
not digits alone, a name that is none or has a space behind it, controls within a value.

source  RFC 9112, 5 and 6; RFC 9110, 5.5 and 5.6.2

Must not know: sockets, what is asked.
"""

import re
from collections.abc import MutableMapping
from typing import Protocol

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# RFC 9110, 5.5: a tab may stand in a value, and no other control. Cheroot would take some of them for spaces.
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_LENGTH_NAME, _CODING_NAME, _COOKIE_NAME = b"Content-Length", b"Transfer-Encoding", b"Cookie"
# Of these two are not two wishes but a riddle.
_ONCE = frozenset((b"Host", _LENGTH_NAME, _CODING_NAME))


class _Lines(Protocol):
    def readline(self) -> bytes: ...


def read_fields(lines: _Lines, into: MutableMapping[bytes, bytes]) -> None:
    """Read fields up to the empty line into {name as `Content-Length` is written: value}; repeated ones as a list.

    A name with `_` in it is passed over: an application could not tell it from one with `-`.

    raises  ValueError with the sentence of the refusal; what the lines raise
    """
    name = b""
    while (line := _line(lines)) != b"":
        if line[:1] in (b" ", b"\t"):
            if not name or name in _ONCE:
                raise ValueError("Illegal header line.")
            into[name] += b" " + line.strip(b" \t")
            continue
        told, colon, value = line.partition(b":")
        if not (colon and _NAME.fullmatch(told)):
            raise ValueError("Illegal header line.")
        name = told.title()
        _add(into, name, value.strip(b" \t"))
    for passed_over in [name for name in into if b"_" in name]:
        del into[passed_over]
    _require_one_length(into)


def _line(lines: _Lines) -> bytes:
    line = lines.readline()
    if not line:
        raise ValueError("Illegal end of headers.")
    if not line.endswith(b"\r\n"):
        raise ValueError("HTTP requires CRLF terminators")
    if _CONTROL.search(line, 0, len(line) - 2):
        raise ValueError("Illegal header line.")
    return line[:-2]


def _add(into: MutableMapping[bytes, bytes], name: bytes, value: bytes) -> None:
    if name in into and name in _ONCE:
        raise ValueError(f"{name.decode()} may be told once.")
    between = b"; " if name == _COOKIE_NAME else b", "  # RFC 9113, 8.2.3: proxies may have taken cookies apart
    into[name] = into[name] + between + value if name in into else value


def _require_one_length(fields: MutableMapping[bytes, bytes]) -> None:
    length, coding = fields.get(_LENGTH_NAME), fields.get(_CODING_NAME)
    if length is not None and not _LENGTH.fullmatch(length):
        raise ValueError("Malformed Content-Length.")
    if coding is None:
        return
    if length is not None:
        raise ValueError("A body has a length or comes in chunks.")
    codings = [each.strip(b" \t").lower() for each in coding.split(b",")]
    # Another coding than chunks cheroot answers itself (501).
    if codings.count(b"chunked") > 1 or b"" in codings:
        raise ValueError("Malformed Transfer-Encoding.")
