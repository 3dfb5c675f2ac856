"""A directory on a stick, or anywhere: volumes appear in it whole or not at all.

A volume is written under a name that nobody takes for one, flushed, and given its name then. The name is chance: it
tells nothing, and no two are alike. A stick that is full or was pulled out is told in words for the one who holds it.

Must not know: what a volume is.
"""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sync.errors import BadRequest, DiskFull, Forbidden, NotFound, StorageError, TooLarge
from sync.messages import _
from sync.store.beside import SYSTEM, Files
from sync.values.heard_text import printable

ENDING = ".yzb"
# What is written where nobody says otherwise: of one volume, and of photos that were asked for in one export. A stick
# of any age has room for it, and nobody waits too long.
USUAL_VOLUME_BYTES = 64 << 20
USUAL_PHOTO_BYTES = 256 << 20
_UNFINISHED = ".part"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_OFFERED = {errno.EINVAL, errno.ENOTSUP}  # some network drives flush files, and no directories
_NAME_BYTES = 16
# Nobody writes one volume for so long.
_LEFT_SECONDS = 24 * 3600
_BLOCK_BYTES = 1 << 20
# The smallest that are written have 2 MB: so many are twenty gigabytes, and a list of names that nobody waits for.
MOST_VOLUMES = 10_000
# A pipe opened in the ordinary way waits until somebody writes into it.
_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Stick:
    """One directory that volumes are put into. Guards that none looks whole that is not."""

    def __init__(self, directory: Path, *, files: Files = SYSTEM) -> None:
        """The directory has to be there; raises NotFound."""
        _require_there(directory)
        self._directory = directory
        self._files = files
        self.names: list[str] = []  # of what was put there, whole
        self.digests: list[str] = []  # and SHA-256 of each

    @contextmanager
    def volume(self, counted: Callable[[int], object] | None = None) -> Iterator["_Counting"]:
        """A file to write one volume into; it gets its name when the block ends well, and is gone when it does not.

        counted  told of the bytes written so far
        raises   DiskFull, StorageError
        """
        name = secrets.token_hex(_NAME_BYTES) + ENDING
        path = self._directory / name
        unfinished = path.with_suffix(_UNFINISHED)
        try:
            with told_in_words(), unfinished.open("xb") as file:
                self._sweep(unfinished)
                counting = _Counting(file, counted)
                yield counting
                file.flush()
                os.fsync(file.fileno())
            with told_in_words():
                self._files.replace(unfinished, path)
                self._flush_names()
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        self.names.append(name)
        self.digests.append(counting.digest.hexdigest())

    def _sweep(self, fresh: Path) -> None:
        """Remove what an export that was killed left unfinished, some time ago by the stick's own clock."""
        now = fresh.stat().st_mtime
        for path in self._directory.glob(f"*{_UNFINISHED}"):
            if len(path.stem) == 2 * _NAME_BYTES and now - path.stat().st_mtime > _LEFT_SECONDS:
                path.unlink(missing_ok=True)

    def _flush_names(self) -> None:
        try:
            self._files.flush(self._directory)
        except OSError as error:
            if error.errno not in _NOT_OFFERED:
                raise

    def put(self, source: Path) -> str:
        """Copy a volume there under a name of its own; returns that."""
        with told_in_words(), source.open("rb") as file, self.volume() as target:
            while block := file.read(_BLOCK_BYTES):
                target.write(block)
        return self.names[-1]


class _Counting:
    """A file that counts and digests what is written to it."""

    def __init__(self, file: BinaryIO, counted: Callable[[int], object] | None) -> None:
        self._file = file
        self._counted = counted
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Write, and tell how much it was."""
        with told_in_words():
            self._file.write(data)
        self.digest.update(data)
        if self._counted is not None:
            self._counted(len(data))


def volumes_in(directory: Path) -> list[Path]:
    """The volumes in a directory, by name; raises NotFound, StorageError, BadRequest for more than anybody brings.

    A link that lies on a stick is none: whoever made it may mean any file of this machine.
    """
    _require_there(directory)
    found = []
    with told_in_words():
        for path in directory.iterdir():
            if path.suffix == ENDING and not path.is_symlink() and path.is_file():
                found.append(path)
            if len(found) > MOST_VOLUMES:
                raise BadRequest(
                    _(
                        "There are more than %(most)s files in the directory %(directory)s",
                        most=MOST_VOLUMES,
                        directory=directory,
                    ),
                    remedy=_("Put some of them into another directory, and import that."),
                )
    return sorted(found)


@contextmanager
def opened_file(path: Path) -> Iterator[BinaryIO]:
    """A file that somebody brought, to be read.

    raises  BadRequest for what is no file, such as a pipe, which would be waited for, or a device without an end, and
            for one that is gone or cannot be read; Forbidden, StorageError
    """
    with told_in_words(), _opened(path) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise BadRequest(_("This is no volume of ours"))
        yield file


def _opened(path: Path) -> BinaryIO:
    try:
        return open(path, "rb", opener=lambda name, flags: os.open(name, flags | _WITHOUT_WAITING))
    except PermissionError:
        raise
    except OSError:  # of this file alone: a stick is changed while it is read, or one place of it is damaged
        raise BadRequest(_("The file cannot be read; the stick may be pulled out or damaged")) from None


def shown_name(path: Path) -> str:
    """What a file is called, for showing: a name may hold what no text does, or what a terminal obeys."""
    return printable(path.name, instead="\N{REPLACEMENT CHARACTER}")


def _require_there(directory: Path) -> None:
    if not directory.is_dir():
        told = _("There is no directory %(directory)s", directory=directory)
        raise NotFound(told, remedy=_("Plug in the USB stick, check the directory and try again."))


@contextmanager
def told_in_words() -> Iterator[None]:
    """What the system says of a stick, as an error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(
                _("The USB stick (or the disk written to) is full, the last volume could not be written"),
                remedy=_(
                    "The volumes written before can be used; make room or take another stick, and export once more."
                ),
            ) from None
        if error.errno in _FORBIDDEN:
            told = _("The USB stick (or the directory) may not be read or written")
            remedy = _("Check the switch on the stick that protects it, and the permissions of the directory.")
            raise Forbidden(told, remedy=remedy) from None
        raise StorageError(
            _(
                "Reading or writing the USB stick (or the directory) failed: %(error)s",
                error=error.strerror or type(error).__name__,
            ),
            remedy=_("The stick may be pulled out or damaged; plug it in again and try once more."),
        ) from None


def digest_of(path: Path, *, most_bytes: int) -> str:
    """What a volume is known by, whatever it is called: SHA-256 of the file, 64 hexadecimal digits.

    raises  TooLarge for more bytes than that, whatever the file said before that it has; what `opened_file` does
    """
    with opened_file(path) as file:
        return digest_and_copy(file, None, most_bytes=most_bytes)


def digest_and_copy(source: BinaryIO, copy: BinaryIO | None, *, most_bytes: int) -> str:
    """The digest of a file, which goes into a copy while it is read; raises TooLarge."""
    digest, left = hashlib.sha256(), most_bytes
    if os.fstat(source.fileno()).st_size > most_bytes:  # a hole of terabytes takes no room, and hours to be read
        left = -1
    while left >= 0 and (block := source.read(_BLOCK_BYTES)):
        left -= len(block)
        digest.update(block)
        if copy is not None:
            copy.write(block)
    if left < 0:
        raise TooLarge(_("This volume is too large to be carried for another"))
    return digest.hexdigest()
