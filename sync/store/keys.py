"""The key of an encrypted file, as it is drawn, written on paper, and named in the head of the file.

A key is 28 clear digits of chance: 140 bits, which nobody guesses, and half of what the 32 bytes of the cipher would
take to copy by hand. The cipher's key is derived from them in a microsecond, for there is no password to be made slow.
On paper it is the *recovery code*: seven groups, each with a check character that also says which group it is.

A key has a *number*, which says nothing about it. The file carries that number in its first 16 bytes, in the clear,
where any other SQLite file says that it is one; so a file that was copied, moved or restored says which key opens it.

Must not know: where keys are kept, SQLite.
"""

import hmac
import secrets
from collections.abc import Callable

from sync.errors import BadRequest
from sync.messages import _
from sync.records.clear_digits import ALPHABET, BITS, as_typed, digits_of, sure_digit
from sync.typed import Value, without

HEAD_BYTES = 16
_MARK = b"yizhan1:"  # the 1 goes up with the cipher or the way its key is derived
_GROUPS, _DIGITS_OF_GROUP = 7, 4
_LENGTH = _GROUPS * _DIGITS_OF_GROUP
_NUMBER_LENGTH = 7  # and a check character
_GROUP_WITH_CHECK = _DIGITS_OF_GROUP + 1


class StoreKey(Value):
    """What opens one file, or several.

    digits  28 of the clear alphabet: the secret
    """

    digits: str

    def __repr__(self) -> str:
        return without(self, "digits")

    @property
    def number(self) -> str:
        """Eight characters that name the key; from them nothing can be learnt about it."""
        body = digits_of(hmac.digest(b"yizhan store key number 1", self.digits.encode(), "sha256"), _NUMBER_LENGTH)
        return body + sure_digit(body)

    @property
    def raw(self) -> bytes:
        """The 32 bytes for the cipher."""
        return hmac.digest(b"yizhan store key 1", self.digits.encode(), "sha256")

    @property
    def head(self) -> bytes:
        """The first 16 bytes of a file it opens."""
        return _MARK + self.number.encode("ascii")

    @property
    def code(self) -> str:
        """The recovery code, as it is written on paper."""
        groups = [self.digits[start : start + _DIGITS_OF_GROUP] for start in range(0, _LENGTH, _DIGITS_OF_GROUP)]
        return "-".join(group + _check(place, group) for place, group in enumerate(groups, 1))


def draw_key(chance: Callable[[int], bytes] = secrets.token_bytes) -> StoreKey:
    """A new key."""
    return StoreKey(digits_of(chance(-(-_LENGTH * BITS // 8)), _LENGTH))


def parse_recovery_code(text: str) -> StoreKey:
    """Read a recovery code as someone typed it: case, spaces and dashes do not matter.

    raises  BadRequest, in words for the one who typed, that name the groups which are wrong
    """
    plain = as_typed(text)
    expected = _GROUPS * _GROUP_WITH_CHECK
    if len(plain) != expected:
        raise BadRequest(
            _(
                "A recovery code has %(groups)s groups, %(expected)s characters in all; you typed %(typed)s, "
                "check them and type again",
                groups=_GROUPS,
                expected=expected,
                typed=len(plain),
            )
        )
    groups = [plain[start : start + _GROUP_WITH_CHECK] for start in range(0, expected, _GROUP_WITH_CHECK)]
    wrong = [str(place) for place, group in enumerate(groups, 1) if not _fits(place, group)]
    if wrong:
        raise BadRequest(
            _(
                "Groups of the recovery code are wrong: %(groups)s; check each character against the paper and "
                "type again",
                groups=_(", ").join(wrong),
            )
        )
    return StoreKey("".join(group[:-1] for group in groups))


def number_in(head: bytes) -> str | None:
    """The number of the key that opens a file with this head; None when it is not the head of an encrypted file."""
    number = head[len(_MARK) : HEAD_BYTES].decode("ascii", "replace")
    return number if head.startswith(_MARK) and is_key_number(number) else None


def is_key_number(text: str) -> bool:
    """Whether this may name a key."""
    body, check = text[:-1], text[-1:]
    return len(text) == _NUMBER_LENGTH + 1 and all(each in ALPHABET for each in body) and sure_digit(body) == check


def _fits(place: int, group: str) -> bool:
    body, check = group[:-1], group[-1]
    return all(each in ALPHABET for each in body) and _check(place, body) == check


def _check(place: int, group: str) -> str:
    return sure_digit(f"{place}{group}")
