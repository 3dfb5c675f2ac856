"""What stands in the file once, what is given back, and what stays quick when the file is large."""

import os
import time

import pytest

from sync.revisions.tree import Branch
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.values.changes import START
from sync.values.documents import Attachment, Document, Edit
from tests.faults.store.checking import assert_sound

SCAN = os.urandom(500_000)


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as opened:
        opened.databases.create("station")
        yield opened


def _scan(data=SCAN):
    return Attachment("scan", "image/jpeg", "md5-scan", len(data), 0, data)


_STUB = Attachment("scan", "image/jpeg", "", 0, 0)


def _contents(engine):
    return engine.read(lambda reader: reader.execute("SELECT content, length(data) FROM contents"))


def _pages(engine):
    return engine.read(lambda reader: reader.execute("PRAGMA page_count"))[0][0]


def test_a_content_stands_once_however_often_it_is_brought(engine):
    db = engine.database("station")
    db.write([Edit(f"case:{n}", None, attachments=(_scan(),)) for n in range(5)])
    assert len(_contents(engine)) == 1


def test_an_edit_beside_a_scan_does_not_write_the_scan_again(engine, tmp_path):
    db = engine.database("station")
    parent = db.write([Edit("case", None, attachments=(_scan(),))])[0].revision
    before, contents = _pages(engine), _contents(engine)
    for n in range(20):
        parent = db.write([Edit("case", parent, b'{"n":%d}' % n, attachments=(_STUB,))])[0].revision
    assert _contents(engine) == contents
    assert _pages(engine) - before < 10


def test_compaction_drops_contents_nothing_links_to_and_shrinks_the_file(engine, tmp_path):
    db = engine.database("station")
    kept = db.write([Edit("kept", None, attachments=(_scan(b"kept"),))])[0].revision
    first = db.write([Edit("case", None, attachments=(_scan(),))])[0].revision
    db.write([Edit("case", first, b'{"n":2}')])
    assert len(_contents(engine)) == 2
    before = _pages(engine)
    weight = db.info().disk_bytes
    db.compact()
    assert [length for _, length in _contents(engine)] == [4]
    assert _pages(engine) < before - 100
    assert weight - db.info().disk_bytes == len(SCAN) + len(b"{}")
    assert db.tree("kept").winner.leaf == kept
    assert_sound(engine)


def test_a_destroyed_database_is_swept_away_with_all_it_held(engine):
    db = engine.database("station")
    other = engine.databases.create("other")
    other.write([Edit("stays", None, attachments=(_scan(b"stays"),))])
    db.write([Edit(f"case:{n}", None, attachments=(_scan() if n % 100 == 0 else _scan(b"x"),)) for n in range(700)])
    db.write_local("here", b"{}")
    engine.databases.destroy("station")
    _wait_until_swept(engine)
    assert engine.read(lambda reader: reader.execute("SELECT count(*) FROM revisions")) == [(1,)]
    assert [length for _, length in _contents(engine)] == [5]
    assert engine.read(lambda reader: reader.execute("SELECT count(*) FROM local_documents")) == [(0,)]
    assert_sound(engine)


def test_a_sweep_that_was_interrupted_goes_on_at_the_next_start(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.databases.create("station").write([Edit(f"{n}", None) for n in range(50)])
        # As a crash right after the destruction would leave it.
        engine.write(lambda tx: tx.execute("UPDATE databases SET name = NULL"))
    with Engine.open(tmp_path) as engine:
        _wait_until_swept(engine)
        assert engine.databases.names() == []


def test_an_idle_store_does_not_grow(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.databases.create("station").write([Edit(f"{n}", None) for n in range(50)])
    size = (tmp_path / FILE_NAME).stat().st_size
    for _ in range(20):
        with Engine.open(tmp_path) as engine:
            db = engine.database("station")
            assert db.changes(db.info().update_seq).results == ()
    assert (tmp_path / FILE_NAME).stat().st_size == size


def test_questions_about_the_newest_cost_the_same_in_a_large_database(engine):
    db = engine.database("station")
    for start in range(0, 40_000, 2000):
        db.graft([Document(f"{n:06}", Branch(1, ("a" * 32,)), b'{"n":1}') for n in range(start, start + 2000)])
    since = db.info().update_seq
    db.write([Edit("new", None)])
    plan = engine.read(
        lambda reader: reader.execute(
            "EXPLAIN QUERY PLAN SELECT seq, id, tree FROM documents WHERE database = 1 AND seq > 9 ORDER BY seq"
        )
    )
    assert len(plan) == 1
    assert "documents_by_seq" in plan[0][3]
    assert min(_seconds(lambda: db.changes(since)) for _ in range(20)) < 0.005
    assert min(_seconds(lambda: db.changes(START, limit=1)) for _ in range(5)) < 0.05


def _seconds(question):
    start = time.perf_counter()
    question()
    return time.perf_counter() - start


def _wait_until_swept(engine):
    deadline = time.monotonic() + 20
    while engine.read(lambda reader: reader.execute("SELECT 1 FROM databases WHERE name IS NULL")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
