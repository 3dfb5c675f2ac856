"""How a file that is there has to be opened: in the clear, or with which key. The file itself says so.

Must not know: where keys are kept on this machine, what is in the file.
"""

from pathlib import Path

from sync.errors import KeyMissing
from sync.messages import _
from sync.store.connection import Opening
from sync.store.key_folder import KeyFolder
from sync.store.keys import HEAD_BYTES, number_in
from sync.store.log import is_at_rest
from sync.typed import replace

_PLAIN = b"SQLite format 3\0"


def opening_of(path: Path, keys: KeyFolder | None, wanted: Opening) -> Opening:
    """The way to open a file.

    keys    where its key is looked for; None where none is to be had
    wanted  how it is opened otherwise; with the key, when there is no file yet
    raises  KeyMissing
    """
    head = head_of(path)
    number = number_in(head)
    if number is None:
        # Before its first page is flushed a file says nothing, and was never acknowledged; then SQLite undoes it.
        is_unborn = not head or (head != _PLAIN and not is_at_rest(path))
        return wanted if is_unborn else replace(wanted, key=None)
    if wanted.key is not None and wanted.key.number == number:
        return wanted
    if keys is None:
        raise KeyMissing(_("The data is encrypted; it takes key %(number)s to open it", number=number))
    return replace(wanted, key=keys.find(number))


def key_number_of(path: Path) -> str | None:
    """The number of the key that opens a file; None when it is not encrypted, or not there."""
    return number_in(head_of(path))


def head_of(path: Path) -> bytes:
    """The first bytes of a file; fewer, or none, when it has no more."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except FileNotFoundError:
        return b""
