"""Backing up a data directory while its owner works on, and bringing a backup back as a new life.

A backup is one SQLite file, a snapshot of one moment: readers never wait for writers here, nor the other
way round, so nothing stands still for it. It appears whole or not at all.

A directory restored is not the one that was lost: numbers may have been given and events written after
the backup was made. So it begins a new life, without a device code, and every sequence it ever gave
counts as the beginning; peers look at everything again and send back what it lost.

Must not know: stations, HTTP, when backups are made.
"""

import shutil
from contextlib import closing
from pathlib import Path

from sync.errors import Damaged, FileExists, NotFound, StorageError
from sync.store.beside import SYSTEM, Files
from sync.store.connection import FILE_NAME, Opening, close, copy_snapshot, open_frozen, open_reader, translated
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import begin_life
from sync.store.place import renew_epoch
from sync.store.transaction import Transaction


def back_up(directory: Path, target: Path, *, files: Files = SYSTEM) -> int:
    """Write a backup of a data directory to a file; whoever owns the directory works on.

    returns  its size in bytes, once it is on disk
    raises   NotFound when there is no store, FileExists when the target is there already, StorageError
    """
    source = directory / FILE_NAME
    if not source.is_file():
        raise NotFound(f"{directory} 中没有数据", remedy="请核对数据目录。")
    if target.exists():
        raise FileExists(f"{target} 已经存在", remedy="换一个文件名；旧的备份请留着。")
    beside = target.with_name(f"{target.name}.part")
    files.remove(beside)
    try:
        _snapshot(source, beside)
        files.flush(beside)
        files.replace(beside, target)
        files.flush(target.parent)
    except OSError as error:
        raise StorageError(f"备份没有写成：{error}", remedy="请检查目标磁盘的空间和权限。") from error
    finally:
        files.remove(beside)
    return target.stat().st_size


def restore(backup: Path, directory: Path, *, now_ms: int) -> None:
    """Make a data directory from a backup; it begins a new life.

    directory  must not exist, or be empty
    raises     NotFound when there is no backup, Damaged when it is none; FileExists when the directory is in
               use; NewerStore when a newer Yizhan made it, and then the directory is left empty
    """
    if not backup.is_file():
        raise NotFound(f"没有备份文件 {backup}")
    _require_store(backup)
    if directory.exists() and any(directory.iterdir()):
        raise FileExists(f"{directory} 不是空目录", remedy="请换一个新的目录，原来的数据不要覆盖。")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, directory / FILE_NAME)
        for copied in (directory / FILE_NAME, directory, directory.parent):
            SYSTEM.flush(copied)
        _begin_anew(directory, now_ms)
    except OSError as error:
        raise StorageError(f"备份没有恢复成：{error}", remedy="请检查磁盘的空间和权限。") from error
    except BaseException:
        for left in directory.iterdir():
            left.unlink()
        raise


def _require_store(backup: Path) -> None:
    """Raise Damaged when a file is no store of ours; an empty one would pass for a new store."""
    with translated(), closing(open_frozen(backup, Opening())) as connection:
        found = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'store'").get
    if not found:
        raise Damaged(f"{backup} 不是驿站的备份文件")


def _snapshot(source: Path, target: Path) -> None:
    connection = open_reader(source, Opening())
    try:
        copy_snapshot(connection, target)
    finally:
        close(connection)


def _begin_anew(directory: Path, now_ms: int) -> None:
    place = fingerprint_of(directory / FILE_NAME)

    def work(tx: Transaction) -> None:
        (broken,) = tx.execute("PRAGMA quick_check(1)")[0]
        if broken != "ok":
            raise StorageError(f"备份文件已损坏：{broken}", remedy="请用更早的备份。")
        renew_epoch(tx)
        if tx.one("SELECT 1 FROM node_key") is not None:
            begin_life(tx, "restore", fingerprint=place, now_ms=now_ms)
        tx.execute("DELETE FROM openings")

    with Engine.open(directory) as engine:
        engine.write(work)
