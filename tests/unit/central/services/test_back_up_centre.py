"""The nightly backup: when it is due, what is kept, and what a failure changes (nothing)."""

import random
from pathlib import Path

import pytest

from central.services.back_up_centre import back_up_when_due, read_backup
from sync.blobs.reading import read_list
from sync.blobs.storing import store_bytes
from sync.casework.list_lost_photos import list_lost_photos
from sync.errors import Damaged, Forbidden, NotFound
from sync.node.node import Node
from sync.records.ids import chunk_id
from sync.store.backup import restore
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.values.documents import Wanted
from tests.unit.central.conftest import START_MS

HOUR_MS = 3_600_000
NIGHT_MS = START_MS + 12 * HOUR_MS  # 02:04 of the next night


def run(node, directory, *, keep=2):
    return back_up_when_due(node, str(directory), hour=2, keep=keep, trust_same_disk=True)


@pytest.fixture
def disk(tmp_path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


def test_one_is_made_at_once_then_one_a_night_and_the_oldest_goes(node, clock, disk):
    made = [run(node, disk)]
    assert made[0] is not None
    for hours in range(1, 24 * 4):
        clock.now_ms = START_MS + hours * HOUR_MS
        made.append(run(node, disk))
    # 14:04 at once; then the nights, the first of which is twelve hours later.
    assert [number for number, one in enumerate(made) if one] == [0, 12, 36, 60, 84]
    assert sorted(disk.iterdir()) == [made[60], made[84]]
    restore(made[84], disk.parent / "again", now_ms=clock.now_ms)
    with Engine.open(disk.parent / "again"):
        pass


def test_a_night_that_was_missed_is_made_up_for(node, clock, disk):
    run(node, disk)
    clock.now_ms = START_MS + 28 * HOUR_MS
    assert run(node, disk) is None
    clock.now_ms = START_MS + 31 * HOUR_MS
    assert run(node, disk) is not None


def test_a_clock_put_back_does_not_keep_it_from_being_made(node, clock, disk):
    run(node, disk)
    clock.now_ms = START_MS - 24 * HOUR_MS
    assert run(node, disk) is not None


def test_a_disk_that_is_not_there_is_told_and_takes_nothing_back(node, clock, disk):
    first = run(node, disk)
    clock.now_ms = NIGHT_MS
    with pytest.raises(NotFound):
        run(node, disk / "unplugged")
    told = read_backup(node)
    assert "备份没有做成" in told["trouble"]
    assert (told["file"], told["at"]) == (first.name, "2025-09-26T14:04:05+08:00")
    assert run(node, disk) is not None
    assert read_backup(node)["trouble"] == ""


def test_a_backup_that_vanished_is_made_anew_at_once(node, clock, disk):
    run(node, disk).unlink()
    clock.now_ms = START_MS + HOUR_MS
    assert run(node, disk) is not None
    assert read_backup(node)["trouble"] == ""


def test_what_was_taken_back_is_said_beside_why_there_is_no_other(node, clock, disk):
    run(node, disk).unlink()
    disk.rmdir()
    for hours in (1, 2):
        clock.now_ms = START_MS + hours * HOUR_MS
        with pytest.raises(NotFound):
            run(node, disk)
    told = read_backup(node)["trouble"]
    assert "备份文件不见了" in told
    assert "已向各站收回" in told
    assert "备份没有做成" in told


def test_a_disk_that_was_pulled_out_does_not_fill_the_systems_own(node, disk):
    with pytest.raises(Forbidden):
        back_up_when_due(node, str(disk), hour=2, keep=2, trust_same_disk=False)
    assert list(disk.iterdir()) == []
    assert "同一块磁盘" in read_backup(node)["trouble"]


def test_nobody_else_on_the_machine_may_read_it(node, disk):
    assert run(node, disk).stat().st_mode & 0o077 == 0


def test_other_files_on_the_disk_are_left_alone(node, clock, disk):
    (disk / "family.jpg").write_bytes(b"x")
    run(node, disk, keep=1)
    clock.now_ms = NIGHT_MS
    run(node, disk, keep=1)
    assert len(list(disk.iterdir())) == 2
    assert (disk / "family.jpg").exists()


def test_without_a_directory_none_is_made(node, disk):
    assert back_up_when_due(node, "", hour=2, keep=2, trust_same_disk=True) is None
    assert read_backup(node) == {"at": None, "text": "从未", "file": "", "trouble": ""}


def test_a_backup_that_stops_at_a_damaged_photo_has_it_given_up_and_the_next_goes_through(node, clock, disk):
    node.ensure_database("station_k3m7q")
    blobs = node.ensure_database("blobs_k3m7q")
    root = store_bytes(blobs.graft, random.Random(1).randbytes(60_000), media_type="image/jpeg").root
    (piece,) = blobs.read([Wanted(chunk_id(read_list(blobs, root).chunks[1]))])
    directory = node.engine.directory
    node.close()
    raw = bytearray((directory / FILE_NAME).read_bytes())
    raw[raw.find(piece.body[9_000:9_024])] ^= 4
    (directory / FILE_NAME).write_bytes(raw)
    with Node.open(directory, clock=clock) as damaged:
        with pytest.raises(Damaged):
            run(damaged, disk)
        assert list_lost_photos(damaged)["count"] == 1
        assert run(damaged, disk) is not None
        assert read_backup(damaged)["trouble"] == ""
