"""The envelope around a volume: sealed to one node, and to anybody else chance, but for the first eight bytes.

    "YZVOL" 0 0 1 · ephemeral X25519 key (32) · chunk · chunk · …

A chunk is 64 KiB of what is inside, under ChaCha20-Poly1305, with 16 bytes behind it; the last may be shorter. The key
is HKDF-SHA256 over the secret of an ephemeral key and the receiver's, salted with both. The nonce is the number of the
chunk and whether it is the last: so none can be left out, put elsewhere or taken from another volume, and an end that
is missing shows. Each is read and written by itself, in constant memory.

Nothing outside tells from whom or for whom it is. Whoever may be meant tries the first chunk.

source  the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as age and Tink use it

Must not know: what is inside, files.
"""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.bundle.refusals import BrokenVolume, NotAVolume, NotForUs
from sync.errors import BadRequest
from sync.messages import _
from sync.trust.agreement import agree, agreement_key, ephemeral, own_agreement
from sync.trust.keys import KeyPair
from sync.trust.sizes import KEY_BYTES

MAGIC = b"YZVOL\x00\x00\x01"
CHUNK_BYTES = 64 << 10
_TAG_BYTES = 16
_SEALED_BYTES = CHUNK_BYTES + _TAG_BYTES
_HEAD_BYTES = len(MAGIC) + KEY_BYTES
_DOMAIN = b"yizhan volume 1"


class Sink(Protocol):
    """Where sealed bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""
        ...


def sealed_size(inside: int) -> int:
    """How large a volume is that has so many bytes inside."""
    return _HEAD_BYTES + inside + _TAG_BYTES * max(1, -(-inside // CHUNK_BYTES))


def room_within(size: int) -> int:
    """How many bytes a volume of a given size has room for inside: the most for which `sealed_size` is no larger."""
    left = size - _HEAD_BYTES
    whole, rest = divmod(left, _SEALED_BYTES)
    return whole * CHUNK_BYTES + max(0, rest - _TAG_BYTES)


class Sealer:
    """Seals one volume. Guards that every chunk has a nonce of its own and exactly one is the last."""

    def __init__(self, sink: Sink, receiver: bytes) -> None:
        """Begin; `receiver` is the Ed25519 public key of the node it is sealed to."""
        private, public = ephemeral()
        theirs = agreement_key(receiver)
        self._cipher = ChaCha20Poly1305(_key(agree(private, theirs), public, theirs))
        self._sink = sink
        self._held = bytearray()
        self._number = 0
        sink.write(MAGIC + public)

    def write(self, data: bytes) -> None:
        """Take some of what is to be inside."""
        self._held += data
        while len(self._held) > CHUNK_BYTES:  # the last is held back until it is known not to be the last
            self._seal(bytes(self._held[:CHUNK_BYTES]), last=False)
            del self._held[:CHUNK_BYTES]

    def end(self) -> None:
        """That was all."""
        self._seal(bytes(self._held), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1


def is_volume(stream: BinaryIO) -> bool:
    """Whether something begins as a volume does; the stream stands behind the beginning then. Raises BrokenVolume."""
    return _read(stream, len(MAGIC)) == MAGIC


def opened(stream: BinaryIO, pair: KeyPair) -> Iterator[bytes]:
    """What is inside a volume, chunk by chunk; each was sealed so and stands where it stood.

    raises  NotAVolume, NotForUs before the first; BrokenVolume behind the last good one, where what follows was
            changed or is missing
    """
    if not is_volume(stream):
        raise NotAVolume(_("This is no volume of ours"))
    public = _read(stream, KEY_BYTES)
    private, ours = own_agreement(pair)
    try:
        cipher = ChaCha20Poly1305(_key(agree(private, public), public, ours))
    except BadRequest:
        raise NotForUs(_("It is not for this node, or it is damaged")) from None
    number, chunk = 0, _read(stream, _SEALED_BYTES)
    while True:
        behind = _read(stream, _SEALED_BYTES)
        plain = _open(cipher, chunk, number, last=not behind)
        if plain is None:
            # Cut off between two chunks: the one before the cut is whole, and says itself that it is not the last.
            plain = None if behind else _open(cipher, chunk, number, last=False)
            if plain is None and number == 0:
                raise NotForUs(_("It is not for this node, or it is damaged"))
            if plain is not None:
                yield plain
            raise BrokenVolume(_("The file is not whole, or damaged"))
        yield plain
        if not behind:
            return
        number, chunk = number + 1, behind


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError:
        raise BrokenVolume(_("The file cannot be read; the stick may be pulled out or damaged")) from None


def _open(cipher: ChaCha20Poly1305, chunk: bytes, number: int, *, last: bool) -> bytes | None:
    try:
        return cipher.decrypt(_nonce(number, last=last), chunk, None)
    except InvalidTag:
        return None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


def _key(secret: bytes, public: bytes, receiver: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=public + receiver, info=_DOMAIN).derive(secret)
