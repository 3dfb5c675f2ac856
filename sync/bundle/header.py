"""What stands at the head of a volume: who says it, to whom, which part of what it is, and what it rests on.

    {"version", "certificate", "life", "epoch", "set", "volume", "to", "rests_on", "since",
     "holds": {"life", "marks"}, "at"[, "wants"]}

Must not know: how a volume is sealed, what the marks mark.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import BadRequest
from sync.messages import _
from sync.typed import Value, field
from sync.values.json_text import LARGEST_INTEGER, dump, parse_object
from sync.values.statements import Signed
from sync.wire.exchange import read_statements, statement_list

VERSION = 1
_MOST_MARKS = 20_000
_MOST_WANTED = 10_000
_LONGEST_TEXT = 1024
_LATEST_MS = 250_000_000_000_000  # nine thousand years after Christ: what comes behind no calendar shows

# {database: positions in the other's feed, of which each says that everything before it is held}
Marks = Mapping[str, tuple[str, ...]]


class Header(Value):
    """The head of one volume.

    certificate  the centre's word for the key that this is signed with
    life, epoch  the exporter's, which positions of its feeds count within
    number       of the set, rising in a life;  volume, which of the set, from 1
    to           writer id of the one it is for
    rests_on     the receiver's life, when what that life said it holds was left out; "" when all was told
    since        {database: position in the exporter's feed up to which that is}
    holds_of     the receiver's life that `holds` is about: what the exporter has of its feeds
    at_ms        what the exporter's clock showed
    wants        {database: roots} of the photos that the exporter would have from the receiver
    """

    certificate: Signed
    life: str
    epoch: int
    number: int
    volume: int
    to: str
    rests_on: str
    since: Mapping[str, str]
    holds_of: str
    holds: Marks
    at_ms: int
    wants: Marks = field(default_factory=dict)


def write_header(header: Header) -> bytes:
    """A header as JSON text."""
    (certificate,) = statement_list([header.certificate])
    return dump(
        {
            "version": VERSION,
            "certificate": certificate,
            "life": header.life,
            "epoch": header.epoch,
            "set": header.number,
            "volume": header.volume,
            "to": header.to,
            "rests_on": header.rests_on,
            "since": dict(header.since),
            "holds": {"life": header.holds_of, "marks": {name: list(told) for name, told in header.holds.items()}},
            "at": header.at_ms,
            **({"wants": {name: list(roots) for name, roots in header.wants.items()}} if header.wants else {}),
        }
    )


def read_header(text: bytes) -> Header:
    """Read a header; raises BadRequest when it has not its shape, or is of a later version."""
    body = parse_object(text)
    if body.get("version") != VERSION:
        raise BadRequest(_("This file was written by a newer version, update this machine first"))
    (certificate,) = read_statements([body.get("certificate")])
    holds = body.get("holds")
    if not isinstance(holds, dict):
        raise BadRequest("a volume's head has not its shape")
    return Header(
        certificate=certificate,
        life=_text(body, "life"),
        epoch=_number(body, "epoch"),
        number=_number(body, "set"),
        volume=_number(body, "volume"),
        to=_text(body, "to"),
        rests_on=_text(body, "rests_on"),
        since={name: _position(told) for name, told in _members(body.get("since")).items()},
        holds_of=_text(holds, "life"),
        holds=_marks(holds.get("marks")),
        at_ms=_number(body, "at", most=_LATEST_MS),
        wants=_wants(body.get("wants", {})),
    )


def _marks(value: object) -> Marks:
    return {name: tuple(_position(one) for one in _list(told)) for name, told in _members(value).items()}


def _wants(value: object) -> Marks:
    return {name: tuple(_position(one) for one in _list(told, _MOST_WANTED)) for name, told in _members(value).items()}


def _members(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > _MOST_MARKS:
        raise BadRequest("a volume's marks have not their shape")
    return value


def _list(value: object, most: int = 16) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise BadRequest("a volume's marks have not their shape")
    return value


def _position(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
        raise BadRequest("a volume's marks have not their shape")
    return value


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise BadRequest(f"a volume's {name} has not its shape")
    return value


def _number(body: Mapping[str, Any], name: str, *, most: int = LARGEST_INTEGER) -> int:
    value = body.get(name)
    if type(value) is not int or not 0 <= value <= most:
        raise BadRequest(f"a volume's {name} is a whole number")
    return value
