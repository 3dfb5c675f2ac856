"""Ed25519 keys as raw bytes, and the name a key gives its owner.

A writer is called by its key, so a name cannot be taken by another: the first 80 bits of the
key's SHA-256 in lower-case base32, sixteen characters that read well in a log.

Must not know: what is signed, or where a key is kept.
"""

import base64
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sync.errors import BadRequest
from sync.trust.sizes import KEY_BYTES, SIGNATURE_BYTES, WRITER_ID_LENGTH
from sync.typed import Value, without


class KeyPair(Value):
    """A private key with its public half, 32 raw bytes each; the private half is never printed."""

    private: bytes
    public: bytes

    def __repr__(self) -> str:
        return without(self, "private")

    @property
    def writer(self) -> str:
        """The writer id of this key."""
        return writer_id(self.public)


def generate() -> KeyPair:
    """A new key pair."""
    return _pair(Ed25519PrivateKey.generate())


def load(private: bytes) -> KeyPair:
    """The pair of a private key kept as 32 raw bytes; raises BadRequest on anything else."""
    if len(private) != KEY_BYTES:
        raise BadRequest(f"an Ed25519 private key has {KEY_BYTES} bytes, not {len(private)}")
    return _pair(Ed25519PrivateKey.from_private_bytes(private))


def sign(pair: KeyPair, message: bytes) -> bytes:
    """Sign a message: 64 bytes, the same for the same key and message."""
    return _ready(pair.private).sign(message)


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of a public key signed this message; False on malformed keys too."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1024)
def writer_id(public: bytes) -> str:
    """The name of whoever owns a public key: 16 characters of a-z and 2-7."""
    return base64.b32encode(hashlib.sha256(public).digest()).decode("ascii").lower()[:WRITER_ID_LENGTH]


@lru_cache(maxsize=4)
def _ready(private: bytes) -> Ed25519PrivateKey:
    """To make a key ready takes as long as to sign with it, and a node has one."""
    return Ed25519PrivateKey.from_private_bytes(private)


def _pair(key: Ed25519PrivateKey) -> KeyPair:
    private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return KeyPair(private, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
