"""A full or failing disk is reported as what it is, undoes what it interrupted, and is forgiven once it works again."""

import os
import threading
import time

import apsw
import pytest
from werkzeug.test import Client

from sync.errors import Damaged, DiskFull, StorageError
from sync.http_api.api import create_app
from sync.mango.design import ensure_index
from sync.revisions.revision import Revision
from sync.store.connection import FILE_NAME, Opening
from sync.store.doctor.examining import examine
from sync.store.engine import Engine
from sync.store.keys import draw_key
from sync.values.documents import Edit, Wanted
from sync.values.json_text import parse_object
from sync.values.queries import Index, Query
from tests.faults.store.checking import lost, lost_from
from tests.faults.store.disk import Disk

BODY = b'{"text":"%s"}' % (b"x" * 3000)
KEY = draw_key()


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def engine(disk, tmp_path, request):
    """A store on the disk; with a key where the test asks for one."""
    opening = Opening(vfs=disk.vfs_name, key=getattr(request, "param", None))
    with Engine.open(tmp_path / "node", opening=opening) as opened:
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


@pytest.mark.parametrize("engine", [None, KEY], indirect=True)
def test_an_unreadable_disk_stops_the_reading_and_not_the_node(disk, engine):
    _put(engine, "before")
    disk.refuse = _unreadable
    with pytest.raises(StorageError):
        engine.read(lambda reader: reader.execute("PRAGMA integrity_check"))
    disk.refuse = _working
    assert [found.id for found in engine.database("station").read([Wanted("before")])] == ["before"]


@pytest.mark.parametrize(
    ("engine", "kind"), [(None, apsw.FullError), (None, apsw.IOError), (KEY, apsw.IOError)], indirect=["engine"]
)
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
    assert lost(tmp_path / "node", "station", acknowledged, opening=Opening(key=KEY)) == set()


def _read_only(operation: str, _: str) -> Exception | None:
    return apsw.ReadOnlyError() if operation == "write" else None


@pytest.mark.parametrize(("failing", "status"), [(_full, 507), (_read_only, 500), (_unsyncable, 500)])
def test_over_http_a_disk_that_takes_no_writes_is_said_to_be_so_and_recovery_is_noticed(disk, engine, failing, status):
    """Reads go on, `_up` tells a balancer to send nobody here, and it ends by itself, though nobody writes."""
    client = Client(create_app(engine.databases, uuid="u", trouble=lambda: engine.trouble))
    _put(engine, "before")
    assert client.get("/_up").status_code == 200
    disk.refuse = failing
    refused = client.put("/station/during", json={"n": 1})
    assert refused.status_code == status
    assert refused.json is not None
    assert set(refused.json) == {"error", "reason"}
    assert client.get("/station/before").status_code == 200
    up = client.get("/_up")
    assert up.json is not None
    assert (up.status_code, up.json["status"]) == (404, "maintenance_mode")
    disk.refuse = _working
    deadline = time.monotonic() + 30
    while client.get("/_up").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert client.put("/station/after", json={"n": 1}).status_code == 201


BY_NUMBER = Index("_design/by", "number", ("number",))


def _found(engine: Engine, **options) -> list[str]:
    query = Query({"number": {"$gte": 0}}, **{"limit": 10_000, **options})
    return [parse_object(text)["_id"] for text in engine.database("station").find(query).documents]


def _numbered(engine: Engine, count: int) -> list[Revision]:
    edits = [Edit(f"case:{n:05}", None, b'{"number":%d}' % n) for n in range(count)]
    return [outcome.revision for outcome in engine.database("station").write(edits)]


