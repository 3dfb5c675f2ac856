"""What opens an exchange and what answers it: offers, answers and signed statements as JSON text and back.

    {"version", "statements": [{"kind", "payload", "signer", "signature"}, …], "heard": "…", "shares": …[, "clock"]}
    {"version", "statements", "heard", "databases", "at", "taken"[, "aside"][, "shut"][, "sought"]}   both: [, "unread"]

A payload is JSON text and travels as text, so the bytes that were signed are the bytes that arrive. Members that are
not known are passed over: a later version may say more.

Must not know: what statements mean, what follows in the exchange, sockets.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sync.errors import BadRequest
from sync.revisions.revision import parse_revision
from sync.trust.chain import digest_text, read_digest
from sync.trust.sizes import SIGNATURE_BYTES
from sync.values.conversation import SetAside, Share
from sync.values.heard_text import heard_text
from sync.values.json_text import LARGEST_INTEGER, dump, parse_object
from sync.values.statements import Answer, Offer, Signed

# From 3 on, a revision that follows from what it was made of need not be told; from 4 on, an answer may be packed with
# its offer as words that both have; from 5 on, both with what was said last, and a request may be signed in brief.
VERSION = 5
_MOST_STATEMENTS = 10_000
_MOST_DATABASES = 20_000
_MOST_SET_ASIDE = 100_000
_MOST_SOUGHT = 1_000
_STATEMENT = frozenset(("kind", "payload", "signer", "signature"))


def write_offer(offer: Offer) -> bytes:
    """An offer as JSON text, but for the life it was made in: that stands in the signature."""
    return dump(
        {
            "version": VERSION,
            "statements": statement_list(offer.statements),
            "heard": offer.heard,
            "shares": {share.name: [share.told, share.heard] for share in offer.shares},
            **_if_any("unread", offer.unread),
            **_if_any("clock", offer.clock),
        }
    )


def read_offer(text: bytes) -> Offer:
    """Read an offer; raises BadRequest naming the member that has not its shape."""
    body = parse_object(text)
    return Offer(
        read_statements(body.get("statements")),
        _text(body.get("heard"), "heard"),
        tuple(_share(name, value) for name, value in _members(body.get("shares"), "shares").items()),
        unread=_names(body.get("unread", [])),
        clock=_clock(body.get("clock", [])),
        version=_version(body.get("version", 1)),
    )


def write_answer(answer: Answer) -> bytes:
    """An answer as JSON text."""
    return dump(
        {
            "version": VERSION,
            "statements": statement_list(answer.statements),
            "heard": answer.heard,
            "databases": dict(answer.databases),
            "at": answer.at_ms,
            "taken": dict(answer.taken),
            **_if_any("aside", write_aside(answer.set_aside)),
            **_if_any("unread", answer.unread),
            **_if_any("shut", dict(answer.shut)),
            **_if_any("sought", {name: list(ids) for name, ids in answer.sought}),
        }
    )


def read_answer(text: bytes) -> Answer:
    """Read an answer; raises BadRequest naming the member that has not its shape."""
    body = parse_object(text)
    return Answer(
        read_statements(body.get("statements")),
        _text(body.get("heard"), "heard"),
        _positions(body.get("databases"), "databases"),
        _time(body.get("at", 0)),
        _positions(body.get("taken", {}), "taken"),
        read_aside(body.get("aside", [])),
        _names(body.get("unread", [])),
        _positions(body.get("shut", {}), "shut"),
        version=_version(body.get("version", 1)),
        sought=_sought(body.get("sought", {})),
    )


def statement_list(statements: Iterable[Signed]) -> list[dict[str, str]]:
    """Statements as JSON values."""
    return [
        {
            "kind": one.kind,
            "payload": one.payload.decode("utf-8"),
            "signer": one.signer,
            "signature": digest_text(one.signature),
        }
        for one in statements
    ]


def read_statements(value: object) -> tuple[Signed, ...]:
    """Read statements; whether the signatures fit is for custody to say. Raises BadRequest."""
    return tuple(_statement(one) for one in _list(value, "statements", _MOST_STATEMENTS))


def write_aside(set_aside: Iterable[SetAside]) -> list[list[str]]:
    """What was not taken in, as JSON values."""
    return [[one.name, one.id, str(one.revision), one.reason] for one in set_aside]


def read_aside(value: object) -> tuple[SetAside, ...]:
    """Read what was not taken in; raises BadRequest."""
    return tuple(_set_aside(one) for one in _list(value, "aside", _MOST_SET_ASIDE))


def _statement(value: object) -> Signed:
    if not isinstance(value, dict) or set(value) != _STATEMENT:
        raise BadRequest("a statement has kind, payload, signer and signature")
    kind, payload, signer = (_text(value[name], name) for name in ("kind", "payload", "signer"))
    try:
        told = payload.encode()
    except UnicodeEncodeError:
        raise BadRequest("a statement's payload is UTF-8 text") from None
    return Signed(kind, told, signer, read_digest(value["signature"], length=SIGNATURE_BYTES))


def _share(name: str, value: object) -> Share:
    positions = _list(value, "shares", 2)
    if len(positions) != 2:
        raise BadRequest("an exchange's shares have not their shape")
    return Share(name, _text(positions[0], "shares"), _text(positions[1], "shares"))


def _set_aside(value: object) -> SetAside:
    told = _list(value, "aside", 4)
    if len(told) != 4:
        raise BadRequest("an exchange's aside have not their shape")
    name, doc_id, revision, reason = (_text(one, "aside") for one in told)
    return SetAside(name, doc_id, parse_revision(revision), heard_text(reason))


def _names(value: object) -> tuple[str, ...]:
    return tuple(_text(name, "unread") for name in _list(value, "unread", _MOST_DATABASES))


def _if_any(name: str, told: Collection[Any]) -> dict[str, Collection[Any]]:
    """A member that is left out when there is nothing in it, for most of the time there is not."""
    return {name: told} if told else {}


def _positions(value: object, name: str) -> tuple[tuple[str, str], ...]:
    return tuple((each, _text(seq, name)) for each, seq in _members(value, name).items())


def _sought(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    told = _members(value, "sought")
    return tuple(
        (name, tuple(_text(one, "sought") for one in _list(ids, "sought", _MOST_SOUGHT))) for name, ids in told.items()
    )


def _members(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > _MOST_DATABASES:
        raise BadRequest(f"an exchange's {name} have not their shape")
    return value


def _list(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise BadRequest(f"an exchange's {name} have not their shape")
    return value


def _clock(value: object) -> tuple[int, ...]:
    told = tuple(_list(value, "clock", 2))
    whole = all(type(each) is int and abs(each) <= LARGEST_INTEGER for each in told)
    if not whole or len(told) == 1 or (told and told[1] < 0):
        raise BadRequest("an exchange's clock is an offset and its bound, in whole milliseconds")
    return told


def _version(value: object) -> int:
    if type(value) is not int or not 1 <= value <= LARGEST_INTEGER:
        raise BadRequest("an exchange's version is a whole number")
    return value


def _time(value: object) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_INTEGER:
        raise BadRequest("an exchange's time is a whole number of milliseconds")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"an exchange's {name} is text")
    return value
