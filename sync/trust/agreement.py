"""A secret that two nodes agree upon from the keys they sign with: X25519 over Ed25519 keys.

An Ed25519 public key is a point of the very curve that X25519 computes on, written in other coordinates; its private
key is the same number in both. So whoever knows a node's certificate can seal something for it, and no second key
has to be certified. The two uses hash under domains of their own.

source  RFC 7748, 4.1 (the birational map); RFC 8032, 5.1.5 (the number behind a private key)

Must not know: what the secret is for.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync.errors import BadRequest
from sync.trust.keys import KeyPair
from sync.trust.sizes import KEY_BYTES

_P = 2**255 - 19
_SIGN_BIT = 1 << 255


def agreement_key(public: bytes) -> bytes:
    """The X25519 public key, 32 bytes, of whoever owns an Ed25519 public key.

    raises  BadRequest for what is no key, or for the one point that has no counterpart
    """
    y = int.from_bytes(public, "little") & ~_SIGN_BIT
    if len(public) != KEY_BYTES or y >= _P or y == 1:
        raise BadRequest("not an Ed25519 public key that a secret can be agreed upon with")
    u = (1 + y) * pow(1 - y, -1, _P) % _P
    return u.to_bytes(KEY_BYTES, "little")


def ephemeral() -> tuple[bytes, bytes]:
    """A key for one use: (private, public), 32 bytes each."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def agree(private: bytes, public: bytes) -> bytes:
    """The secret of one side's private and the other's public X25519 key, 32 bytes.

    raises  BadRequest when the public key is one that makes every secret the same
    """
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise BadRequest("not an X25519 public key that a secret can be agreed upon with") from None


def own_agreement(pair: KeyPair) -> tuple[bytes, bytes]:
    """(private, public) X25519 keys of a node's own pair."""
    return hashlib.sha512(pair.private).digest()[:KEY_BYTES], agreement_key(pair.public)
