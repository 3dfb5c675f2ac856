"""Passwords as CouchDB keeps them in a user's document, so that a replicated one signs in here.

    password_scheme  pbkdf2_prf  iterations  salt  derived_key      what is written: PBKDF2 over SHA-256
    pbkdf2 · simple+pbkdf2 over sha, sha224 … sha512                what is understood, too
    simple           salt        password_sha                       SHA-1 of password and salt, of old

A hash takes a quarter of a second on purpose, so only a few run at once, and one that fitted is
remembered.

source  CouchDB, `couch_passwords`, `couch_httpd_auth:authenticate_int/3`

Must not know: documents, accounts.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sync.errors import Forbidden, PeerBusy
from sync.users.remembered import Remembered, as_bytes
from sync.values.json_text import dump

ITERATIONS = 600_000  # CouchDB's, and OWASP's for this hash
# A user writes these fields into the own document; more would let one keep a processor busy for minutes.
MOST_ITERATIONS = 5_000_000
_AT_ONCE = 2
_LONGEST_WAIT_SECONDS = 5.0
_HASHES = {"sha": "sha1", "sha224": "sha224", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
FIELDS = frozenset(
    {"password_scheme", "pbkdf2_prf", "iterations", "salt", "derived_key", "password_sha", "preserve_salt"}
)


class Passwords:
    """Hashes and checks; guards how many are hashed at once and what is remembered."""

    def __init__(self, *, iterations: int = ITERATIONS) -> None:
        """For new hashes; those made with another number keep fitting."""
        self._iterations = iterations
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._remembered = Remembered()
        # What an unknown name is checked against, so that it answers no sooner than a known one.
        self.nobody: Mapping[str, Any] = {**_pbkdf2_fields(iterations, "nobody"), "derived_key": ""}

    def hash(self, password: object, *, salt: str) -> dict[str, Any]:
        """The fields to keep for a password; raises Forbidden when it is no text."""
        if not isinstance(password, str):
            raise Forbidden(f"Password value of '{dump(password).decode()}' is invalid.")
        fields = _pbkdf2_fields(self._iterations, salt)
        with self._slots:
            return fields | {"derived_key": _derived(as_bytes(password), fields)}

    def fits(self, kept: Mapping[str, Any], password: str) -> bool:
        """Whether a password is the one that fields were made of.

        raises  Forbidden when the fields ask for what no hash can be, PeerBusy when too many are being checked
        """
        digest = dump({name: kept[name] for name in sorted(FIELDS) if name in kept})
        if self._remembered.holds(digest, password):
            return True
        with self._turn():
            made, expected = _made(kept, as_bytes(password))
        if not hmac.compare_digest(made.encode(), expected.encode()):
            return False
        self._remembered.add(digest, password)
        return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise PeerBusy("Server cannot hash passwords at this time.")
        try:
            yield
        finally:
            self._slots.release()


def _pbkdf2_fields(iterations: int, salt: str) -> dict[str, Any]:
    return {"password_scheme": "pbkdf2", "pbkdf2_prf": "sha256", "salt": salt, "iterations": iterations}


def _made(kept: Mapping[str, Any], password: bytes) -> tuple[str, str]:
    """What this password makes, and what it should."""
    scheme = kept.get("password_scheme", "simple")
    if scheme == "pbkdf2":
        return _derived(password, kept), _text(kept, "derived_key")
    if scheme == "simple+pbkdf2":
        return _derived(_simple(password, kept).encode(), kept), _text(kept, "derived_key")
    return _simple(password, kept), _text(kept, "password_sha") if scheme == "simple" else ""


def _simple(password: bytes, kept: Mapping[str, Any]) -> str:
    return hashlib.sha1(password + _salt(kept), usedforsecurity=False).hexdigest()


def _derived(password: bytes, kept: Mapping[str, Any]) -> str:
    name, iterations = kept.get("pbkdf2_prf", "sha"), kept.get("iterations", 10_000)
    if not isinstance(name, str) or name not in _HASHES:
        raise Forbidden("PRF is invalid")
    if isinstance(iterations, bool) or not isinstance(iterations, int) or iterations < 1:
        raise Forbidden("Iteration count is too low for this server")
    if iterations > MOST_ITERATIONS:
        raise Forbidden("Iteration count is too high for this server")
    return hashlib.pbkdf2_hmac(_HASHES[name], password, _salt(kept), iterations).hex()


def _salt(kept: Mapping[str, Any]) -> bytes:
    return _text(kept, "salt").encode()


def _text(kept: Mapping[str, Any], name: str) -> str:
    value = kept.get(name, "")
    return value if isinstance(value, str) else ""
