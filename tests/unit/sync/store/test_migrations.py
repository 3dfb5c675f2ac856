"""Steps of the schema: once each, in order, together with their record."""

from hashlib import blake2b
from pathlib import Path

import apsw
import pytest

from sync.errors import NewerStore
from sync.revisions.revision import Revision
from sync.store.connection import FILE_NAME, Opening, close, open_writer
from sync.store.engine import Engine
from sync.store.migrations import STEPS, migrate
from sync.store.steps import Step
from sync.values.digest import revision_digest
from sync.values.documents import Edit, Wanted
from tests.faults.store.checking import assert_sound

FIRST = Step("first", "CREATE TABLE a (n INTEGER) STRICT; INSERT INTO a VALUES (1)")
SECOND = Step("second", "CREATE TABLE b (n INTEGER) STRICT")
BROKEN = Step("broken", "CREATE TABLE c (n INTEGER) STRICT; INSERT INTO nowhere VALUES (1)")


@pytest.fixture
def connection(tmp_path):
    opened = open_writer(tmp_path / "store.sqlite", Opening())
    yield opened
    close(opened)


def _tables(connection):
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    return [name for (name,) in rows if not name.startswith("sqlite_")]


def test_lacking_steps_are_applied_once_and_in_order(connection):
    assert migrate(connection, (FIRST,)) == ("first",)
    assert migrate(connection, (FIRST, SECOND)) == ("second",)
    assert migrate(connection, (FIRST, SECOND)) == ()
    assert connection.execute("SELECT n FROM a").fetchall() == [(1,)]
    assert connection.execute("SELECT name FROM steps ORDER BY position").fetchall() == [("first",), ("second",)]


def test_a_step_that_fails_leaves_no_trace_of_itself(connection):
    migrate(connection, (FIRST,))
    with pytest.raises(apsw.SQLError):
        migrate(connection, (FIRST, BROKEN))
    assert _tables(connection) == ["a", "steps"]
    assert migrate(connection, (FIRST, SECOND)) == ("second",)


def _commits(connection):
    """A list that gets an entry at each commit."""
    noted = []

    def note() -> bool:
        noted.append(1)
        return False

    connection.set_commit_hook(note)
    return noted


def test_a_new_file_gets_all_steps_at_once_and_one_in_use_each_by_itself(connection):
    commits = _commits(connection)
    migrate(connection, (FIRST, SECOND))
    assert len(commits) == 1
    migrate(connection, (FIRST, SECOND, Step("third", "SELECT 1"), Step("fourth", "SELECT 1")))
    assert len(commits) == 3


def test_a_new_file_gets_all_steps_or_none(connection):
    with pytest.raises(apsw.SQLError):
        migrate(connection, (FIRST, BROKEN))
    assert _tables(connection) == []


def test_an_unknown_step_is_refused_before_anything_is_applied(connection):
    migrate(connection, (FIRST,))
    with pytest.raises(NewerStore, match="first"):
        migrate(connection, (SECOND,))
    assert _tables(connection) == ["a", "steps"]


def test_every_table_is_strict_and_every_step_has_its_own_name(connection):
    migrate(connection)
    assert len({step.name for step in STEPS}) == len(STEPS)
    listed = connection.execute("PRAGMA table_list").fetchall()
    loose = [row[1] for row in listed if row[2] == "table" and not row[5] and not row[1].startswith("sqlite_")]
    assert loose == []


def test_the_file_gives_space_back_and_logs_ahead(connection):
    migrate(connection)
    assert connection.execute("PRAGMA auto_vacuum").fetchall() == [(2,)]  # incremental
    assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    assert connection.execute("PRAGMA synchronous").fetchall() == [(2,)]  # full
    assert connection.execute("PRAGMA foreign_keys").fetchall() == [(1,)]


def test_a_store_of_the_first_schema_opens_with_all_it_held(tmp_path):
    """Made as the first store was made: its steps as they stood then, no checksums, rows written by hand."""
    first = apsw.Connection(str(tmp_path / FILE_NAME), vfs=apsw.vfs_names()[-1])
    first.execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL")
    first.execute((Path(__file__).parent / "first_schema.sql").read_text("utf-8"))
    body, content = b'{"n":1}', b"scan"
    revision = revision_digest(None, body, deleted=False)
    first.execute(
        "UPDATE store SET update_seq = 1;"
        "INSERT INTO databases (name, instance, update_seq, doc_count, active_bytes, stored_bytes) "
        "VALUES ('station', '1', 1, 1, 11, 11)"
    )
    first.execute("INSERT INTO documents VALUES (1, 1, 'a', 1, 0, 11, ?)", (f'[[1,0,"{revision}"]]',))
    first.execute("INSERT INTO revisions VALUES (1, 1, 1, ?, 0, 1, ?)", (revision, body))
    first.execute("INSERT INTO contents VALUES (1, ?, ?)", (blake2b(content, digest_size=32).digest(), content))
    first.execute("INSERT INTO attachments VALUES (1, 'scan', 'image/jpeg', 'md5-x', 4, 1, 1)")
    first.execute("INSERT INTO local_documents VALUES (1, 'here', 1, ?)", (b"{}",))
    first.close(True)
    with Engine.open(tmp_path) as engine:
        db = engine.databases.open("station")
        (document,) = db.read([Wanted("a", attachments=True)])
        assert (document.body, document.attachments[0].data) == (body, content)
        assert db.read_local("here").body == b"{}"
        second = db.write([Edit("a", Revision(1, revision), b'{"n":2}')])[0]
        assert second.error is None
        assert db.purge({"a": [second.revision]}) == {"a": (second.revision,)}
        assert_sound(engine)
