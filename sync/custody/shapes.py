"""Reading the payload of a statement strictly: exactly these members, exactly these shapes.

A statement is believed because of its signature, and then drives screens and letting go; so
anything that is not plainly what it should be is refused, whoever signed it.

Must not know: what the members mean.
"""

import re
from typing import Any

from sync.errors import BadRequest
from sync.values.json_text import LARGEST_INTEGER, canonical, parse_object

VERSION = 1
_WRITER = re.compile(r"[a-z2-7]{16}\Z")
_LIFE = re.compile(r"[0-9a-f]{16}\Z")


def read_payload(payload: bytes, members: frozenset[str]) -> dict[str, Any]:
    """A payload as a dict.

    raises  BadRequest unless it is canonical JSON of this version with exactly these members
    """
    body = parse_object(payload)
    version = body.get("version")
    if type(version) is not int or version != VERSION:  # True equals 1, and is none
        raise BadRequest("a statement of a version this node does not know")
    if set(body) != members | {"version"}:
        raise BadRequest("a statement with other members than its kind has")
    if canonical(body) != payload:
        raise BadRequest("a statement that is not canonical JSON")
    return body


def writer_of(body: dict[str, Any], name: str) -> str:
    """A member that is a writer id."""
    return _matching(body, name, _WRITER)


def life_of(body: dict[str, Any], name: str) -> str:
    """A member that is a life."""
    return _matching(body, name, _LIFE)


def text_of(body: dict[str, Any], name: str, *, longest: int = 200) -> str:
    """A member that is text, perhaps empty."""
    value = body[name]
    if not isinstance(value, str) or len(value) > longest:
        raise BadRequest(f"a statement's {name} has not its shape")
    return value


def count_of(body: dict[str, Any], name: str, *, least: int = 0) -> int:
    """A member that is a whole number."""
    return whole_number(body[name], name, least=least)


def whole_number(value: object, name: str, *, least: int = 0) -> int:
    """A value that is a whole number; True is none."""
    if type(value) is not int or not least <= value <= LARGEST_INTEGER:
        raise BadRequest(f"a statement's {name} has not its shape")
    return value


def _matching(body: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or pattern.match(value) is None:
        raise BadRequest(f"a statement's {name} has not its shape")
    return value
