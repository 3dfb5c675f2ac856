"""Passwords that fitted, remembered so that the next request with the same one costs no slow hash.

What is remembered is a keyed digest, in memory, under a key of this process alone. It covers what is
kept of the password too, so a changed password is forgotten by itself.

Must not know: accounts, how passwords are hashed.
"""

import hashlib
import secrets
import threading
from collections import OrderedDict

_MOST = 512


class Remembered:
    """The pairs that fitted last."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._fitting: OrderedDict[bytes, None] = OrderedDict()
        self._gate = threading.Lock()

    def holds(self, kept: bytes, password: str) -> bool:
        """Whether this password fitted this before, since the process began."""
        digest = self._digest(kept, password)
        with self._gate:
            if digest not in self._fitting:
                return False
            self._fitting.move_to_end(digest)
            return True

    def add(self, kept: bytes, password: str) -> None:
        """Remember a pair that fitted; the one not used for longest makes room."""
        digest = self._digest(kept, password)
        with self._gate:
            self._fitting[digest] = None
            if len(self._fitting) > _MOST:
                self._fitting.popitem(last=False)

    def _digest(self, kept: bytes, password: str) -> bytes:
        # At every request: OpenSSL would let go of the interpreter for these microseconds, and queue for it again.
        return hashlib.blake2b(kept + b"\0" + as_bytes(password), key=self._key, digest_size=32).digest()


def as_bytes(password: str) -> bytes:
    """The bytes to hash for a password."""
    # A header may smuggle in half a surrogate pair; it shall not fit, and not fail either.
    return password.encode("utf-8", "surrogatepass")
