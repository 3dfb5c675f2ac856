"""Signing a statement, and believing one of somebody's: alike for every kind that its signer makes about itself.

Must not know: what the kinds say.
"""

from collections.abc import Mapping
from typing import Any

from sync.custody.shapes import VERSION
from sync.errors import Unauthorized
from sync.trust.keys import KeyPair
from sync.trust.signing import sign_statement, verify_statement
from sync.values.json_text import canonical
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


def require_own(signed: Signed, writer: str) -> None:
    """Raise Unauthorized when a statement speaks of another than who signed it."""
    if writer != signed.signer:
        raise Unauthorized(f"this {signed.kind} speaks for another than its signer")
