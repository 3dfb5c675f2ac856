"""Passwords: the rule they obey, how they are kept, and how a fitting one is recognised cheaply again.

Argon2id costs 19 MiB and tens of milliseconds on purpose. On a 1 GB box that bounds how many may
run at once, and a tool that sends Basic with every request must not pay it every time: a pair that
fitted is remembered.

Must not know: accounts, who may do what.
"""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.messages import _
from sync.users.remembered import Remembered, as_bytes

SHORTEST = 8
# argon2 hashes a long text as gladly as a short one; this bounds what a stranger may have us hash.
LONGEST = 128
CLASSES = 3
# A shorter name turns up in a password by chance.
_TELLING_NAME = 4
_AT_ONCE = 2
# Without letters and digits that look alike: these are read over the telephone and typed by hand.
_ALPHABETS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789")
_GENERATED_LENGTH = 12


class Passwords:
    """Hashes and checks passwords; guards how many are hashed at once and what is remembered."""

    def __init__(self, *, memory_kib: int = 19 * 1024, passes: int = 2) -> None:
        """Settings of argon2id (OWASP's minimum); hashes made under others keep fitting."""
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._remembered = Remembered()
        # What an unknown name is checked against, so that it answers no sooner than a known one.
        self.nobody = self.hash(secrets.token_urlsafe(24))

    def hash(self, password: str) -> str:
        """The text to keep for a password: argon2id with its parameters and salt, in PHC form."""
        with self._slots:
            return self._hasher.hash(as_bytes(password))

    def fits(self, kept: str, password: str) -> bool:
        """Whether a password is the one that `kept` was made of."""
        if len(password) > LONGEST:
            return False
        if self.remembers(kept, password):
            return True
        with self._slots:
            try:
                self._hasher.verify(kept, as_bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        self._remembered.add(kept.encode("ascii"), password)
        return True

    def remembers(self, kept: str, password: str) -> bool:
        """Whether this pair fitted before, since this process began; costs no hashing."""
        return self._remembered.holds(kept.encode("ascii"), password)


def weakness(password: str, *, name: str = "") -> str:
    """What is wrong with a new password, as a sentence in Chinese; empty when it will do.

    source  the handbook's security defaults: at least 8 characters of 3 classes
    """
    if len(password) < SHORTEST:
        return _("A password has at least %(least)s characters", least=SHORTEST)
    if len(password) > LONGEST:
        return _("A password has at most %(most)s characters", most=LONGEST)
    if len(name) >= _TELLING_NAME and name.casefold() in password.casefold():
        return _("A password may not contain the account")
    if _classes(password) < CLASSES:
        return _("A password has three of: capitals, small letters, figures, other signs")
    return ""


def generate() -> str:
    """A password for handing over once: no look-alikes, obeys the rule, about 65 bits of chance."""
    while True:
        letters = [secrets.choice("".join(_ALPHABETS)) for _place in range(_GENERATED_LENGTH)]
        if all(any(letter in alphabet for letter in letters) for alphabet in _ALPHABETS):
            return "".join(letters)


def _classes(password: str) -> int:
    kinds = (
        any("a" <= c <= "z" for c in password),
        any("A" <= c <= "Z" for c in password),
        any("0" <= c <= "9" for c in password),
        any(not (c.isascii() and c.isalnum()) for c in password),
    )
    return sum(kinds)
