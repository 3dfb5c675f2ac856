"""The directory in which a machine keeps the keys of its encrypted files: outside of every data directory.

A key is a small text file named after the key's number. It is on disk before the file it opens exists, and nothing here
ever removes one: an old backup may need it. Whoever copies a data directory or a backup has not got it.

Must not know: SQLite, who wants a key.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sync.errors import BadRequest, Forbidden, KeyMissing, StorageError
from sync.store.beside import SYSTEM, Files
from sync.store.keys import StoreKey, parse_recovery_code

_ENDING = ".key"
_NOTE = "驿站数据的密钥：请勿删除；不要与数据目录或备份放在一起，也不要发给别人。"
_LONGEST = 2000
_REMEDY = (
    "密钥在别处的，用 YIZHAN_KEY_DIRECTORY 指明它的目录（也可能是换了系统账号）；"
    "密钥丢了的，用抄在纸上的恢复码找回：yizhan edge enter-recovery-code（中心用 yizhan central）。"
)


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """Keys by their numbers."""

    path: Path

    def find(self, number: str) -> StoreKey:
        """The key of that number; raises KeyMissing, in words that say which key and where it was looked for."""
        file = self.place_of(number)
        try:
            with file.open(encoding="utf-8", errors="replace") as opened:
                text = opened.read(_LONGEST)
        except FileNotFoundError:
            raise KeyMissing(f"数据已加密，打开它要用密钥 {number}，而 {self.path} 里没有", remedy=_REMEDY) from None
        except OSError as error:
            told = f"密钥文件 {file} 读不了：{error.strerror}"
            raise KeyMissing(told, remedy="请检查它的权限，并用建立数据的那个系统账号运行。") from None
        key = _read(text)
        if key is None or key.number != number:
            told = f"密钥文件 {file} 的内容不是密钥 {number}，它被改动过或已损坏"
            raise KeyMissing(told, remedy="请移开这个文件，再用抄在纸上的恢复码找回：yizhan edge enter-recovery-code。")
        return key

    def keep(self, key: StoreKey, *, files: Files = SYSTEM) -> Path:
        """Put a key on disk, for the owner of this process alone; returns where. Raises StorageError."""
        place = self.place_of(key.number)
        fresh = place.with_name(f"{place.name}.new")
        try:
            self._make(files)
            files.remove(fresh)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(f"{key.code}\n{_NOTE}\n")
            files.flush(fresh)
            files.replace(fresh, place)
            files.flush(self.path)
        except OSError as error:
            told = f"密钥不能写入 {self.path}：{error.strerror}"
            raise StorageError(told, remedy="请检查目录的权限，或用 YIZHAN_KEY_DIRECTORY 另指一个目录。") from error
        return place

    def require_outside(self, directory: Path) -> None:
        """Raise Forbidden when the keys would lie in a data directory, and be copied with it."""
        if self.path.resolve().is_relative_to(directory.resolve()):
            told = f"密钥目录 {self.path} 在数据目录里面，拷走数据就拷走了密钥"
            raise Forbidden(told, remedy="请用 YIZHAN_KEY_DIRECTORY 另指一个目录。")

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
