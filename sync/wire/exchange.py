"""The exchange's framing: offers, answers and signed statements as JSON text, and back.

    {"version": 1,
     "statements": [{"kind", "payload", "signer", "signature"}, ...],
     "heard": "<cursor>",
     "databases": ["station_q7", ...]  or  {"station_q7": "<update sequence>", ...}}

A payload is canonical JSON, carried as a JSON *string*, so that the very bytes that were signed come
out again. What is empty is left out: an idle exchange is a few dozen bytes.

Must not know: sockets, signatures' meaning, what the statements say.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from sync.errors import BadRequest, ProtocolError
from sync.values.json_text import dump, parse_object
from sync.values.statements import Answer, Offer, Signed

_VERSION = 1
_SIGNATURE_BYTES = 64
_KEPT_FOR_DIAGNOSIS = 1000


def write_offer(offer: Offer) -> bytes:
    """An offer as JSON text."""
    return _write(offer.statements, offer.heard, [*offer.databases])


def read_offer(text: bytes) -> Offer:
    """Read an offer; raises BadRequest."""
    told = _read(text)
    databases = told.get("databases", [])
    if not isinstance(databases, list):
        raise BadRequest("`databases` must be a list of names")
    return Offer(_statements(told), _text(told, "heard"), tuple(_string(name, "a database name") for name in databases))


def write_answer(answer: Answer) -> bytes:
    """An answer as JSON text."""
    return _write(answer.statements, answer.heard, dict(answer.databases))


def read_answer(text: bytes) -> Answer:
    """Read a peer's answer; raises ProtocolError, which keeps the answer."""
    try:
        told = _read(text)
        databases = told.get("databases", {})
        if not isinstance(databases, dict):
            raise BadRequest("`databases` must be an object")
        pairs = tuple((name, _string(seq, "a sequence")) for name, seq in databases.items())
        return Answer(_statements(told), _text(told, "heard"), pairs)
    except BadRequest as error:
        raise ProtocolError(f"not an exchange: {error.reason}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None


def write_signed(signed: Signed) -> dict[str, str]:
    """A statement as JSON members; raises BadRequest when its payload is not UTF-8."""
    try:
        payload = signed.payload.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("a statement's payload must be UTF-8") from None
    return {
        "kind": signed.kind,
        "payload": payload,
        "signer": signed.signer,
        "signature": b64encode(signed.signature).decode("ascii"),
    }


def read_signed(told: object) -> Signed:
    """Read a statement; its signature is not verified here. Raises BadRequest."""
    if not isinstance(told, dict):
        raise BadRequest("a statement must be an object")
    try:
        signature = b64decode(_text(told, "signature").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BadRequest("a signature must be base64") from None
    if len(signature) != _SIGNATURE_BYTES:
        raise BadRequest(f"a signature has {_SIGNATURE_BYTES} bytes")
    kind, signer = _text(told, "kind"), _text(told, "signer")
    if not kind or not signer:
        raise BadRequest("a statement needs `kind` and `signer`")
    return Signed(kind, _text(told, "payload").encode("utf-8"), signer, signature)


def _write(statements: tuple[Signed, ...], heard: str, databases: list[str] | dict[str, str]) -> bytes:
    told: dict[str, Any] = {"version": _VERSION}
    if statements:
        told["statements"] = [write_signed(each) for each in statements]
    if heard:
        told["heard"] = heard
    if databases:
        told["databases"] = databases
    return dump(told)


def _read(text: bytes) -> dict[str, Any]:
    told = parse_object(text)
    if told.get("version") != _VERSION:
        raise BadRequest(f"exchange version {_VERSION} is spoken here")
    return told


def _statements(told: Mapping[str, Any]) -> tuple[Signed, ...]:
    statements = told.get("statements", [])
    if not isinstance(statements, list):
        raise BadRequest("`statements` must be a list")
    return tuple(read_signed(each) for each in statements)


def _text(told: Mapping[str, Any], name: str) -> str:
    return _string(told.get(name, ""), f"`{name}`")


def _string(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"{what} must be a string")
    return value
