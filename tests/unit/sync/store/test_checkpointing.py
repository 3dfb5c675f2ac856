"""The log is moved into the file beside the writer: nobody's commit waits for it, and it does not grow without end."""

import threading
import time
from contextlib import closing, nullcontext

import apsw
import pytest

from sync.store import checkpointing
from sync.store import connection as connections
from sync.store.checkpointing import Checkpointer
from sync.store.connection import FILE_NAME, Opening, open_writer
from sync.store.engine import Engine
from sync.store.wakes import Wakes
from sync.store.writer import Writer
from sync.values.documents import Edit
from tests.faults.store.checking import lost
from tests.faults.store.disk import Disk
from tests.waiting import until

BODY = b'{"text":"%s"}' % (b"x" * 3000)
ENOUGH = 3_000  # documents: some 15,000 pages of log, were it never begun anew
SHORT_PATIENCE = 4_000  # pages of log, 16 MB
WITHIN_PATIENCE = 280  # documents: some 3,000 pages of log
PAGE_BYTES = 4096
LOG_BYTES = 8 << 20  # what is kept of it


def _log_bytes(directory):
    return (directory / f"{FILE_NAME}-wal").stat().st_size


def _write(engine, ids):
    db = engine.database("station")
    for doc_id in ids:
        assert db.write([Edit(doc_id, None, BODY)])[0].error is None


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as opened:
        opened.databases.create("station")
        yield opened


@pytest.fixture
def short_patience(monkeypatch):
    for module in (checkpointing, connections):
        monkeypatch.setattr(module, "LOG_BYTES", LOG_BYTES)
    monkeypatch.setattr(checkpointing, "_PAGES", SHORT_PATIENCE // 4)
    monkeypatch.setattr(checkpointing, "_PAGES_BEYOND_PATIENCE", SHORT_PATIENCE)
    monkeypatch.setattr(checkpointing, "_PAGES_THAT_READERS_HOLD", 2 * SHORT_PATIENCE)


def test_a_log_that_is_always_written_to_is_begun_anew(short_patience, engine, tmp_path):
    _write(engine, (str(number) for number in range(ENOUGH)))
    assert _log_bytes(tmp_path) < 32 << 20
    assert (tmp_path / FILE_NAME).stat().st_size > 4 << 20


def test_what_the_writer_does_for_the_log_it_does_when_all_are_answered(tmp_path):
    go_on, asked = threading.Event(), threading.Event()

    def when_answered():
        asked.set()
        go_on.wait(20)

    writer = Writer(
        open_writer(tmp_path / FILE_NAME, Opening()),
        lambda: pytest.fail("nothing has to be opened anew"),
        Wakes(),
        when_answered=when_answered,
    )
    assert writer.run(lambda tx: "done") == "done"
    assert asked.wait(20)
    assert not go_on.is_set()
    go_on.set()
    writer.close()


def test_a_log_begun_anew_under_load_keeps_its_room_and_gives_it_back_when_less_is_written(short_patience, tmp_path):
    """To cut it short costs whoever writes at that moment."""
    path, seconds = tmp_path / FILE_NAME, [1000.0]
    checkpointer = Checkpointer(
        lambda: open_writer(path, Opening()), lambda seconds: nullcontext(True), now=lambda: seconds[0]
    )

    def write(rows: int) -> None:
        for _ in range(rows):
            connection.execute("INSERT INTO t VALUES (randomblob(100000))")
            checkpointer.relieve()

    def is_moved() -> bool:
        log, moved = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)
        return log == moved

    with closing(open_writer(path, Opening())) as connection:
        connection.execute("CREATE TABLE t (text)")
        checkpointer.watch(connection)
        with closing(open_writer(path, Opening())) as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM t").fetchall()
            write(200)  # somebody reads what was there before, so that the log cannot be begun anew
        assert _log_bytes(tmp_path) > 2 * LOG_BYTES
        checkpointer.want()
        until(is_moved)
        write(2)
        assert connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)[0] < 100  # begun anew
        assert _log_bytes(tmp_path) > 2 * LOG_BYTES
        seconds[0] += 60.0
        write(1)
        checkpointer.want()
        until(is_moved)
        write(1)
        assert _log_bytes(tmp_path) <= LOG_BYTES
        checkpointer.close()


