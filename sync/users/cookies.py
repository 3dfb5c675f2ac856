"""The text of CouchDB's session cookie: who signed in and when, with a signature over both.

    base64url(name ":" hexadecimal seconds ":" HMAC-SHA256)

The signature's key is the server's secret and the salt of the account's password, so a changed
password ends the sessions that were opened with the old one.

source  CouchDB, `couch_httpd_auth:cookie_authentication_handler/2`

Must not know: requests, accounts, clocks.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from sync.errors import BadRequest
from sync.typed import Value


class Token(Value):
    """A cookie taken apart, not believed yet."""

    name: str
    seconds: int
    signature: bytes

    def is_signed(self, secret: bytes, salt: str) -> bool:
        """Whether a server with that secret made it for an account with that salt."""
        return hmac.compare_digest(self.signature, _signature(self.name, self.seconds, secret, salt))


def write_token(name: str, seconds: int, *, secret: bytes, salt: str) -> str:
    """The cookie's text for somebody who signed in at a time."""
    signature = _signature(name, seconds, secret, salt)
    return urlsafe_b64encode(b":".join((_message(name, seconds), signature))).rstrip(b"=").decode()


def read_token(text: str) -> Token:
    """Take a cookie apart; raises BadRequest in CouchDB's words."""
    try:
        sent = text.encode("ascii")
        name, seconds, signature = urlsafe_b64decode(sent + b"=" * (-len(sent) % 4)).split(b":", 2)
        return Token(name.decode(), int(seconds, 16), signature)
    except ValueError:
        raise BadRequest("Malformed AuthSession cookie. Please clear your cookies.") from None


def _message(name: str, seconds: int) -> bytes:
    return f"{name}:{seconds:X}".encode()


def _signature(name: str, seconds: int, secret: bytes, salt: str) -> bytes:
    return hmac.digest(secret + salt.encode("utf-8", "surrogatepass"), _message(name, seconds), hashlib.sha256)
