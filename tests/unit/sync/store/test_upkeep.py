"""What the store does by itself: in slices, in the background, and nothing at all when there is nothing to do."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sync.errors import NotFound
from sync.store import dropping
from sync.store.connection import FILE_NAME, Opening
from sync.store.dropping import is_out_of_reach
from sync.store.engine import Engine
from sync.store.transaction import Reader
from sync.store.upkeep import Upkeep
from sync.values.documents import Absent, Attachment, Document, Edit, Wanted
from tests.faults.store.checking import assert_sound
from tests.faults.store.disk import Disk


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as opened:
        opened.databases.create("station")
        yield opened


@contextmanager
def _impatient(engine: Engine, *, grace_seconds: float = 0.0) -> Iterator[Upkeep]:
    """Upkeep that forgets what was replaced so long ago."""
    upkeep = Upkeep(engine.read, engine.write, move_log=lambda: None, grace_seconds=grace_seconds)
    upkeep.start()
    try:
        yield upkeep
    finally:
        upkeep.close()


def _edited(engine: Engine, doc_id: str, times: int, body=lambda n: b'{"n":%d}' % n):
    db, parent = engine.database("station"), None
    revisions = []
    for n in range(times):
        parent = db.write([Edit(doc_id, parent, body(n))])[0].revision
        revisions.append(parent)
    return revisions


def _bodies(engine: Engine) -> int:
    return engine.read(lambda reader: reader.execute("SELECT count(*) FROM revisions"))[0][0]


def _wait_for(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_body_no_leaf_needs_goes_by_itself_and_the_tree_keeps_its_revision(engine):
    first, second, third = _edited(engine, "case", 3)
    db = engine.database("station")
    assert [type(each) for each in db.read([Wanted("case", (first, second))])] == [Document, Document]
    with _impatient(engine):
        _wait_for(lambda: _bodies(engine) == 1)
    assert list(db.read([Wanted("case", (first,))])) == [Absent("case", first, "missing")]
    assert db.missing({"case": [first, second, third]}) == {}
    assert engine.read(lambda reader: reader.execute("SELECT * FROM outgrown")) == []
    assert_sound(engine)


def test_what_was_replaced_just_now_is_kept_for_whoever_reads_it_again(engine):
    first, *_ = _edited(engine, "case", 2)
    with _impatient(engine, grace_seconds=3600):
        time.sleep(0.05)
        assert isinstance(next(iter(engine.database("station").read([Wanted("case", (first,))]))), Document)


def test_conflicts_are_leaves_and_stay(engine):
    (first,) = _edited(engine, "case", 1)
    db = engine.database("station")
    second = db.write([Edit("case", first, b'{"n":2}')])[0].revision
    (document,) = db.read([Wanted("case", (second,))])
    rival = Document("case", type(document.path)(2, ("f" * 32, first.digest)), b'{"n":3}')
    db.graft([rival])
    with _impatient(engine):
        _wait_for(lambda: _bodies(engine) == 2)
    assert {each.body for each in db.read([Wanted("case", ())])} == {b'{"n":2}', b'{"n":3}'}
    assert_sound(engine)


def test_what_is_purged_or_swept_before_its_turn_is_no_stumbling_block(engine):
    *_, last = _edited(engine, "case", 3)
    _edited(engine, "other", 3)
    engine.database("station").purge({"case": [last]})
    with _impatient(engine):
        _wait_for(lambda: not engine.read(lambda reader: reader.execute("SELECT 1 FROM outgrown")))
    assert _bodies(engine) == 1
    assert_sound(engine)


def test_a_store_at_rest_is_not_written_to(tmp_path):
    disk = Disk()
    written = []
    with Engine.open(tmp_path, opening=Opening(vfs=disk.vfs_name)) as engine:
        engine.databases.create("station")
        _edited(engine, "case", 2)
        with _impatient(engine):
            _wait_for(lambda: _bodies(engine) == 1)
            time.sleep(0.05)
            disk.refuse = lambda operation, name: written.append(name) if operation == "write" else None
            time.sleep(0.2)
            engine.database("station").info()
            assert written == []


def test_compaction_runs_in_the_background_and_says_so(engine):
    _edited(engine, "case", 5)
    db = engine.database("station")
    held, go = threading.Event(), threading.Event()
    holder = threading.Thread(target=engine.write, args=(lambda _: (held.set(), go.wait(10)),))
    holder.start()
    assert held.wait(10)
    db.start_compaction()
    db.start_compaction()
    assert db.info().is_compacting
    (since,) = engine.upkeep.compacting().values()
    assert list(engine.upkeep.compacting()) == ["station"]
    assert 0 <= time.time() - since < 60
    go.set()
    engine.upkeep.await_compacted("station")
    holder.join(10)
    assert not db.info().is_compacting
    assert _bodies(engine) == 1
    with pytest.raises(NotFound):
        engine.database("nowhere").start_compaction()


def test_a_database_destroyed_while_it_waits_to_be_compacted_is_no_trouble(engine, caplog):
    _edited(engine, "case", 5)
    engine.upkeep.compact("station")
    engine.databases.destroy("station")
    engine.upkeep.await_compacted("station")
    assert caplog.records == []


def test_a_database_that_was_destroyed_goes_by_looking_at_each_document_once(engine, monkeypatch):
    engine.database("station").write([Edit(f"d{n}", None, b"{}") for n in range(500)])
    looked_at = 0

    def one(reader, sql, params=()):
        nonlocal looked_at
        rows = reader.execute(sql, params)
        looked_at += len(rows)
        return rows[0] if rows else None

    monkeypatch.setattr(Reader, "one", one)
    engine.databases.destroy("station")
    _wait_for(lambda: not engine.read(is_out_of_reach))
    assert _bodies(engine) == 0
    assert looked_at < 2000


def test_a_slice_is_bounded_whatever_a_document_weighs(engine):
    """Five hundred bodies of 300 kB under one id, and many small documents: no slice frees much beyond its share."""
    _edited(engine, "large", 60, lambda n: b'{"text":"%s"}' % (b"%d" % (n % 10) * 300_000))
    for n in range(900):
        _edited(engine, f"small-{n % 450}-{n}", 1)
    freed: list[int] = []
    seconds: list[float] = []

    def weigh(tx) -> int:
        return tx.execute("SELECT stored_bytes FROM databases")[0][0]

    def measured(work):
        def run(tx):
            before, begun = weigh(tx), time.thread_time()
            result = work(tx)
            seconds.append(time.thread_time() - begun)
            freed.append(before - weigh(tx))
            return result

        return engine.write(run)

    upkeep = Upkeep(engine.read, measured, move_log=lambda: None)
    upkeep.start()
    upkeep.compact("station")
    upkeep.await_compacted("station")
    upkeep.close()
    assert _bodies(engine) == 901
    assert max(freed) <= dropping.SLICE_BYTES + 300_100
    assert sum(freed) > 59 * 300_000
    assert len(freed) > 20
    assert sorted(seconds)[-1] < 0.1
    assert engine.read(lambda reader: reader.execute("PRAGMA freelist_count")) == [(0,)]
    assert_sound(engine)


def test_writers_go_on_while_a_large_database_is_compacted(engine):
    _edited(engine, "large", 80, lambda n: b'{"text":"%s"}' % (b"%d" % (n % 10) * 400_000))
    db = engine.database("station")
    db.start_compaction()
    waited = []
    n = 0
    while engine.upkeep.is_compacting("station"):
        begun = time.perf_counter()
        assert db.write([Edit(f"meanwhile-{n}", None)])[0].error is None
        waited.append(time.perf_counter() - begun)
        n += 1
    print(f"{n} writes while compacting; the longest waited {max(waited) * 1000:.0f} ms")
    assert n > 10
    assert sorted(waited)[len(waited) * 9 // 10] < 0.1


def test_compaction_interrupted_by_closing_is_sound_and_can_be_asked_for_again(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.databases.create("station")
        _edited(engine, "large", 40, lambda n: b'{"text":"%s"}' % (b"x" * 300_000))
        engine.database("station").start_compaction()
    with Engine.open(tmp_path) as engine:
        assert_sound(engine)
        engine.database("station").compact()
        assert _bodies(engine) == 1
        assert_sound(engine)
    assert (tmp_path / FILE_NAME).stat().st_size < 1_500_000  # one body, and the tables; forty are twelve million


def test_a_record_and_its_events_take_less_than_three_kilobytes_of_disk(tmp_path):
    """A case of 1.2 kB that four events were added to, each a revision, as upkeep leaves it."""
    cases = 1500
    with Engine.open(tmp_path) as engine:
        db = engine.databases.create("station")
        parents: list = [None] * cases
        for event in range(5):
            body = b'{"events":"%s"}' % (b"e" * 150 * event)
            edits = [
                Edit(f"case:{n:016x}", parent, body[:-1] + b',"text":"%s"}' % os.urandom(290).hex().encode())
                for n, parent in enumerate(parents)
            ]
            parents = [outcome.revision for outcome in db.write(edits)]
        with _impatient(engine):
            _wait_for(lambda: _bodies(engine) == cases)
            _wait_for(lambda: not engine.read(dropping.spare_pages))
    per_case = (tmp_path / FILE_NAME).stat().st_size / cases
    print(f"{per_case:.0f} bytes a case")
    assert per_case <= 3072


def test_a_file_shared_by_revisions_outlives_the_bodies_that_go(engine):
    db = engine.database("station")
    scan = Attachment("scan", "image/jpeg", "md5-x", 4, 0, b"scan")
    first = db.write([Edit("case", None, attachments=(scan,))])[0].revision
    db.write([Edit("case", first, b'{"n":2}', attachments=(Attachment("scan", "image/jpeg", "", 0, 0),))])
    with _impatient(engine):
        _wait_for(lambda: _bodies(engine) == 1)
    (document,) = db.read([Wanted("case", attachments=True)])
    assert document.attachments[0].data == b"scan"
    assert_sound(engine)
