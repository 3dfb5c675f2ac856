"""Who shares a flush: the writer waits for those it let go of last, for nobody else, and while they keep coming."""

import threading
import time

import pytest

from sync.store import writer as writing
from sync.store.connection import FILE_NAME, Opening, open_writer
from sync.store.wakes import Wakes
from sync.store.writer import Writer
from tests.faults.store.disk import Disk
from tests.waiting import until

LONG_SECONDS = 30.0


class Flushes:
    """Counts the flushes of the log, and holds them while `go_on` is not set."""

    def __init__(self) -> None:
        self.count = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, operation: str, name: str) -> None:
        if operation == "sync" and name.endswith("-wal"):
            self.count += 1
            assert self.go_on.wait(LONG_SECONDS)


@pytest.fixture
def flushes():
    return Flushes()


@pytest.fixture
def writer(tmp_path, flushes, monkeypatch):
    """A writer that waits for those it expects for very long."""
    monkeypatch.setattr(writing, "_LONGEST_UNTIL_NEXT_SECONDS", LONG_SECONDS)
    monkeypatch.setattr(writing, "_SHARE_UNTIL_NEXT", 1e6)
    monkeypatch.setattr(writing, "_SHARE_UNTIL_LAST", 1e6)
    disk = Disk()
    connection = open_writer(tmp_path / FILE_NAME, Opening(vfs=disk.vfs_name))
    connection.execute("CREATE TABLE t (x)")
    opened = Writer(connection, lambda: pytest.fail("nothing has to be opened anew"), Wakes())
    opened.run(_write)
    disk.refuse = flushes
    yield opened
    flushes.go_on.set()
    opened.close()


def _write(tx):
    tx.execute("INSERT INTO t VALUES (1)")


def _begin(writer, *, times=1):
    """A thread that writes so many times, one after the other; started."""
    thread = threading.Thread(target=lambda: [writer.run(_write) for _ in range(times)], daemon=True)
    thread.start()
    return thread


def _waiting(writer):
    return writer._queue.qsize() + len(writer._stayed)


def test_whoever_writes_alone_waits_for_nobody(writer):
    begun = time.monotonic()
    for _ in range(20):
        writer.run(_write)
    assert time.monotonic() - begun < LONG_SECONDS / 2


def test_one_who_stayed_behind_and_one_who_was_let_go_of_leave_together_from_then_on(writer, flushes):
    flushes.go_on.clear()
    first = _begin(writer, times=5)
    until(lambda: flushes.count == 1)
    second = _begin(writer, times=4)
    until(lambda: _waiting(writer) == 1)
    begun = time.monotonic()
    flushes.go_on.set()
    first.join(LONG_SECONDS)
    second.join(LONG_SECONDS)
    assert flushes.count == 5  # the first one's, and four that both share
    assert time.monotonic() - begun < LONG_SECONDS / 2  # each left when both were there


def test_who_does_not_come_again_is_waited_for_once(writer, flushes, monkeypatch):
    flushes.go_on.clear()
    first = _begin(writer)
    until(lambda: flushes.count == 1)
    second = _begin(writer)
    until(lambda: _waiting(writer) == 1)
    monkeypatch.setattr(writing, "_LONGEST_UNTIL_NEXT_SECONDS", 0.3)
    begun = time.monotonic()
    flushes.go_on.set()
    second.join(LONG_SECONDS)  # it waited for the first
    assert time.monotonic() - begun >= 0.3
    assert not first.is_alive()
    begun = time.monotonic()
    writer.run(_write)
    assert time.monotonic() - begun < 0.3


def test_what_is_in_no_hurry_is_expected_by_nobody(writer, flushes):
    flushes.go_on.clear()
    first = _begin(writer)
    until(lambda: flushes.count == 1)
    writer.post(_write)
    flushes.go_on.set()
    first.join(LONG_SECONDS)
    begun = time.monotonic()
    writer.run(_write)
    assert time.monotonic() - begun < LONG_SECONDS / 2
