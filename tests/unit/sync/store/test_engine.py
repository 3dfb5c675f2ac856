"""The engine: work in groups, each undone alone, durable before anyone hears of it; snapshots for readers."""

import logging
import shutil
import threading
import time

import pytest

from sync.errors import Damaged, NewerStore, NotFound, StorageError, StoreLocked
from sync.store.connection import FILE_NAME, Opening
from sync.store.engine import Engine
from sync.store.place import renew_epoch
from sync.values.changes import START
from sync.values.documents import Edit
from tests.faults.store.disk import Disk


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as opened:
        opened.write(lambda tx: tx.execute("CREATE TABLE notes (n INTEGER PRIMARY KEY) STRICT"))
        yield opened


def _note(n):
    return lambda tx: tx.execute("INSERT INTO notes VALUES (?)", (n,))


def _notes(engine):
    return [n for (n,) in engine.read(lambda reader: reader.execute("SELECT n FROM notes ORDER BY n"))]


class _Held:
    """Holds the writer thread in a piece of work until `go`, so that others queue up behind it."""

    def __init__(self, engine):
        self._started, self._release = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=engine.write, args=(self._wait,))
        self._thread.start()
        assert self._started.wait(10)

    def _wait(self, _):
        self._started.set()
        assert self._release.wait(10)

    def go(self, threads=()):
        self._release.set()
        for thread in (self._thread, *threads):
            thread.join(10)
            assert not thread.is_alive()


