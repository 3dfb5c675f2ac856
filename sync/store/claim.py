"""Claiming a data directory for its current life, or for a new one when it is not what it was.

Two things betray a copy. The file's fingerprint is another: a directory copied elsewhere, or copied
back after the original was removed. Or the file is the old one with an older content written over
it, as `cp backup/* .` does; then the *witness* does not fit, a small file made anew at every opening, of
which the store remembers identity and content. A wrong alarm costs a telephone call for a device
code; a missed one gives a receipt number twice.

Missed is a copy taken while the node ran and written back over the same file before it was opened
again; whoever restores a backup on purpose says so with `lives.begin_life`.

Must not know: what a life is for.
"""

import errno
import secrets
from pathlib import Path

from sync.errors import DiskFull, StorageError
from sync.messages import N_, _
from sync.store.beside import SYSTEM, Files
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import Life, settle_life
from sync.store.ledger.openings import is_expected, note_opening
from sync.store.transaction import Transaction

WITNESS = "opening"
_NOTE = N_("By this file a copy of the data directory is recognised: do not delete, copy or change it.")
_LONGEST = 1000


def claim_directory(engine: Engine, *, now_ms: int, files: Files = SYSTEM) -> Life:
    """The life this directory lives from now on; to be called once after every `Engine.open`.

    raises  NotFound in a directory that was never initialised; DiskFull, StorageError when the disk refuses
    """
    witness = engine.directory / WITNESS
    try:
        place = fingerprint_of(engine.directory / FILE_NAME)
        found = _read(witness)
        fresh = _make(witness.with_suffix(".new"), files)

        def work(tx: Transaction) -> Life:
            life = settle_life(tx, fingerprint=place, now_ms=now_ms, turned_back=not is_expected(tx, found))
            note_opening(tx, found=found, current=fresh)
            return life

        life = engine.write(work)
        # Only now: were it replaced first, a crash in between would look like an older state.
        files.replace(witness.with_suffix(".new"), witness)
        files.flush(engine.directory)
    except DiskFull as error:
        raise _full(engine.directory) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(engine.directory) from error
        raise StorageError(f"The data directory cannot be claimed: {error}") from error
    return life


def _full(directory: Path) -> DiskFull:
    return DiskFull(
        _("The disk of %(directory)s is full, so these data cannot be opened", directory=directory),
        remedy=_("Free space on that disk, then give the command again; nothing was changed or lost."),
    )


def _make(path: Path, files: Files) -> str:
    files.write(path, f"{secrets.token_hex(8)}\n{_(_NOTE)}\n".encode())
    files.flush(path)
    return _read(path)


def _read(path: Path) -> str:
    """Content and identity of a witness; "" when there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            name = file.read(_LONGEST).partition("\n")[0]
        return f"{name} {fingerprint_of(path)}"
    except FileNotFoundError:
        return ""
