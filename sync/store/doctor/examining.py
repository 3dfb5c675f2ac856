"""All checks, one after the other, over one snapshot of a directory; what cannot be read is a finding too.

A directory somebody runs is read beside its owner. One that nobody runs is opened so that nothing is written
into it, not even what SQLite would tidy up on closing.

Must not know: how findings are shown.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sync.errors import NewerStore, NotFound, StorageError
from sync.messages import N_, _
from sync.store.connection import (
    FILE_NAME,
    Connection,
    Opening,
    abandon,
    frames_in_log,
    open_frozen,
    open_reader,
    translated,
)
from sync.store.doctor.contents import check_contents, check_links
from sync.store.doctor.documents import check_digests, check_documents, check_let_go
from sync.store.doctor.file import check_pages, check_references, check_steps
from sync.store.doctor.finding import RESTORE, Check, Finding
from sync.store.doctor.indexes import check_indexes
from sync.store.doctor.ledger import (
    check_audit,
    check_holdings,
    check_lives,
    check_lost_photos,
    check_own_chain,
    check_receipt_numbers,
)
from sync.store.doctor.numbers import check_counters, check_sequences
from sync.store.key_folder import KeyFolder
from sync.store.lock import is_owned
from sync.store.log import index_of, is_log_there, lost_from
from sync.store.migrations import is_up_to_date, require_known
from sync.store.transaction import Reader
from sync.store.unlocking import opening_of

CHECKS = (
    Check(N_("File of data"), check_pages),
    Check(N_("References between tables"), check_references),
    Check(N_("Record of upgrades"), check_steps),
    Check(N_("Documents and revision trees"), check_documents),
    Check(N_("Digests of revisions"), check_digests),
    Check(N_("Contents let go"), check_let_go),
    Check(N_("Lost photos"), check_lost_photos),
    Check(N_("What is counted of documents"), check_counters),
    Check(N_("Update sequences"), check_sequences),
    Check(N_("Attachments"), check_links),
    Check(N_("Contents of attachments"), check_contents),
    Check(N_("Indexes of queries"), check_indexes),
    Check(N_("Identity of the station"), check_lives),
    Check(N_("Receipt number"), check_receipt_numbers),
    Check(N_("Chain of this machine’s events"), check_own_chain),
    Check(N_("Events held"), check_holdings),
    Check(N_("Audit"), check_audit),
)
_STOPPED = N_("%(what)s could not be read to the end: %(why)s")
Progress = Callable[[str, int], None]  # (title of the check under way, how many were looked at)


def examine(
    directory: Path, *, keys: KeyFolder | None = None, progress: Progress = lambda title, count: None
) -> Iterator[Finding]:
    """Everything that is to be said about a data directory; nothing when it is sound.

    keys    where the key of an encrypted one is
    raises  NotFound when there is no store, KeyMissing, NewerStore when a newer Yizhan wrote it
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise NotFound(
            _("There is no data in %(directory)s", directory=directory), remedy=_("Check the data directory.")
        )
    owned = is_owned(directory)
    opening = opening_of(path, keys, Opening())
    try:
        with _opened(path, opening, owned=owned) as connection:
            require_known(connection)
            if not owned:
                yield from _log(path, connection)
            if is_up_to_date(connection):
                yield from _checked(connection, progress)
            else:
                told = _("The data was written by an older version and is not upgraded yet")
                yield Finding(told, _("Start the station once, then check again."), is_fault=False)
    except NewerStore:
        raise
    except StorageError as error:
        yield Finding(_("The data cannot be opened: %(reason)s", reason=error.reason), _(RESTORE))


@contextmanager
def _opened(path: Path, opening: Opening, *, owned: bool) -> Iterator[Connection]:
    """A connection that leaves file, log and what lies beside them as they are."""
    if not owned and not is_log_there(path):
        with closing(open_frozen(path, opening)) as frozen:
            yield frozen
        return
    index_was_there = index_of(path).exists()
    connection = open_reader(path, opening)
    try:
        yield connection
    finally:
        abandon(connection)
        if not index_was_there:
            index_of(path).unlink(missing_ok=True)


def _log(path: Path, connection: Connection) -> Iterator[Finding]:
    """The write-ahead log of a directory nobody runs: whether SQLite would stop before what had been flushed."""
    if is_log_there(path):
        lost = lost_from(path, frames_in_log(connection))
        if lost is not None:
            told = _(
                "The write-ahead log is damaged from frame %(frame)s on: what was written last cannot be read",
                frame=lost,
            )
            yield Finding(told, _(RESTORE))


def _checked(connection: Connection, progress: Progress) -> Iterator[Finding]:
    with translated():
        connection.execute("BEGIN")
    for check in CHECKS:
        progress(check.title, 0)
        reader = Reader(connection)
        try:
            with translated():
                yield from check.find(reader, partial(progress, check.title))
        except StorageError as error:
            yield Finding(_(_STOPPED, what=check.title, why=error.reason), _(RESTORE))
        except Exception as error:  # rows so mangled that a check stumbles over them are what it looks for
            yield Finding(_(_STOPPED, what=check.title, why=type(error).__name__), _(RESTORE))
        finally:
            reader.end()
