"""Signing a statement, and believing one of somebody's: alike for every kind that its signer makes about itself.

Must not know: what the kinds say.
"""

import base64
from collections.abc import Mapping
from typing import Any

from sync.custody.shapes import VERSION
from sync.errors import BadRequest, Unauthorized
from sync.trust.keys import KeyPair, writer_id
from sync.trust.signing import sign_statement, verify_statement
from sync.values.json_text import canonical, parse_object
from sync.values.statements import Signed


def state(pair: KeyPair, kind: str, members: Mapping[str, Any]) -> Signed:
    """Sign a statement of these members."""
    payload = canonical({"version": VERSION, **members})
    return Signed(kind, payload, pair.writer, sign_statement(pair, kind, payload))


class FalseSignature(Unauthorized):
    """Somebody's name stands under what he did not sign."""


def require_signed(signed: Signed, kind: str, *, public_key: bytes) -> None:
    """Raise FalseSignature unless this is a statement of that kind, signed with that key."""
    if signed.kind != kind or not verify_statement(public_key, kind, signed.payload, signature=signed.signature):
        raise FalseSignature(f"the signature on this {kind} does not fit")


def statement_document(signed: Signed) -> bytes:
    """The canonical body of a document that is a statement: `{"type", "statement", "signature"}`."""
    signature = base64.b64encode(signed.signature).decode("ascii")
    return canonical({"type": signed.kind, "statement": parse_object(signed.payload), "signature": signature})


def stated_in(body: bytes, kind: str, *, called: str, public_key: bytes) -> Signed:
    """The statement of such a body, signed with that key.

    called  what it is to be, as in "an alert"
    raises  FalseSignature when it was not signed with the key; BadRequest when it is none
    """
    whole = parse_object(body)
    statement, signature = whole.get("statement"), whole.get("signature")
    if not isinstance(statement, dict) or not isinstance(signature, str):
        raise BadRequest(f"not {called}")
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        raise BadRequest(f"the signature of {called} is base64") from None
    signed = Signed(kind, canonical(statement), writer_id(public_key), raw)
    require_signed(signed, kind, public_key=public_key)
    return signed


def require_own(signed: Signed, writer: str) -> None:
    """Raise Unauthorized when a statement speaks of another than who signed it."""
    if writer != signed.signer:
        raise Unauthorized(f"this {signed.kind} speaks for another than its signer")
