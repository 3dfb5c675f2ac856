"""A node's parts in one hand: its data directory, its clock, and who it is.

Must not know: what is done with them.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from sync.database import Databases
from sync.errors import FileExists, NotFound, StoreLocked
from sync.node.catalogue import Catalogue
from sync.node.identity import Identity, read_identity
from sync.records.ids import PUBLIC
from sync.store.claim import claim_directory
from sync.store.connection import FILE_NAME
from sync.store.database import EmbeddedDatabase
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import found_node
from sync.store.transaction import Reader, Transaction
from sync.trust.keys import generate

T = TypeVar("T")
Clock = Callable[[], int]


def system_clock() -> int:
    """Milliseconds since 1970, as this machine has them."""
    return time.time_ns() // 1_000_000


class Node:
    """An initialised data directory, owned until `close`; also a context manager."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.catalogue = Catalogue(engine.database(PUBLIC))
        self.upkeep = threading.Lock()  # held by whoever follows the databases: one at a time
        self._lock = threading.Lock()
        self._identity: Identity | None = None

    @classmethod
    def open(cls, directory: Path, *, clock: Clock = system_clock) -> Self:
        """Own a data directory; one that finds itself copied begins a new life here.

        raises  NotFound when it was never initialised, StoreLocked when another process owns it
        """
        if not directory.is_dir():
            raise NotFound(f"没有数据目录 {directory}", remedy="请先运行 init。")
        return cls._begin(directory, clock, lambda engine: claim_directory(engine, now_ms=clock()))

    @classmethod
    def found(cls, directory: Path, told: Callable[[Transaction], None], *, clock: Clock = system_clock) -> Self:
        """Make a new node: key, first life, and what it is told about itself, in one transaction.

        told    what `identity.describe` or its like writes
        raises  FileExists when the directory is a node already
        """

        def work(tx: Transaction) -> None:
            if tx.one("SELECT 1 FROM node_key") is not None:
                raise FileExists(f"{directory} 已经初始化过", remedy="换一个目录，或直接使用它。")
            found_node(tx, generate(), fingerprint=fingerprint_of(directory / FILE_NAME), now_ms=clock())
            told(tx)

        return cls._begin(directory, clock, lambda engine: engine.write(work))

    @classmethod
    def _begin(cls, directory: Path, clock: Clock, settle: Callable[[Engine], object]) -> Self:
        """Own a directory, once `settle` has made sure that it is ours; given free again when that fails."""
        engine = _own(directory)
        try:
            settle(engine)
            node = cls(engine, clock)
            node.ensure_database(PUBLIC)
            return node
        except BaseException:
            engine.close()
            raise

    @property
    def databases(self) -> Databases:
        """Every document database of this node."""
        return self.engine.databases

    @property
    def identity(self) -> Identity:
        """Who we are, as last read."""
        with self._lock:
            if self._identity is None:
                self._identity = self.engine.read(read_identity)
            return self._identity

    def write(self, work: Callable[[Transaction], T]) -> T:
        """`engine.write`."""
        return self.engine.write(work)

    def read(self, work: Callable[[Reader], T]) -> T:
        """`engine.read`."""
        return self.engine.read(work)

    def rewrite_identity(self, work: Callable[[Transaction], T]) -> T:
        """Run work that changes who we are, and read that anew."""
        result = self.engine.write(work)
        with self._lock:
            self._identity = None
        return result

    def ensure_database(self, name: str) -> EmbeddedDatabase:
        """The database of that name, made if need be."""
        if name not in self.databases.names():
            with contextlib.suppress(FileExists):  # by another request at the same moment
                self.databases.create(name)
        return self.engine.database(name)

    def close(self) -> None:
        """Finish what is queued and give the directory free."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _own(directory: Path) -> Engine:
    """The engine of a data directory; what keeps us from it is told in words for the one at the desk."""
    try:
        return Engine.open(directory)
    except StoreLocked as error:
        told = f"数据正被占用：{directory}（{error.reason}）"
        raise StoreLocked(told, remedy="请先停止那个进程。") from None
