"""The signature on a request: who asks, in which life, and that this was not asked before.

Signed are method, target, digest of the body, life and a counter that only rises: a replayed request is
known by its counter, so no clock is needed, and village clocks are wrong. One header carries it:

    Authorization: Yizhan writer=<16>, life=<id>, counter=<n>, signature=<86>

and to whoever is known to read it so, in brief:

    Authorization: Yizhan <writer>.<life>.<counter>.<signature>

A body of some size is named before it comes, so that the signature is looked at first (RFC 9530):

    Content-Digest: sha-256=:<44>:

Requests of one peer may overtake each other on parallel connections, so a `Window` of recent
counters is kept, as IPsec does, instead of the highest alone.

Must not know: sockets, header tables, where counters are kept.
"""

import hashlib
from base64 import b64decode, b64encode

from sync.errors import BadRequest, Unauthorized
from sync.trust import keys
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair
from sync.trust.sizes import SIGNATURE_BYTES
from sync.typed import Value

SCHEME = "Yizhan"
WINDOW_WIDTH = 256  # far more requests than one peer has under way at once
_DOMAIN = b"yizhan request 1\n"
_MEMBERS = ("writer", "life", "counter", "signature")
_BETWEEN = "."
_LONGEST_LIFE = 64
_LARGEST_COUNTER = 2**53 - 1
_DIGEST_BEGINS, _DIGEST_ENDS = "sha-256=:", ":"


class Request(Value):
    """What of a request is signed.

    target       path with query, as sent
    body_digest  SHA-256 of the body as sent, 32 bytes
    counter      from 1, higher than in any earlier request of this life
    """

    method: str
    target: str
    body_digest: bytes
    life: str
    counter: int


class Claim(Value):
    """What an `Authorization` header claims, not yet verified."""

    writer: str
    life: str
    counter: int
    signature: bytes


class Window(Value):
    """Which counters of one life were heard: all below `highest - WINDOW_WIDTH` count as heard.

    recent  bit i stands for `highest - i`
    """

    highest: int = 0
    recent: int = 1


def body_digest(body: bytes) -> bytes:
    """The digest that a signature covers."""
    return hashlib.sha256(body).digest()


def tell_digest(digest: bytes) -> str:
    """The value of a `Content-Digest` header; source RFC 9530, 2."""
    return _DIGEST_BEGINS + b64encode(digest).decode("ascii") + _DIGEST_ENDS


def told_digest(value: str) -> bytes | None:
    """What `tell_digest` told; None for any other value: then the body was named to us by nobody."""
    try:
        digest = b64decode(value.removeprefix(_DIGEST_BEGINS).removesuffix(_DIGEST_ENDS), validate=True)
    except ValueError:
        return None
    return digest if tell_digest(digest) == value and len(digest) == hashlib.sha256().digest_size else None


def sign_request(pair: KeyPair, request: Request, *, brief: bool = False) -> str:
    """The value of the `Authorization` header for a request; brief, for whoever is known to read it so."""
    signature = digest_text(keys.sign(pair, _message(request)))
    told = (pair.writer, request.life, str(request.counter), signature)
    if brief:
        return f"{SCHEME} {_BETWEEN.join(told)}"
    return f"{SCHEME} " + ", ".join(f"{name}={text}" for name, text in zip(_MEMBERS, told, strict=True))


def read_authorization(value: str) -> Claim:
    """Read a header value; raises Unauthorized when it is not of our scheme or malformed."""
    scheme, _, rest = value.partition(" ")
    members = _read_brief(rest) or _read_members(rest)
    if scheme != SCHEME or members is None:
        raise Unauthorized("not a Yizhan request signature")
    counter, life = members["counter"], members["life"]
    if not (counter.isascii() and counter.isdigit() and len(counter) <= 16 and 0 < len(life) <= _LONGEST_LIFE):
        raise Unauthorized("malformed life or counter in the request signature")
    try:
        signature = read_digest(members["signature"], length=SIGNATURE_BYTES)
    except BadRequest:
        raise Unauthorized("malformed request signature") from None
    return Claim(members["writer"], life, int(counter), signature)


def _read_brief(text: str) -> dict[str, str] | None:
    parts = text.split(_BETWEEN)
    return dict(zip(_MEMBERS, parts, strict=True)) if len(parts) == len(_MEMBERS) else None


def _read_members(text: str) -> dict[str, str] | None:
    parts = [part.strip().partition("=") for part in text.split(",")]
    members = {name: value for name, _, value in parts}
    return members if len(parts) == len(members) and set(members) == set(_MEMBERS) else None


def verify_request(public: bytes, claim: Claim, request: Request) -> bool:
    """Whether the owner of a public key made this request, under the name and life claimed."""
    same = (claim.writer, claim.life, claim.counter) == (keys.writer_id(public), request.life, request.counter)
    return same and keys.verify(public, claim.signature, _message(request))


def admit(window: Window, counter: int) -> Window | None:
    """Mark a counter as heard.

    returns  the new window, or None when it was heard before, or is too old to tell
    """
    if not 0 < counter <= _LARGEST_COUNTER:
        return None
    if counter > window.highest:
        mask = (1 << WINDOW_WIDTH) - 1
        ahead = min(counter - window.highest, WINDOW_WIDTH)
        return Window(counter, (window.recent << ahead | 1) & mask)
    back = window.highest - counter
    if back >= WINDOW_WIDTH or window.recent >> back & 1:
        return None
    return Window(window.highest, window.recent | 1 << back)


def window_above(floor: int) -> Window:
    """A window that takes every counter up to a floor for heard; for a start from a stored floor."""
    return Window(floor, (1 << WINDOW_WIDTH) - 1)


def _message(request: Request) -> bytes:
    texts = (request.method.upper().encode(), request.target.encode(), request.body_digest, request.life.encode())
    framed = b"".join(len(text).to_bytes(4, "big") + text for text in texts)
    return _DOMAIN + framed + request.counter.to_bytes(8, "big")
