"""What opens the conveyance of one database, as JSON text and back.

    {"version", "pairing", "since"[, "proved"]}    {"version", "heard"[, "plain"]}
    {"version", "taken", "stood", "was_empty", "stands_at"[, "aside"][, "unread"]}

Members that are not known are passed over: a later version may say more.

Must not know: what follows, sockets.
"""

from typing import Any

from sync.errors import BadRequest
from sync.values.conveyance import Proposal, Settlement
from sync.values.json_text import dump, parse_object
from sync.wire.exchange import VERSION, read_aside, write_aside

_MOST_STOOD = 100


def write_proposal(proposal: Proposal) -> bytes:
    """A proposal as JSON text."""
    told: dict[str, Any] = {"version": VERSION}
    if proposal.heard is None:
        told |= {"pairing": proposal.pairing, "since": proposal.since}
    else:
        told["heard"] = proposal.heard
    return dump({**told, **{name: True for name in ("proved", "plain") if getattr(proposal, name)}})


def read_proposal(text: bytes) -> Proposal:
    """Read a proposal; raises BadRequest naming the member that has not its shape."""
    body = parse_object(text)
    if "heard" in body:
        return Proposal(heard=_text(body, "heard"), plain=body.get("plain") is True)
    return Proposal(_name(body), _text(body, "since"), body.get("proved") is True)


def write_settlement(settled: Settlement) -> bytes:
    """A settlement as JSON text."""
    told: dict[str, Any] = {
        "version": VERSION,
        "taken": settled.taken,
        "stood": settled.stood,
        "was_empty": settled.was_empty,
        "stands_at": settled.stands_at,
    }
    if settled.set_aside:
        told["aside"] = write_aside(settled.set_aside)
    return dump({**told, **({"unread": True} if settled.unread else {})})


def read_settlement(text: bytes) -> Settlement:
    """Read a settlement; raises BadRequest naming the member that has not its shape."""
    body = parse_object(text)
    stood = body.get("stood")
    if not isinstance(stood, list) or len(stood) > _MOST_STOOD or not all(isinstance(one, str) for one in stood):
        raise BadRequest("a conveyance's stood is a list of positions")
    return Settlement(
        _text(body, "taken"),
        tuple(stood),
        body.get("was_empty") is True,
        _text(body, "stands_at"),
        read_aside(body.get("aside", [])),
        body.get("unread") is True,
    )


def _name(body: dict[str, Any]) -> str:
    name = _text(body, "pairing")
    if not (0 < len(name) <= 64 and name.isascii() and name.isalnum()):
        raise BadRequest("a conveyance's pairing is a name of letters and digits")
    return name


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequest(f"a conveyance's {name} is text")
    return value
