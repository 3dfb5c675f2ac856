"""The name CouchDB gives to an index that was made without one: a digest of its definition.

The same anonymous index made on two servers is then the same design document, so that replicas do not
collect copies of it. The digest is taken over Erlang's external term format.

source  CouchDB, `mango_idx:gen_name/2`; Erlang, External Term Format

Must not know: databases.
"""

import hashlib
import struct
from collections.abc import Mapping
from typing import Any


class _Atom(str):
    """An Erlang name, which is not text."""


_AUTOMATIC = _Atom("auto_name")


def automatic_name(
    definition: Mapping[str, Any], *, design: str | None, name: str | None, partitioned: bool | None, quorum: int
) -> str:
    """The digest that stands for what was not named.

    definition   the index as its author wrote it
    design, name, partitioned, quorum   what the request said of them; the digest covers it
    """
    options = [
        (_Atom("ddoc"), _AUTOMATIC if design is None else design),
        (_Atom("def"), definition),
        (_Atom("name"), _AUTOMATIC if name is None else name),
        (_Atom("partitioned"), _Atom("db_default") if partitioned is None else partitioned),
        (_Atom("type"), "json"),
        (_Atom("w"), quorum),
    ]
    return hashlib.sha1(b"\x83" + _term((definition, options)), usedforsecurity=False).hexdigest()


def _term(value: Any) -> bytes:
    if isinstance(value, _Atom):
        return b"d" + struct.pack(">H", len(value)) + value.encode()
    if value is None or isinstance(value, bool):
        return _term(_Atom({None: "null", True: "true", False: "false"}[value]))
    if isinstance(value, str):
        raw = value.encode()
        return b"m" + struct.pack(">I", len(raw)) + raw
    if isinstance(value, float):
        return b"F" + struct.pack(">d", value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, tuple):
        return b"h" + bytes([len(value)]) + b"".join(_term(each) for each in value)
    if isinstance(value, Mapping):
        return _term((list(value.items()),))
    return _list(value)


def _integer(value: int) -> bytes:
    if 0 <= value < 256:
        return b"a" + bytes([value])
    if -(2**31) <= value < 2**31:
        return b"b" + struct.pack(">i", value)
    raw = abs(value).to_bytes((abs(value).bit_length() + 7) // 8, "little")
    return b"n" + bytes([len(raw), value < 0]) + raw


def _list(value: list[Any]) -> bytes:
    if not value:
        return b"j"
    small = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < 256 for each in value)
    if small and len(value) < 2**16:
        return b"k" + struct.pack(">H", len(value)) + bytes(value)
    return b"l" + struct.pack(">I", len(value)) + b"".join(_term(each) for each in value) + b"j"
