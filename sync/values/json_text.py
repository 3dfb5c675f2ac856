"""JSON text: read strictly, write compactly, and write canonically for whatever is hashed or signed.

Two writers give the same bytes for the same value only through `canonical` (RFC 8785). Records
hold no floats and no integer beyond 2^53, so `canonical` refuses both instead of imitating
ECMAScript's number formatting.

Must not know: what the text means.
"""

from collections.abc import Iterable
from typing import Any

import orjson

from sync.errors import BadRequest, TooDeep, TooLarge
from sync.messages import N_, _

LARGEST_INTEGER = 2**53 - 1
# Beyond the Basic Multilingual Plane the order of UTF-8 and of UTF-16 differ, and RFC 8785 sorts
# by UTF-16; member names out there have no use, so they are refused rather than sorted by hand.
_LAST_PLAIN_CHARACTER = "\uffff"
_NOTHING = b""
# What orjson says of 1024 levels that are read, or of 254 that are written; it has no errors of their own for them.
_TOO_DEEP = frozenset(("Recursion limit reached", "depth limit exceeded"))
_NO_NUMBERS = ("NaN", "Infinity")
_LONG = 1 << 16  # bytes; nobody holds many of these, and a copy would not be free
# An empty value takes three bytes of text and seventy of memory. What people write has twenty to thirty for each.
_FREE_VALUES = 500_000
_LEAST_VALUE_BYTES = 16


def parse(text: bytes | str) -> Any:
    """Read JSON text.

    raises  BadRequest when it is not JSON or not UTF-8, TooDeep when it is nested beyond the parser's depth
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise TooDeep if error.msg in _TOO_DEEP else BadRequest("invalid UTF-8 JSON") from None


def json_flaw(text: bytes | str) -> str:
    """Why a text is no JSON, in a sentence with line and character for whoever wrote it; "" where it is."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _(_flaw(error), line=error.lineno, column=error.colno)
    return ""


def _flaw(error: orjson.JSONDecodeError) -> str:
    told = error.msg
    if told in _TOO_DEEP:
        return N_("brackets stand in one another too deeply: make it plainer")
    if "not valid UTF-8" in told:
        return N_("The file is no text in UTF-8")
    if "escape" in told or "surrogate" in told:
        return N_("Line %(line)s, character %(column)s: no character is written by this backslash, write it as it is")
    if "infinity" in told or error.doc.startswith(_NO_NUMBERS, error.pos):
        return N_("Line %(line)s, character %(column)s: JSON has no NaN, no Infinity and no number that large")
    return N_("Line %(line)s, character %(column)s is no JSON")


def require_few_values(text: bytes) -> bytes:
    """The same text; raises TooLarge for one that is so much more in memory than it is long that one is enough."""
    if len(text) > _FREE_VALUES:
        values = text.count(b",") + text.count(b"{") + text.count(b"[")
        if values > _FREE_VALUES + len(text) // _LEAST_VALUE_BYTES:
            raise TooLarge("the JSON has too many values for its length")
    return text


def parse_object(text: bytes | str) -> dict[str, Any]:
    """Read JSON text that must be an object; raises BadRequest otherwise."""
    value = parse(text)
    if not isinstance(value, dict):
        raise BadRequest("Document must be a JSON object")
    return value


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects of a list, whatever else somebody put into it; [] of what is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, (list, tuple)) else []


def dump(value: Any) -> bytes:
    """Write a value that came from JSON, members in their own order, without spaces.

    raises  BadRequest when the value has no JSON form, such as text with a lone surrogate; TooDeep
    """
    try:
        return _trimmed(orjson.dumps(value))
    except orjson.JSONEncodeError as error:
        raise _not_written(error) from None


def dump_sorted(value: Any) -> bytes:
    """Write a value with sorted members: equal bytes for equal values on every Yizhan store."""
    try:
        return _trimmed(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
    except orjson.JSONEncodeError as error:
        raise _not_written(error) from None


def canonical(value: Any) -> bytes:
    """Write a value as RFC 8785 orders it.

    raises  BadRequest on floats, integers beyond 2^53 - 1, member names beyond U+FFFF, and what is nested too deeply
    source  RFC 8785, 3.2; the design's "Logs and merging"
    """
    try:
        _require_plain(value)
    except RecursionError:  # the parser reads a thousand levels; those that could be written again are a quarter of it
        raise BadRequest("nested too deeply to be written") from None
    return dump_sorted(value)


def _not_written(error: orjson.JSONEncodeError) -> BadRequest:
    return TooDeep() if str(error) in _TOO_DEEP else BadRequest(f"not expressible as JSON: {error}")


def _trimmed(text: bytes) -> bytes:
    """The same in no more memory than it needs.

    What orjson gives keeps the buffer it was written into, 4 KiB at least and often ten times its length (3.12,
    3.13): a page of a thousand rows would weigh megabytes.
    """
    return _NOTHING.join((text, _NOTHING)) if len(text) < _LONG else text


def _require_plain(value: Any) -> None:
    """Asked of every record several times on its way in: most of what it meets is text, and passed over in place."""
    if isinstance(value, dict):
        if not _are_plain(value):
            raise BadRequest("member names must be text of plain characters")
        for member in value.values():
            if type(member) is not str:
                _require_plain(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            if type(member) is not str:
                _require_plain(member)
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise BadRequest("integers beyond 2^53 - 1 are not allowed here")
    elif value is not None and not isinstance(value, str):
        raise BadRequest(f"{type(value).__name__} values are not allowed here")


def _are_plain(names: Iterable[object]) -> bool:
    try:
        joined = "".join(names)  # type: ignore[arg-type]  # of JSON's members, all names are text
    except TypeError:
        return False
    return joined.isascii() or max(joined) <= _LAST_PLAIN_CHARACTER
