"""A backup that cannot be written or brought back says whose fault it is, and leaves nothing that stands in the way."""

import errno
from pathlib import Path

import pytest

from sync.errors import Damaged, DiskFull, StorageError
from sync.store import backup as backup_module
from sync.store.backup import back_up, restore
from sync.store.beside import SystemFiles
from sync.store.engine import Engine


class ReadOnly(SystemFiles):
    """A stick with its switch on."""

    def remove(self, path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))


def full(*_: object) -> None:
    raise DiskFull("The disk is full: not an error")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Engine.open(tmp_path / "store") as engine:
        engine.databases.create("books")
    return tmp_path / "store"


def test_a_disk_that_may_only_be_read_is_told_as_such(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="备份没有写成") as refused:
        back_up(store, tmp_path / "backup", files=ReadOnly())
    assert "权限" in refused.value.remedy


def test_a_disk_without_room_for_a_backup_is_named(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "snapshot", full)
    with pytest.raises(DiskFull, match=str(tmp_path)) as refused:
        back_up(store, tmp_path / "backup")
    assert "腾出" in refused.value.remedy
    assert [one.name for one in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize("kept", [100, 5000, 20_000])
def test_a_backup_that_was_cut_short_is_told_as_such_and_may_be_restored_again(
    store: Path, tmp_path: Path, kept: int
) -> None:
    back_up(store, tmp_path / "backup")
    cut = tmp_path / "cut"
    cut.write_bytes((tmp_path / "backup").read_bytes()[:kept])
    with pytest.raises(Damaged, match=str(cut)) as refused:
        restore(cut, tmp_path / "again", now_ms=1)
    assert "备份" in refused.value.remedy
    restore(tmp_path / "backup", tmp_path / "again", now_ms=1)


def test_what_a_full_disk_left_of_a_restore_does_not_stand_in_the_way_of_the_next(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(store, tmp_path / "backup")

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup_module.shutil, "copyfile", half)
        with pytest.raises(StorageError, match="没有恢复成"):
            restore(tmp_path / "backup", tmp_path / "again", now_ms=1)
    restore(tmp_path / "backup", tmp_path / "again", now_ms=1)
