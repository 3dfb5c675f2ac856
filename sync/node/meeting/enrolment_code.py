"""The code a centre reads to a new station over the telephone: `K3M7Q-01-7KXW9-RTB2C-X`.

It names the station (its `sid`), the device code of the life that will use it, and a secret of
50 bits. With it a station can issue receipt numbers before it ever had a network, and later the
two sides prove to each other that they hold the same secret without sending it. A relay between
them sees only proofs, and scrypt makes guessing from one too slow to be worth it.

Must not know: ledgers, clocks, the network.
"""

import hashlib
import hmac
from functools import lru_cache

from sync.errors import BadRequest
from sync.messages import _
from sync.records.clear_digits import as_typed, check_digit
from sync.typed import Value

SID_LENGTH = 5
_DEVICE_LENGTH = 2
SECRET_LENGTH = 10
_LENGTH = SID_LENGTH + _DEVICE_LENGTH + SECRET_LENGTH + 1


class EnrolmentCode(Value):
    """What the code says.

    sid     station id, lower case, as databases are named after it
    device  two characters that no other life of this station has used
    secret  ten characters known to the centre and whoever was told
    """

    sid: str
    device: str
    secret: str

    def __str__(self) -> str:
        body = f"{self.sid.upper()}{self.device}{self.secret}"
        return f"{body[:5]}-{body[5:7]}-{body[7:12]}-{body[12:]}-{check_digit(body)}"


def parse_code(text: str) -> EnrolmentCode:
    """Read a code as someone typed it: case, spaces and dashes do not matter.

    raises  BadRequest, in words for the one who typed, when length or check character are off
    """
    plain = as_typed(text)
    if len(plain) != _LENGTH:
        raise BadRequest(
            _(
                "An enrolment code has %(length)s characters; you typed %(typed)s, check them and type again",
                length=_LENGTH,
                typed=len(plain),
            )
        )
    body, check = plain[:-1], plain[-1]
    if not body.isascii() or check_digit(body) != check:
        raise BadRequest(_("The enrolment code cannot be right, check each character with the centre and type again"))
    device_end = SID_LENGTH + _DEVICE_LENGTH
    return EnrolmentCode(body[:SID_LENGTH].lower(), body[SID_LENGTH:device_end], body[device_end:])


def proof(code: EnrolmentCode, purpose: str, *parts: bytes) -> bytes:
    """Show knowledge of the secret, bound to a purpose and to what is being claimed.

    purpose  `station` for the one who asks, `centre` for the one who answers
    returns  32 bytes
    """
    mac = hmac.new(_key_of(code), purpose.encode(), hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(8, "big") + part)
    return mac.digest()


@lru_cache(maxsize=8)
def _key_of(code: EnrolmentCode) -> bytes:
    """Slow on purpose; whoever asks proves and checks with the same code within a moment."""
    salt = f"yizhan enrolment 1:{code.sid}:{code.device}".encode()
    return hashlib.scrypt(code.secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
