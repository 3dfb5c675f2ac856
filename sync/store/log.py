"""Whether the write-ahead log was cut where a power cut may cut it, or lost what had been flushed.

After a crash SQLite replays the log up to the first frame whose checksum does not fit, and forgets the
rest. That is right for the one transaction that was being written. But the next transaction is written only
after a commit was flushed, so a commit behind the stop with a frame that continues it was acknowledged:
the log is damaged, and going on would lose it without a word.

source  SQLite, "The WAL File Format"

Must not know: tables, who opens the file.
"""

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sync.errors import Damaged

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_USUAL_PAGE_BYTES = 4096
_LITTLE_ENDIAN, _BIG_ENDIAN = 0x377F0682, 0x377F0683


class _Frame(NamedTuple):
    position: int  # from 1
    head: bytes
    commits: bool
    salt: tuple[int, int]
    checksum: tuple[int, int]


def log_of(path: Path) -> Path:
    """The log beside a file."""
    return path.with_name(f"{path.name}-wal")


def index_of(path: Path) -> Path:
    """The index of the log, shared by the processes that have the file open and made anew when it is gone."""
    return path.with_name(f"{path.name}-shm")


def journal_of(path: Path) -> Path:
    """The journal of the first moments of a file's life, before it had a log; what it undoes was never acknowledged."""
    return path.with_name(f"{path.name}-journal")


def is_log_there(path: Path) -> bool:
    """Whether something is in the log beside a file, which a store closed in peace has not."""
    return _holds_something(log_of(path))


def is_at_rest(path: Path) -> bool:
    """Whether a file says by itself what is in it: neither log nor journal has to be played back first."""
    return not (is_log_there(path) or _holds_something(journal_of(path)))


def require_whole(path: Path, replayed: int) -> None:
    """Raise Damaged when the log beside a file holds a flushed commit behind the frames that were replayed."""
    if lost_from(path, replayed) is not None:
        raise Damaged(
            "The write-ahead log is damaged: changes written last cannot be read",
            remedy="Keep a copy of the directory, and restore the last backup.",
        )


def lost_from(path: Path, replayed: int) -> int | None:
    """The position of a flushed commit that SQLite did not replay; None when there is none.

    replayed  frames SQLite took as whole, from the beginning of the log
    """
    try:
        with log_of(path).open("rb") as log:
            return _lost_from(log, replayed, _page_size(path))
    except FileNotFoundError:
        return None


def _lost_from(log: BinaryIO, replayed: int, page_size: int) -> int | None:
    head = log.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return None
    magic, _, _, _, *salt, first, second = _HEADER.unpack(head)
    order = {_LITTLE_ENDIAN: "<", _BIG_ENDIAN: ">"}.get(magic)
    # Of a broken header nothing is believed but that the frames behind it fit together.
    is_sound = order is not None and _checksum(order, (0, 0), head[:24]) == (first, second)
    orders = (order,) if is_sound and order else ("<", ">")
    expected = (salt[0], salt[1]) if is_sound else None
    before: _Frame | None = None
    for frame in _frames(log, page_size):
        expected = expected or frame.salt
        if frame.salt != expected or frame.position <= replayed:
            before = None
            continue
        if before is not None and before.commits and _continues(log, before, frame, orders, page_size):
            return before.position
        before = frame
    return None


def _page_size(path: Path) -> int:
    """As the file tells it; what is not there yet, or cannot be told, has the usual size."""
    try:
        with path.open("rb") as file:
            told = int.from_bytes(file.read(18)[16:18], "big")
    except FileNotFoundError:
        told = 0
    return told if told in {2**n for n in range(9, 16)} else 1 << 16 if told == 1 else _USUAL_PAGE_BYTES


def _frames(log: BinaryIO, page_size: int) -> Iterator[_Frame]:
    position = 0
    while True:
        log.seek(_HEADER.size + position * (_FRAME.size + page_size))
        head = log.read(_FRAME.size)
        if len(head) < _FRAME.size:
            return
        position += 1
        _, commit, *rest = _FRAME.unpack(head)
        yield _Frame(position, head, commit != 0, (rest[0], rest[1]), (rest[2], rest[3]))


def _continues(log: BinaryIO, before: _Frame, frame: _Frame, orders: Sequence[str], page_size: int) -> bool:
    """Whether a frame was written as the next one of another, by the running checksum of both."""
    log.seek(_HEADER.size + (frame.position - 1) * (_FRAME.size + page_size) + _FRAME.size)
    page = log.read(page_size)
    if len(page) < page_size:
        return False
    return any(
        _checksum(order, _checksum(order, before.checksum, frame.head[:8]), page) == frame.checksum for order in orders
    )


def _checksum(order: str, seed: tuple[int, int], data: bytes) -> tuple[int, int]:
    first, second = seed
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
