"""The replicas of the models that can die: an engine in its directory, a server in its process; and the oracle."""

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from fixtures.couch_process import CouchProcess
from sync.errors import LinkError
from sync.remote.database import RemoteDatabases
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.values.documents import Edit, Outcome
from tests.faults.store.checking import assert_sound
from tests.model.network import Replica

NAME = "station"


class EmbeddedReplica(Replica):
    """The embedded engine, alone in a directory."""

    def __init__(self, name: str, directory: Path, *, revs_limit: int) -> None:
        self._directory = directory
        self._lives = 0
        self.engine = Engine.open(directory / "0")
        super().__init__(name, self.engine.databases.create(NAME))
        self.engine.database(NAME).set_revs_limit(revs_limit)

    def kill(self) -> None:
        """What a killed process leaves is what its files hold, log and all: go on from a copy of them."""
        before, self._lives = self._directory / str(self._lives), self._lives + 1
        after = self._directory / str(self._lives)
        after.mkdir()

        def copy(_: object) -> None:
            for path in before.glob(f"{FILE_NAME}*"):
                shutil.copyfile(path, after / path.name)

        self.engine.write(
            copy
        )  # a moment between two writes: what tidies up in the background waits, and begins no new log
        opened = Engine.open(after)
        self.engine.close()
        self.engine = opened
        self.database = opened.database(NAME)


@contextmanager
def embedded(name: str, directory: Path, *, revs_limit: int) -> Iterator[EmbeddedReplica]:
    """An embedded replica until the block ends; it must be sound then."""
    replica = EmbeddedReplica(name, directory, revs_limit=revs_limit)
    try:
        yield replica
        assert_sound(replica.engine)
    finally:
        replica.engine.close()


def oracle(*, revs_limit: int) -> Replica:
    """The oracle in memory; it never dies."""
    database = MemoryDatabases().create(NAME)
    database.set_revs_limit(revs_limit)
    return Replica("oracle", database)


class ServedReplica(Replica):
    """`yizhan couch serve` in a process of its own, reached over HTTP; its death is SIGKILL."""

    def __init__(self, name: str, directory: Path) -> None:
        self.process = CouchProcess(directory)
        self._databases = RemoteDatabases.at(self.process.url)
        super().__init__(name, self._databases.create(NAME))

    def kill(self) -> None:
        """Between two requests."""
        self.process.kill()
        self.process.start()

    def kill_amid(self, batches: Iterable[Sequence[Edit]], *, after_seconds: float) -> list[Sequence[Outcome]]:
        """While batches are being written, one after the other; the outcomes of those that were answered."""
        answered = []
        killing = threading.Timer(after_seconds, self.process.kill)
        killing.start()
        with suppress(LinkError):
            for batch in batches:
                answered.append(self.database.write(batch))
        killing.join()
        self.process.start()
        return answered

    def close(self) -> None:
        """End the process; the directory must be sound."""
        self._databases.close()
        self.process.end()


@contextmanager
def served(name: str, directory: Path) -> Iterator[ServedReplica]:
    """A served replica until the block ends; its store must be sound then."""
    replica = ServedReplica(name, directory)
    try:
        yield replica
    finally:
        replica.close()
    with Engine.open(directory) as engine:
        assert_sound(engine)