def test_the_writer_never_flushes_the_file_itself_until_patience_ends(short_patience, tmp_path):
    disk = Disk()
    flushed: list[tuple[str, str]] = []
    disk.refuse = lambda operation, name: (
        flushed.append((name, threading.current_thread().name)) if operation == "sync" else None
    )
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        engine.databases.create("station")
        flushed.clear()
        _write(engine, (str(number) for number in range(WITHIN_PATIENCE)))
        assert _log_bytes(tmp_path) < SHORT_PATIENCE * PAGE_BYTES
        deadline = time.monotonic() + 20
        while not any(name == FILE_NAME for name, _ in flushed) and time.monotonic() < deadline:
            time.sleep(0.01)
        by = {thread for name, thread in flushed if name == FILE_NAME}
    assert by == {"yizhan-checkpoint"}


def test_a_checkpoint_that_fails_fails_no_write(tmp_path):
    disk = Disk()

    def refuse(operation: str, name: str) -> Exception | None:
        return apsw.IOError() if operation in ("write", "sync") and name == FILE_NAME else None

    ids = [str(number) for number in range(1_500)]
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        engine.databases.create("station")
        disk.refuse = refuse
        _write(engine, ids)
        disk.refuse = lambda operation, name: None
        _write(engine, ["after"])
    assert lost(tmp_path, "station", dict.fromkeys([*ids, "after"], BODY)) == set()


def test_a_checkpoint_that_another_is_making_just_then_is_no_failure(tmp_path, caplog):
    disk = Disk()
    opening = Opening(vfs=disk.vfs_name)
    making, opened, go_on = threading.Event(), threading.Event(), threading.Event()

    def hold(operation: str, name: str) -> None:
        if threading.current_thread().name == "other" and operation == "write" and name == FILE_NAME:
            making.set()
            go_on.wait(20)

    def open_and_tell():
        connection = open_writer(tmp_path / FILE_NAME, opening)
        opened.set()
        return connection

    with Engine.open(tmp_path, opening=opening) as engine:
        engine.databases.create("station")
        _write(engine, "abc")
        disk.refuse = hold
        with closing(open_writer(tmp_path / FILE_NAME, opening)) as connection:
            other = threading.Thread(target=connection.wal_checkpoint, name="other")
            other.start()
            assert making.wait(20)
            checkpointer = Checkpointer(open_and_tell, lambda seconds: nullcontext(True))
            checkpointer.want()
            assert opened.wait(20)
            checkpointer.close()
            go_on.set()
            other.join(20)
    assert caplog.text == ""


def test_a_log_that_is_always_read_from_is_begun_anew_all_the_same(short_patience, engine, tmp_path):
    """Four readers overlap so that somebody always reads; without holding them back the log would only grow."""
    ended = threading.Event()
    turns = []

    def slowly(reader):
        reader.execute("SELECT count(*) FROM documents")
        ended.wait(0.04)

    def read(delay):
        ended.wait(delay)
        while not ended.is_set():
            turns.append(
                engine.read(lambda reader: (reader.execute("SELECT count(*) FROM documents"), ended.wait(0.04)))
            )

    readers = [threading.Thread(target=read, args=(number * 0.01,)) for number in range(4)]
    for reader in readers:
        reader.start()
    sizes = [0, 0]
    deadline = time.monotonic() + 60
    number = 0
    while (sizes[-1] > sizes[-2] or not sizes[-1]) and time.monotonic() < deadline:
        for _ in range(20):
            engine.database("station").write([Edit(str(number + at), None, BODY) for at in range(50)])
            number += 50
        sizes.append(_log_bytes(tmp_path))
    ended.set()
    for reader in readers:
        reader.join(20)
    print([size >> 20 for size in sizes], len(turns))
    assert max(sizes) > 24 << 20  # so long that only readers can have kept it from being begun anew
    assert sizes[-1] <= sizes[-2]
    with closing(open_writer(tmp_path / FILE_NAME, Opening())) as connection:
        pages, _moved = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)
    assert pages * PAGE_BYTES < sizes[-1] // 2  # it keeps its room, and what is in it was begun anew
