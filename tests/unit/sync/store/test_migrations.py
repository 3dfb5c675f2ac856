"""Steps of the schema: once each, in order, together with their record."""

import apsw
import pytest

from sync.errors import NewerStore
from sync.store.connection import Opening, close, open_writer
from sync.store.migrations import STEPS, migrate
from sync.store.steps import Step

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
