"""JSON values as bytes whose order is CouchDB's collation.

    null < false < true < numbers < text < arrays < objects

Each kind has a tag, so `true` is not 1 and null is not missing. 1 and 1.0 are equal, whatever their
size. Arrays compare item by item, objects member by member in the order they stand in, shorter ones
first. Everything that compares values here compares these bytes, so that an index, a full scan and
a filter cannot differ.

source  CouchDB, views collation specification; `couch_ejson_compare`

Must not know: selectors, what is indexed.
"""

import struct
from collections.abc import Sequence
from typing import Any

from sync.mango.fields import DEEPEST
from sync.mango.text_order import text_key

_NULL, _FALSE, _TRUE, _NUMBER, _TEXT, _ARRAY, _OBJECT = (bytes([tag]) for tag in range(0x10, 0x80, 0x10))
_END = b"\x00"  # smaller than any tag and any byte of a text's key
BEHIND_ALL = b"\xff"
_SIGN = 1 << 63
_EVEN = 0x8000  # what rounding to a float took away, counted from here


def sort_key(value: Any, levels: int = DEEPEST) -> bytes:
    """The bytes of one value; no key is the beginning of another.

    levels  how deep to look: a document may be nested beyond what a thread's stack holds
    """
    if isinstance(value, str):
        return _TEXT + text_key(value) + _END
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, (int, float)):
        return _NUMBER + _number(value)
    if levels == 0:
        return _ARRAY
    if isinstance(value, dict):
        members = (text_key(name) + _END + sort_key(member, levels - 1) for name, member in value.items())
        return _OBJECT + b"".join(members) + _END
    return _ARRAY + b"".join(sort_key(each, levels - 1) for each in value) + _END


def row_key(values: Sequence[Any]) -> bytes:
    """The bytes of an index row: the keys of its columns, one behind the other."""
    return b"".join(sort_key(value) for value in values)


def compare(one: Any, other: Any) -> int:
    """-1, 0 or 1: where a value stands against another."""
    here, there = sort_key(one), sort_key(other)
    return (here > there) - (here < there)


def _number(value: float) -> bytes:
    """Eight bytes of the nearest float, and two of what an integer is beyond it."""
    nearest = float(value) or 0.0  # -0.0 is 0
    beyond = value - int(nearest) if isinstance(value, int) else 0
    (bits,) = struct.unpack(">Q", struct.pack(">d", nearest))
    bits = bits ^ 0xFFFF_FFFF_FFFF_FFFF if bits & _SIGN else bits | _SIGN
    return struct.pack(">QH", bits, _EVEN + beyond)
