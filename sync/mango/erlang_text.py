"""JSON values as CouchDB shows them in its sentences: Erlang terms.

CouchDB quotes what it could not understand with `~w`, which writes text as its bytes (`<<97,98>>`),
or with `~p`, which writes readable text as such. Test suites compare those sentences.

Must not know: which sentences.
"""

from collections.abc import Callable
from typing import Any


def bare(value: Any) -> str:
    """A value as `~w` writes it."""
    return _term(value, lambda raw: ",".join(str(byte) for byte in raw))


def readable(value: Any) -> str:
    """A value as `~p` writes it, short enough for one line."""

    def text(raw: bytes) -> str:
        if raw and all(32 <= byte < 127 for byte in raw):
            return '"' + raw.decode().replace("\\", "\\\\").replace('"', '\\"') + '"'
        return ",".join(str(byte) for byte in raw)

    return _term(value, text)


def _term(value: Any, text: Callable[[bytes], str]) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"<<{text(value.encode())}>>"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        members = ",".join(f"{{{_term(name, text)},{_term(member, text)}}}" for name, member in value.items())
        return f"{{[{members}]}}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_term(each, text) for each in value) + "]"
    return str(value)


def _number(value: float) -> str:
    """A float as Erlang writes it: always with a point, also before an exponent."""
    digits, e, exponent = repr(value).partition("e")
    if not e:
        return digits
    return f"{digits if '.' in digits else digits + '.0'}e{int(exponent)}"
