"""The PC dies; a backup is brought back on another: nothing that anybody holds is lost, no number comes twice."""

import threading
from pathlib import Path

import pytest

from central.registry.enrolling import code_of, enrol_again
from sync.errors import Conflict, Damaged, FileExists, NotFound, SyncError
from sync.node.meeting.enrolment import enter_code
from sync.node.node import Node
from sync.node.road.upward import Upward
from sync.store.backup import back_up, restore
from sync.store.beside import SystemFiles
from sync.store.engine import Engine
from sync.store.ledger.lives import all_lives
from sync.store.ledger.numbers import device_in_use
from sync.values.documents import Edit
from tests.journeys.road import Road, act, status, take

PHOTO = b"\xff\xd8" + bytes(range(256)) * 100


def test_a_restored_village_lives_a_new_life_and_gets_back_what_it_lost(road: Road, tmp_path: Path) -> None:
    before = take(road.village, "before", photo=PHOTO)
    road.run()
    back_up(road.village.engine.directory, tmp_path / "backup")
    after = take(road.village, "after", photo=PHOTO)
    road.run()
    act(road.centre, after, "accepted")
    road.run()

    restore(tmp_path / "backup", tmp_path / "new", now_ms=road.village.clock())
    with Node.open(tmp_path / "new") as village:
        assert [life.reason for life in village.read(all_lives)] == ["init", "restore"]
        assert village.read(device_in_use) is None
        assert (status(village, before), status(village, after)) == ("received", "absent")
        enter_code(village, str(enrol_again(road.centre, village.identity.sid, by="acct:zhou")))
        upward = Upward(village, timeout_seconds=10)
        try:
            upward.run()
            upward.run()
        finally:
            upward.close()
        assert status(village, after) == "accepted"
        new = take(village, "new")
        assert status(village, new) == "received"


def test_a_backup_made_under_writers_is_one_moment_whole(tmp_path: Path) -> None:
    written: list[str] = []
    with Engine.open(tmp_path / "data") as engine:
        database = engine.databases.create("notes")
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                database.write([Edit(f"doc-{len(written):06}", None, b'{"n":1}')])
                written.append(f"doc-{len(written):06}")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            known = []
            for number in range(3):
                known = list(written)
                back_up(tmp_path / "data", tmp_path / f"backup-{number}")
        finally:
            stop.set()
            writer.join()
    restore(tmp_path / "backup-2", tmp_path / "again", now_ms=0)
    with Engine.open(tmp_path / "again") as engine:
        database = engine.database("notes")
        info = database.info()
        assert info.doc_count >= len(known)
        assert all(row.revision is not None for row in database.look_up(known).rows)
        assert database.changes("0").results[-1].id == f"doc-{info.doc_count - 1:06}"


def test_sequences_of_the_lost_directory_are_not_believed_any_more(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "data") as engine:
        engine.databases.create("notes").write([Edit("a", None)])
        seq = engine.database("notes").info().update_seq
    back_up(tmp_path / "data", tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again", now_ms=0)
    with Engine.open(tmp_path / "again") as engine:
        assert [one.id for one in engine.database("notes").changes(seq).results] == ["a"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "data") as engine:
        engine.databases.create("notes")
    back_up(tmp_path / "data", tmp_path / "backup")
    with pytest.raises(FileExists):
        back_up(tmp_path / "data", tmp_path / "backup")
    with pytest.raises(FileExists):
        restore(tmp_path / "backup", tmp_path / "data", now_ms=0)
    with pytest.raises(NotFound):
        back_up(tmp_path / "nowhere", tmp_path / "other")
    with pytest.raises(NotFound):
        restore(tmp_path / "nowhere", tmp_path / "other", now_ms=0)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_what_is_no_backup_makes_no_directory_and_is_told_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backup").write_bytes(content)
    with pytest.raises(SyncError):
        restore(tmp_path / "backup", tmp_path / "new", now_ms=0)
    assert not (tmp_path / "new").exists()


def test_a_code_is_not_used_again_by_the_directory_that_was_restored(road: Road, tmp_path: Path) -> None:
    back_up(road.village.engine.directory, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "new", now_ms=road.village.clock())
    used = code_of(road.centre.identity.keys, road.village.identity.sid, "01")
    with Node.open(tmp_path / "new") as village, pytest.raises(Conflict):
        enter_code(village, str(used))


class BadDisk(SystemFiles):
    """A disk that gives other bits than it was given."""

    def flush(self, path: Path) -> None:
        if path.is_file():
            with path.open("r+b") as file:
                file.seek(path.stat().st_size // 2)
                byte = file.read(1)
                file.seek(-1, 1)
                file.write(bytes([byte[0] ^ 1]))
        super().flush(path)


def test_a_backup_that_does_not_read_back_never_gets_its_name(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "data") as engine:
        engine.databases.create("notes").write([Edit(f"doc-{n}", None, b'{"n":1}') for n in range(2000)])
        with pytest.raises(Damaged):
            back_up(tmp_path / "data", tmp_path / "backup", files=BadDisk())
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