def _in_threads(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    time.sleep(0.05)  # long enough to be queued; the tests hold for any order
    return threads


def test_work_gives_back_what_it_returns(engine):
    assert engine.write(lambda tx: tx.execute("SELECT 41 + 1")) == [(42,)]
    assert engine.read(lambda reader: reader.one("SELECT 42")) == (42,)
    assert engine.read(lambda reader: reader.one("SELECT n FROM notes")) is None


def test_an_exception_undoes_the_work_and_reaches_its_caller(engine):
    def work(tx):
        _note(1)(tx)
        raise LookupError("on purpose")

    with pytest.raises(LookupError, match="on purpose"):
        engine.write(work)
    assert _notes(engine) == []


def test_in_a_group_only_the_failing_work_is_undone(engine):
    errors = []

    def fail():
        def work(tx):
            _note(100)(tx)
            raise LookupError

        try:
            engine.write(work)
        except LookupError as error:
            errors.append(error)

    held = _Held(engine)
    threads = _in_threads(
        [lambda: engine.write(_note(1)), fail, lambda: engine.write(_note(2)), fail, lambda: engine.write(_note(3))]
    )
    held.go(threads)
    assert _notes(engine) == [1, 2, 3]
    assert len(errors) == 2


def test_what_queued_up_shares_one_flush(tmp_path):
    disk = Disk()
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        db = engine.databases.create("station")
        held = _Held(engine)
        threads = _in_threads([lambda n=n: db.write([Edit(f"{n}", None)]) for n in range(20)])
        before = disk.syncs
        held.go(threads)
        assert disk.syncs - before <= 2
        assert db.info().doc_count == 20
        before = disk.syncs
        for n in range(20):
            db.write([Edit(f"alone-{n}", None)])
        assert disk.syncs - before >= 20


def test_writers_just_answered_are_waited_for_so_that_all_share_one_flush(tmp_path):
    """Without that, one goes alone and the seven others together, and each waits for two flushes."""
    disk = Disk()
    disk.refuse = lambda operation, _: time.sleep(0.02) if operation == "sync" else None
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        engine.databases.create("station")
        shares = (_shared_flushes(engine, disk, name) for name in "abcde")  # a busy machine may spoil some
        assert any(share > 5.5 for share in shares)


def test_what_is_in_no_hurry_goes_with_the_flush_of_what_is(tmp_path):
    disk = Disk()
    disk.refuse = lambda operation, _: time.sleep(0.05) if operation == "sync" else None
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        database = engine.databases.create("station")
        assert any(_one_flush_for_both(engine, disk, database, name) for name in "abcde")  # as above


def test_what_is_in_no_hurry_is_written_also_when_nobody_else_writes(engine):
    with engine.patiently():
        engine.write(_note(1))
    engine.post(_note(2))
    engine.close()  # what is queued is finished
    with Engine.open(engine.directory) as again:
        assert _notes(again) == [1, 2]


def test_what_is_in_no_hurry_waits_for_nobody_when_nobody_was_answered_lately(tmp_path):
    """A long backlog is gone through while others wait for the lock that its thread holds: they write nothing."""
    disk = Disk()
    disk.refuse = lambda operation, _: time.sleep(0.02) if operation == "sync" else None
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        database = engine.databases.create("station")
        hurried = _seconds_of(lambda: [database.write([Edit(f"hurried-{n}", None)]) for n in range(20)])
        with engine.patiently():
            patient = _seconds_of(lambda: [database.write([Edit(f"patient-{n}", None)]) for n in range(20)])
    assert patient < 2 * hurried


def _seconds_of(work):
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def _one_flush_for_both(engine, disk, database, name):
    def at_leisure():
        with engine.patiently():
            database.write([Edit(f"{name}-leisurely", None)])

    before = disk.syncs
    (leisurely,) = _in_threads([at_leisure])
    database.write([Edit(f"{name}-hurried", None)])
    leisurely.join()
    return disk.syncs - before == 1


def _shared_flushes(engine, disk, name, *, clients=8, writes=12):
    """How many writes went with one flush, of clients that write as soon as they are answered."""
    database, before = engine.database("station"), disk.syncs

    def work(client):
        for number in range(writes):
            database.write([Edit(f"{name}{client}.{number}", None)])

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clients * writes / (disk.syncs - before)


def test_write_within_write_is_an_error_and_not_a_deadlock(engine):
    with pytest.raises(RuntimeError, match="within"):
        engine.write(lambda tx: engine.write(_note(1)))
    assert _notes(engine) == []


def test_read_within_write_sees_what_was_written_so_far(engine):
    def work(tx):
        _note(7)(tx)
        return _notes(engine)

    assert engine.write(work) == [7]


def test_a_snapshot_does_not_change_under_its_reader_nor_hold_up_writers(engine):
    def work(reader):
        before = reader.execute("SELECT count(*) FROM notes")
        engine.write(_note(1))
        return before, reader.execute("SELECT count(*) FROM notes"), _notes(engine)

    assert engine.read(work) == ([(0,)], [(0,)], [])
    assert _notes(engine) == [1]


def test_more_readers_than_connections_all_get_their_turn(engine):
    engine.write(_note(1))
    barrier = threading.Barrier(4, timeout=10)  # as many as may read at once
    counts = []

    def read():
        def work(reader):
            barrier.wait()
            return reader.execute("SELECT count(*) FROM notes")

        counts.append(engine.read(work))

    for thread in _in_threads([read] * 12):
        thread.join(10)
    assert counts == [[(1,)]] * 12


def test_a_reader_cannot_write(engine):
    with pytest.raises(Exception, match="readonly"):
        engine.read(_note(1))
    assert _notes(engine) == []


def test_a_half_read_answer_holds_no_snapshot(engine):
    for n in range(100):
        engine.write(_note(n))
    first = engine.read(lambda reader: next(reader.iterate("SELECT n FROM notes ORDER BY n")))
    assert first == (0,)
    for _ in range(5):
        engine.write(lambda tx: tx.execute("DELETE FROM notes WHERE n = (SELECT max(n) FROM notes)"))
    assert len(_notes(engine)) == 95


@pytest.mark.parametrize("way", ["read", "write"])
def test_a_reader_kept_beyond_its_work_refuses(engine, way):
    kept = getattr(engine, way)(lambda reader: reader)
    with pytest.raises(RuntimeError, match="own work"):
        kept.execute("SELECT 1")


def test_hooks_run_after_the_commit_and_only_then(engine):
    seen = []

    def work(tx):
        _note(1)(tx)
        tx.after_commit(lambda: seen.append(_committed(engine)))
        assert seen == []

    engine.write(work)
    assert seen == [[(1,)]]


def _committed(engine):
    """Read in another thread: the writer's own would be shown its transaction."""
    answer = []
    thread = threading.Thread(
        target=lambda: answer.extend(engine.read(lambda reader: reader.execute("SELECT n FROM notes")))
    )
    thread.start()
    thread.join(10)
    return answer


def test_hooks_of_undone_work_never_run(engine):
    seen = []

    def work(tx):
        tx.after_commit(lambda: seen.append(1))
        raise LookupError

    with pytest.raises(LookupError):
        engine.write(work)
    engine.write(_note(1))
    assert seen == []


def test_a_failing_hook_harms_neither_its_work_nor_others(engine, caplog):
    def work(tx):
        _note(1)(tx)
        tx.after_commit(lambda: 1 / 0)

    with caplog.at_level(logging.CRITICAL):
        engine.write(work)
    engine.write(_note(2))
    assert _notes(engine) == [1, 2]


def test_touching_wakes_those_who_wait_only_after_the_commit(engine):
    count = engine.wakes.count("station")
    engine.write(lambda tx: tx.touch("other"))
    assert not engine.wakes.wait("station", count, timeout_seconds=0)
    engine.write(lambda tx: tx.touch("station"))
    assert engine.wakes.wait("station", count, timeout_seconds=0)


def test_a_waiting_feed_holds_no_connection(engine):
    db = engine.databases.create("station")
    since = db.info().update_seq
    waiters = _in_threads([lambda: db.await_change(since, timeout_seconds=10)] * 20)
    assert db.info().doc_count == 0  # all of 4 connections would be taken otherwise
    db.write([Edit("a", None)])
    for waiter in waiters:
        waiter.join(10)
        assert not waiter.is_alive()


def test_documents_and_rows_are_written_together_or_not_at_all(engine):
    db = engine.databases.create("station")

    def both(tx, fail):
        (outcome,) = db.write_in(tx, [Edit(f"case:{fail}", None)])
        _note(1)(tx)
        if fail:
            raise LookupError
        return outcome

    with pytest.raises(LookupError):
        engine.write(lambda tx: both(tx, True))
    assert (db.info().doc_count, _notes(engine)) == (0, [])
    assert db.changes(START).results == ()
    assert engine.write(lambda tx: both(tx, False)).error is None
    assert (db.info().doc_count, _notes(engine)) == (1, [1])


def test_closing_wakes_waiters_and_refuses_what_comes_later(tmp_path):
    engine = Engine.open(tmp_path)
    db = engine.databases.create("station")
    woken = []
    waiters = _in_threads([lambda: woken.append(db.await_change(db.info().update_seq, timeout_seconds=30))])
    engine.close()
    waiters[0].join(10)
    assert woken == [False]
    for late in (lambda: engine.write(_note(1)), lambda: engine.read(lambda reader: 1), db.info):
        with pytest.raises(StorageError, match="closed"):
            late()
    engine.close()  # closing twice is no error


def test_what_was_queued_when_closing_is_still_written(tmp_path):
    engine = Engine.open(tmp_path)
    engine.databases.create("station")
    held = _Held(engine)
    writers = _in_threads([lambda n=n: engine.database("station").write([Edit(f"{n}", None)]) for n in range(5)])
    closer = _in_threads([engine.close])
    held.go([*writers, *closer])
    with Engine.open(tmp_path) as again:
        assert again.database("station").info().doc_count == 5


def test_a_directory_has_one_owner(tmp_path):
    with Engine.open(tmp_path), pytest.raises(StoreLocked):
        Engine.open(tmp_path)
    Engine.open(tmp_path).close()


def test_a_directory_that_failed_to_open_is_not_left_locked(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"this is no database " * 500)
    for _ in range(2):
        with pytest.raises(Damaged):
            Engine.open(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    Engine.open(tmp_path).close()


def test_a_directory_that_cannot_be_made_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        Engine.open(tmp_path / "file" / "node")


def test_a_newer_store_is_refused_and_left_alone(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.databases.create("station")
        engine.write(lambda tx: tx.execute("INSERT INTO steps (name) VALUES ('from-the-future')"))
    before = _bytes_of(tmp_path)
    with pytest.raises(NewerStore, match="from-the-future"):
        Engine.open(tmp_path)
    assert _bytes_of(tmp_path) == before


def test_a_newer_store_that_crashed_is_refused_and_its_log_left_alone(tmp_path):
    left = tmp_path / "left"
    with Engine.open(tmp_path / "live") as engine:
        engine.write(lambda tx: tx.execute("INSERT INTO steps (name) VALUES ('from-the-future')"))
        shutil.copytree(tmp_path / "live", left, ignore=shutil.ignore_patterns("*-shm", "*.lock"))
    before = _bytes_of(left)
    assert any(name.endswith("-wal") for name in before)
    with pytest.raises(NewerStore, match="from-the-future"):
        Engine.open(left)
    assert _bytes_of(left) == before


def _bytes_of(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.suffix != ".lock"}


def test_a_renewed_epoch_sends_every_reader_back_to_the_start(engine):
    db = engine.databases.create("station")
    db.write([Edit("a", None), Edit("b", None)])
    since = db.info().update_seq
    assert db.changes(since).results == ()
    engine.write(renew_epoch)
    assert [change.id for change in db.changes(since).results] == ["a", "b"]
    assert db.info().update_seq != since


def test_sequences_are_one_order_for_all_databases_and_outlive_reopening(tmp_path):
    with Engine.open(tmp_path) as engine:
        first, second = engine.databases.create("a"), engine.databases.create("b")
        numbers = []
        for db in (first, second, first):
            db.write([Edit(f"d{len(numbers)}", None)])
            numbers.append(int(db.info().update_seq.partition("-")[0]))
        assert numbers == sorted(set(numbers))
        since = first.info().update_seq
    with Engine.open(tmp_path) as engine:
        assert engine.database("a").info().update_seq == since
        assert engine.database("a").changes(since).results == ()


def test_a_database_that_was_never_made_is_not_found_when_used(engine):
    with pytest.raises(NotFound):
        engine.database("nowhere").write([Edit("a", None)])


def test_the_file_is_for_its_owner_alone(tmp_path):
    with Engine.open(tmp_path / "node") as engine:
        assert (engine.directory.stat().st_mode & 0o077) == 0
