"""The directory in which a machine keeps the keys of its encrypted files: outside of every data directory.

A key is a small text file named after the key's number. It is on disk before the file it opens exists, and nothing here
ever removes one: an old backup may need it. Whoever copies a data directory or a backup has not got it.

Must not know: SQLite, who wants a key.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sync.errors import BadRequest, Forbidden, KeyMissing, StorageError
from sync.messages import N_, _
from sync.store.beside import SYSTEM, Files
from sync.store.keys import StoreKey, parse_recovery_code
from sync.typed import Value

_ENDING = ".key"
_NOTE = N_(
    "A key of Yizhan’s data: do not delete it; do not keep it beside the data directory or a "
    "backup, and send it to nobody."
)
_LONGEST = 2000
_REMEDY = N_(
    "If the key is elsewhere, name its directory in YIZHAN_KEY_DIRECTORY (it may be that of another "
    "account of the system); if it is lost, bring it back with the recovery code that was written "
    "on paper: yizhan edge enter-recovery-code (at the centre: yizhan central)."
)


class KeyFolder(Value):
    """Keys by their numbers."""

    path: Path

    def find(self, number: str) -> StoreKey:
        """The key of that number; raises KeyMissing, in words that say which key and where it was looked for."""
        file = self.place_of(number)
        try:
            with file.open(encoding="utf-8", errors="replace") as opened:
                text = opened.read(_LONGEST)
        except FileNotFoundError:
            told = _(
                "The data is encrypted; it takes key %(number)s to open it, which is not in %(directory)s",
                number=number,
                directory=self.path,
            )
            raise KeyMissing(told, remedy=_(_REMEDY)) from None
        except OSError as error:
            told = _("The file %(file)s of a key cannot be read: %(error)s", file=file, error=error.strerror)
            remedy = _("Check its permissions, and run this with the account of the system that made the data.")
            raise KeyMissing(told, remedy=remedy) from None
        key = _read(text)
        if key is None or key.number != number:
            told = _(
                "What is in %(file)s is not key %(number)s; it was changed or is damaged", file=file, number=number
            )
            remedy = _(
                "Move this file away and bring the key back with the recovery code that was written on paper: "
                "yizhan edge enter-recovery-code."
            )
            raise KeyMissing(told, remedy=remedy)
        return key

    def keep(self, key: StoreKey, *, files: Files = SYSTEM) -> Path:
        """Put a key on disk, for the owner of this process alone; returns where. Raises StorageError."""
        place = self.place_of(key.number)
        fresh = place.with_name(f"{place.name}.new")
        try:
            self._make(files)
            files.remove(fresh)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(f"{key.code}\n{_(_NOTE)}\n")
            files.flush(fresh)
            files.replace(fresh, place)
            files.flush(self.path)
        except OSError as error:
            told = _(
                "The key cannot be written into %(directory)s: %(error)s", directory=self.path, error=error.strerror
            )
            remedy = _("Check the permissions of the directory, or name another one in YIZHAN_KEY_DIRECTORY.")
            raise StorageError(told, remedy=remedy) from error
        return place

    def require_outside(self, directory: Path) -> None:
        """Raise Forbidden when the keys would lie in a data directory, and be copied with it."""
        if self.path.resolve().is_relative_to(directory.resolve()):
            told = _(
                "The directory of keys %(directory)s lies in the data directory; whoever copies the data has the key",
                directory=self.path,
            )
            raise Forbidden(told, remedy=_("Name another directory in YIZHAN_KEY_DIRECTORY."))

    def place_of(self, number: str) -> Path:
        """Where the key of that number is, or would be."""
        return self.path / f"{number}{_ENDING}"

    def _make(self, files: Files) -> None:
        """Make the directory, and put the names that led to it on disk."""
        missing = [place for place in (self.path, *self.path.parents) if not place.exists()]
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in missing:
            files.flush(made.parent)


def key_folder(named: str, environment: Mapping[str, str]) -> KeyFolder:
    """The folder that a setting names; where it names none, the user's own, or the machine's for who has no home.

    environment  of the process, for where this user's configuration is
    """
    return KeyFolder(Path(named) if named else _users_own(environment))


def _users_own(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32" and environment.get("APPDATA"):
        return Path(environment["APPDATA"]) / "yizhan" / "keys"
    configured = environment.get("XDG_CONFIG_HOME")
    try:
        return (Path(configured) if configured else Path.home() / ".config") / "yizhan" / "keys"
    except RuntimeError:
        return Path("/etc/yizhan/keys")


def _read(text: str) -> StoreKey | None:
    try:
        return parse_recovery_code(text.partition("\n")[0])
    except BadRequest:
        return None
