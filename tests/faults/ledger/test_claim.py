"""Does a directory notice that it is a copy, however it was copied, and only then?"""

import errno
import os
import shutil
from pathlib import Path

import pytest

from sync.errors import DiskFull, NotFound
from sync.store import claim
from sync.store.beside import SystemFiles
from sync.store.claim import WITNESS, claim_directory
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import all_lives, found_node
from sync.store.ledger.settings import put_settings
from sync.store.lock import OwnerLock, is_owned
from sync.trust import keys


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An initialised directory that was opened before."""
    home = tmp_path / "home"
    with Engine.open(home) as engine:
        place = fingerprint_of(home / FILE_NAME)
        engine.write(lambda tx: found_node(tx, keys.generate(), fingerprint=place, now_ms=1))
    for _ in range(2):  # the very first opening finds no witness, and must not mind
        _open(home)
    return home


def _open(directory: Path) -> list[str]:
    """Open and claim; the reasons of all its lives so far."""
    with Engine.open(directory) as engine:
        claim_directory(engine, now_ms=2)
        engine.write(lambda tx: put_settings(tx, {"something": "happened"}))
        return [life.reason for life in engine.read(all_lives)]


def test_opening_again_and_again_is_one_life(home):
    assert [_open(home) for _ in range(4)] == [["init"]] * 4


def test_moved_within_its_disk_it_is_the_same(home):
    home.rename(home.with_name("moved"))
    assert _open(home.with_name("moved")) == ["init"]


def test_rights_and_times_do_not_matter(home):
    for path in home.iterdir():
        os.utime(path, (1, 1))
        path.chmod(0o600)
    assert _open(home) == ["init"]


def test_an_opening_cut_short_at_any_step_is_no_copy(home, monkeypatch):
    def cut(*_, **__):
        raise OSError("power cut")

    for module, name in ((SystemFiles, "flush"), (claim, "note_opening"), (SystemFiles, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, cut)
            with pytest.raises(Exception, match="power cut"):
                _open(home)
        assert _open(home) == ["init"]


def test_two_openings_cut_short_after_another_are_no_copy(home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(SystemFiles, "replace", lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        for _ in range(2):
            with pytest.raises(Exception, match="power cut"):
                _open(home)
    assert _open(home) == ["init"]


@pytest.mark.parametrize("step", ["write", "flush", "replace", "note_opening"])
def test_a_full_disk_is_called_one_and_once_there_is_room_nothing_was_lost(home, monkeypatch, step):
    def full(*_, **__):
        raise DiskFull("database or disk is full") if step == "note_opening" else OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patch:
        patch.setattr(claim if step == "note_opening" else SystemFiles, step, full)
        with pytest.raises(DiskFull, match="磁盘满了") as refused:
            _open(home)
    assert "腾出空间" in refused.value.remedy
    assert _open(home) == ["init"]


def test_on_a_full_disk_a_directory_is_owned_without_a_name(home, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "write", full)
    lock = OwnerLock(home)
    assert is_owned(home)
    lock.release()


def test_a_copy_elsewhere_is_a_copy_once(home, tmp_path):
    shutil.copytree(home, tmp_path / "copy")
    assert _open(tmp_path / "copy") == ["init", "copy"]
    assert _open(tmp_path / "copy") == ["init", "copy"]
    assert _open(home) == ["init"]


def test_a_backup_written_over_the_directory_is_a_copy(home, tmp_path):
    backup = tmp_path / "backup"
    shutil.copytree(home, backup)
    _open(home)
    shutil.copytree(backup, home, dirs_exist_ok=True)
    assert _open(home) == ["init", "copy"]


def test_an_older_file_written_over_the_store_alone_is_a_copy(home, tmp_path):
    shutil.copy2(home / FILE_NAME, tmp_path / "backup")
    inode = (home / FILE_NAME).stat().st_ino
    _open(home)
    (home / FILE_NAME).write_bytes((tmp_path / "backup").read_bytes())
    assert (home / FILE_NAME).stat().st_ino == inode
    assert _open(home) == ["init", "copy"]
    assert _open(home) == ["init", "copy"]


def test_without_its_witness_a_directory_does_not_trust_itself(home):
    (home / WITNESS).unlink()
    assert _open(home) == ["init", "copy"]
    (home / WITNESS).write_bytes(b"\xff\xfe" * 5000)
    assert _open(home) == ["init", "copy", "copy"]


def test_a_directory_never_initialised_cannot_be_claimed(tmp_path):
    with Engine.open(tmp_path) as engine, pytest.raises(NotFound):
        claim_directory(engine, now_ms=1)
