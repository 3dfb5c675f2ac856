"""A full or failing disk is reported as what it is, undoes what it interrupted, and is forgiven once it works again."""

import threading

import apsw
import pytest

from sync.errors import DiskFull, StorageError
from sync.store.connection import Opening
from sync.store.engine import Engine
from sync.values.documents import Edit, Wanted
from tests.faults.store.checking import lost, lost_from
from tests.faults.store.disk import Disk

BODY = b'{"text":"%s"}' % (b"x" * 3000)


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def engine(disk, tmp_path):
    with Engine.open(tmp_path / "node", opening=Opening(vfs=disk.vfs_name)) as opened:
        opened.databases.create("station")
        yield opened


def _put(engine: Engine, doc_id: str) -> None:
    assert engine.database("station").write([Edit(doc_id, None, BODY)])[0].error is None


def _full(operation: str, _: str) -> Exception | None:
    return apsw.FullError() if operation == "write" else None


def _unsyncable(operation: str, _: str) -> Exception | None:
    return apsw.IOError() if operation == "sync" else None


def _unreadable(operation: str, name: str) -> Exception | None:
    return apsw.IOError() if operation == "read" else None


def _working(_: str, __: str) -> None:
    return None


def test_a_full_disk_is_called_full_and_writing_resumes_by_itself(disk, engine):
    _put(engine, "before")
    disk.refuse = _full
    for _ in range(3):
        with pytest.raises(DiskFull) as caught:
            _put(engine, "during")
        assert caught.value.waiting_helps
    assert engine.database("station").tree("during") is None
    assert engine.database("station").info().doc_count == 1
    disk.refuse = _working
    _put(engine, "during")
    _put(engine, "after")
    assert lost_from(engine, "station", dict.fromkeys(["before", "during", "after"], BODY)) == set()


def test_a_disk_that_cannot_sync_gets_no_acknowledgement(disk, engine, tmp_path):
    _put(engine, "before")
    disk.refuse = _unsyncable
    with pytest.raises(StorageError):
        _put(engine, "during")
    disk.refuse = _working
    _put(engine, "after")
    engine.close()
    assert lost(tmp_path / "node", "station", dict.fromkeys(["before", "after"], BODY)) == set()


def test_everyone_in_a_group_hears_that_the_disk_was_full(disk, engine):
    held, go = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def hold(_):
        held.set()
        go.wait(10)

    def attempt(work):
        try:
            engine.write(work)
        except StorageError as error:
            errors.append(error)

    first = threading.Thread(target=attempt, args=(hold,))
    first.start()
    held.wait(10)
    disk.refuse = _full
    writers = [
        threading.Thread(
            target=attempt, args=(lambda tx, n=n: engine.database("station").write_in(tx, [Edit(f"{n}", None, BODY)]),)
        )
        for n in range(8)
    ]
    for writer in writers:
        writer.start()
    go.set()
    for thread in (first, *writers):
        thread.join(20)
        assert not thread.is_alive()
    assert len(errors) == 8
    assert all(isinstance(error, DiskFull) for error in errors)
    assert engine.database("station").info().doc_count == 0


def test_an_unreadable_disk_stops_the_reading_and_not_the_node(disk, engine):
    _put(engine, "before")
    disk.refuse = _unreadable
    with pytest.raises(StorageError):
        engine.read(lambda reader: reader.execute("PRAGMA integrity_check"))
    disk.refuse = _working
    assert [found.id for found in engine.database("station").read([Wanted("before")])] == ["before"]


@pytest.mark.parametrize("kind", [apsw.FullError, apsw.IOError])
def test_wherever_in_a_write_the_disk_fails_it_is_whole_or_undone(disk, engine, tmp_path, kind):
    """Fail at the n-th call to the disk, for every n that a write makes."""
    acknowledged: dict[str, bytes] = {}
    failed = 0
    for nth in range(60):
        countdown = iter(range(nth))

        def refuse(operation, _, countdown=countdown):
            return kind() if operation != "read" and next(countdown, None) is None else None

        disk.refuse = refuse
        try:
            _put(engine, f"case:{nth}")
            acknowledged[f"case:{nth}"] = BODY
        except StorageError:
            failed += 1
        disk.refuse = _working
        _put(engine, f"then:{nth}")
        acknowledged[f"then:{nth}"] = BODY
    assert failed > 5
    assert len(acknowledged) > 60 + 5
    assert lost_from(engine, "station", acknowledged) == set()
    engine.close()
    assert lost(tmp_path / "node", "station", acknowledged) == set()
