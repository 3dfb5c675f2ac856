"""Signatures that hold for one kind of statement only.

The kind is signed along with the payload, its length before it, so that a seal never passes for
a receipt and no pair of (kind, payload) reads as another.

Must not know: what kinds there are, or what a payload says.
"""

from sync.trust import keys
from sync.trust.keys import KeyPair

_DOMAIN = b"yizhan statement 1\n"


def sign_statement(pair: KeyPair, kind: str, payload: bytes) -> bytes:
    """Sign a payload as a statement of a kind: 64 bytes."""
    return keys.sign(pair, _message(kind, payload))


def verify_statement(public: bytes, kind: str, payload: bytes, *, signature: bytes) -> bool:
    """Whether the owner of a public key made this statement of this kind."""
    return keys.verify(public, signature, _message(kind, payload))


def _message(kind: str, payload: bytes) -> bytes:
    name = kind.encode()
    return _DOMAIN + len(name).to_bytes(4, "big") + name + payload
