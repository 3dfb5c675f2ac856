"""The exchange's framing: offers, answers and signed statements as JSON text and back.

    {"statements": [{"kind", "payload", "signer", "signature"}, …], "heard": "…", "databases": …[, "at": …]}

A payload is JSON text and travels as text, so the bytes that were signed are the bytes that arrive.

Must not know: what statements mean, sockets.
"""

from collections.abc import Iterable
from typing import Any

from sync.errors import BadRequest
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import SIGNATURE_BYTES
from sync.values.json_text import LARGEST_INTEGER, dump, parse_object
from sync.values.statements import Answer, Offer, Signed

_MOST_STATEMENTS = 10_000
_MOST_DATABASES = 20_000
_STATEMENT = frozenset(("kind", "payload", "signer", "signature"))


def write_offer(offer: Offer) -> bytes:
    """An offer as JSON text."""
    return dump(
        {
            "statements": statement_list(offer.statements),
            "heard": offer.heard,
            "databases": list(offer.databases),
        }
    )


def read_offer(text: bytes) -> Offer:
    """Read an offer; raises BadRequest naming the member that has not its shape."""
    body = parse_object(text)
    return Offer(
        read_statements(body.get("statements")),
        _text(body.get("heard"), "heard"),
        tuple(_text(name, "databases") for name in _list(body.get("databases"), "databases", _MOST_DATABASES)),
    )


def write_answer(answer: Answer) -> bytes:
    """An answer as JSON text."""
    return dump(
        {
            "statements": statement_list(answer.statements),
            "heard": answer.heard,
            "databases": dict(answer.databases),
            "at": answer.at_ms,
        }
    )


def read_answer(text: bytes) -> Answer:
    """Read an answer; raises BadRequest naming the member that has not its shape."""
    body = parse_object(text)
    databases = body.get("databases")
    if not isinstance(databases, dict) or len(databases) > _MOST_DATABASES:
        raise BadRequest("an exchange's databases have not their shape")
    return Answer(
        read_statements(body.get("statements")),
        _text(body.get("heard"), "heard"),
        tuple((name, _text(seq, "databases")) for name, seq in databases.items()),
        _time(body.get("at", 0)),
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


def _statement(value: object) -> Signed:
    if not isinstance(value, dict) or set(value) != _STATEMENT:
        raise BadRequest("a statement has kind, payload, signer and signature")
    kind, payload, signer = (_text(value[name], name) for name in ("kind", "payload", "signer"))
    try:
        told = payload.encode()
    except UnicodeEncodeError:
        raise BadRequest("a statement's payload is UTF-8 text") from None
    return Signed(kind, told, signer, read_digest(value["signature"], length=SIGNATURE_BYTES))


def _list(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise BadRequest(f"an exchange's {name} have not their shape")
    return value


def _time(value: object) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_INTEGER:
        raise BadRequest("an exchange's time is a whole number of milliseconds")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"an exchange's {name} is text")
    return value