@pytest.mark.parametrize("failing", [_full, _read_only, _unsyncable])
@pytest.mark.parametrize("count", [30, 2500])
@pytest.mark.parametrize("asked_before", [False, True])
def test_a_question_whose_index_cannot_be_brought_on_is_answered_all_the_same(
    disk, engine, failing, count, asked_before
):
    db = engine.database("station")
    ensure_index(db, BY_NUMBER)
    revisions = _numbered(engine, count)
    if asked_before:
        assert len(_found(engine)) == count
        engine.write(lambda tx: None)
    # One moves to the other end, one goes, one comes, and all others are written as they were.
    edits = [Edit(f"case:{n:05}", revisions[n], b'{"number":%d}' % n) for n in range(2, count)]
    moved, gone = Edit("case:00000", revisions[0], b'{"number":99999}'), Edit("case:00001", revisions[1], b"{}", True)
    outcomes = db.write([moved, gone, Edit("new", None, b'{"number":1.5}'), *edits])
    assert all(outcome.error is None for outcome in outcomes)
    expected = ["new", *(f"case:{n:05}" for n in range(2, count)), "case:00000"]
    disk.refuse = failing
    for _ in range(2):
        assert _found(engine) == expected
        assert _found(engine, sort=("number",), descending=True) == expected[::-1]
        pages = db.find(Query({"number": {"$gte": 0}}, limit=count // 2))
        again = Query({"number": {"$gte": 0}}, bookmark=pages.bookmark or "", limit=10_000)
        assert len(pages.documents) + len(db.find(again).documents) == len(expected)
        assert [parse_object(text)["_id"] for text in db.find(Query({"number": {"$lt": 2}})).documents] == ["new"]
    disk.refuse = _working
    deadline = time.monotonic() + 30
    while engine.trouble is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert _found(engine) == expected
    engine.write(lambda tx: None)
    assert engine.read(lambda reader: reader.one("SELECT count(*) FROM index_entries")) == (len(expected),)


def test_one_piece_of_work_that_meets_a_bad_page_is_no_trouble_of_the_store(engine):
    with pytest.raises(Damaged):
        engine.write(lambda tx: (_ for _ in ()).throw(Damaged()))
    assert engine.trouble is None


def test_a_file_held_by_another_program_is_waited_for_and_then_said_to_be_held(tmp_path):
    opening = Opening(busy_milliseconds=50)
    with Engine.open(tmp_path, opening=opening) as engine:
        engine.databases.create("station")
        _put(engine, "before")
        other = apsw.Connection(str(tmp_path / FILE_NAME))
        other.execute("BEGIN IMMEDIATE")
        client = Client(create_app(engine.databases, uuid="u", trouble=lambda: engine.trouble))
        refused = client.put("/station/during", json={"n": 1})
        assert (refused.status_code, refused.json and refused.json["error"]) == (503, "service_unavailable")
        assert client.get("/station/before").status_code == 200
        other.execute("ROLLBACK")
        other.close()
        _put(engine, "after")
        assert engine.trouble is None


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.95])
def test_a_truncated_file_gives_what_is_left_of_it_or_says_that_it_is_damaged(tmp_path, kept):
    with Engine.open(tmp_path) as engine:
        db = engine.databases.create("station")
        for n in range(60):
            _put(engine, f"case:{n}")
    file = tmp_path / FILE_NAME
    os.truncate(file, int(file.stat().st_size * kept) // 4096 * 4096)
    try:
        engine = Engine.open(tmp_path)
    except Damaged:
        return
    with engine:
        db = engine.database("station")
        for n in range(60):
            try:
                (found,) = db.read([Wanted(f"case:{n}")])
            except Damaged:
                continue
            assert getattr(found, "body", None) == BODY
    assert any(finding.is_fault for finding in examine(tmp_path))


def test_a_slow_disk_is_only_slow_and_does_not_slow_the_readers(disk, engine):
    _put(engine, "before")
    syncing, go = threading.Event(), threading.Event()

    def slow(operation: str, _: str) -> None:
        if operation == "sync":
            syncing.set()
            assert go.wait(20)

    disk.refuse = slow
    writer = threading.Thread(target=_put, args=(engine, "during"))
    writer.start()
    assert syncing.wait(20)
    for _ in range(50):
        assert [found.id for found in engine.database("station").read([Wanted("before")])] == ["before"]
    go.set()
    disk.refuse = _working
    writer.join(20)
    assert lost_from(engine, "station", dict.fromkeys(["before", "during"], BODY)) == set()


def test_a_reader_that_holds_a_snapshot_for_long_does_not_delay_writers(engine):
    _put(engine, "before")
    reading, go = threading.Event(), threading.Event()

    def hold(reader):
        first = reader.execute("SELECT count(*) FROM documents")
        reading.set()
        assert go.wait(20)
        return first == reader.execute("SELECT count(*) FROM documents")

    held: list[bool] = []
    holder = threading.Thread(target=lambda: held.append(engine.read(hold)))
    holder.start()
    assert reading.wait(20)
    for n in range(30):
        _put(engine, f"meanwhile:{n}")
    go.set()
    holder.join(20)
    assert held == [True]
    assert engine.database("station").info().doc_count == 31


def test_a_store_opened_on_a_full_disk_can_be_read_and_written_once_there_is_room(disk, tmp_path):
    opening = Opening(vfs=disk.vfs_name)
    with Engine.open(tmp_path, opening=opening) as engine:
        engine.databases.create("station")
        _put(engine, "before")
        engine.write(lambda tx: tx.execute("INSERT INTO loose (staged) VALUES (1)"))
    disk.refuse = _full
    with Engine.open(tmp_path, opening=opening) as engine:
        assert [found.id for found in engine.database("station").read([Wanted("before")])] == ["before"]
        with pytest.raises(DiskFull):
            _put(engine, "during")
        disk.refuse = _working
        _put(engine, "after")
