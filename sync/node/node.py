"""A node's parts in one hand: its data directory, its clock, and who it is.

Must not know: what is done with them.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Self, TypeVar

from sync.database import Databases
from sync.errors import FileExists, NotFound, StoreLocked
from sync.messages import _
from sync.node.aside_room import AsideRoom
from sync.node.catalogue import Catalogue
from sync.node.crowd import Crowd
from sync.node.heard_time import FLOOR
from sync.node.identity import Identity, read_identity
from sync.node.locals_of_peers import LocalsOfPeers
from sync.node.seeking import Sought
from sync.outbox.address import CouchAddress
from sync.outbox.opening import open_documents, require_usable, settle_elsewhere
from sync.records.clock import beijing
from sync.records.ids import PUBLIC
from sync.store.claim import claim_directory
from sync.store.connection import FILE_NAME, Opening
from sync.store.documents import BoundDatabase, Documents
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.keys import draw_key
from sync.store.ledger.contacts import Failure
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import found_node
from sync.store.ledger.settings import setting
from sync.store.transaction import Reader, Transaction
from sync.store.unlocking import head_of, key_number_of
from sync.trust.keys import generate

T = TypeVar("T")
_MOST_FETCHED = 20_000
Clock = Callable[[], int]

_log = logging.getLogger(__name__)
_AS_IT_IS = Opening()


def system_clock() -> int:
    """Milliseconds since 1970, as this machine has them."""
    return time.time_ns() // 1_000_000


class Node:
    """An initialised data directory, owned until `close`; also a context manager."""

    def __init__(self, engine: Engine, documents: Documents, clock: Clock, keys: KeyFolder | None = None) -> None:
        self.keys = keys
        self.engine = engine  # the ledger, for whatever has nothing to do with documents
        self.documents = documents
        self.clock = clock
        self.catalogue = Catalogue(engine, documents)
        self.upkeep = threading.Lock()  # held by whoever follows the databases: one at a time
        self.fetched: set[tuple[str, str]] = set()  # (database, id) brought from above on demand, and not told back
        self.sought = Sought()
        self.aside_room = AsideRoom()
        self.locals_of_peers = LocalsOfPeers()
        self.crowd = Crowd()
        self.unkept_failure: Failure | None = None  # of the last run up, where the ledger took no writes
        self.is_tended = False  # whether a thread looks after lists and merges, besides whoever writes
        self._lock = threading.Lock()
        self._identity: Identity | None = None

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        clock: Clock = system_clock,
        couch: CouchAddress | None = None,
        keys: KeyFolder | None = None,
    ) -> Self:
        """Own a data directory; one that finds itself copied begins a new life here.

        couch   where its documents are; None when they are in the directory
        keys    where the key of an encrypted directory is
        raises  NotFound when it was never initialised, StoreLocked when another process owns it, KeyMissing, Forbidden
                when its documents are not where `couch` says
        """
        if not directory.is_dir():
            raise NotFound(
                _("There is no data directory %(directory)s", directory=directory), remedy=_("First run init.")
            )
        if not head_of(directory / FILE_NAME):  # nor is one made, which `init` would find there
            raise NotFound(_("There is no data in %(directory)s", directory=directory), remedy=_("First run init."))
        return cls._begin(directory, clock, lambda engine: claim_directory(engine, now_ms=clock()), couch, keys)

    @classmethod
    def found(
        cls,
        directory: Path,
        told: Callable[[Transaction], None],
        *,
        clock: Clock = system_clock,
        couch: CouchAddress | None = None,
        keys: KeyFolder | None = None,
    ) -> Self:
        """Make a new node: key, first life, and what it is told about itself, in one transaction.

        told    what `identity.describe` or its like writes
        couch   where its documents are to be; None for the directory
        keys    where the key is put that the directory is encrypted with; None: it stays in the clear
        raises  FileExists when the directory is a node already, or something in the clear stands where it is to be
                encrypted; what `require_usable` raises about the CouchDB
        """
        if couch is not None:
            require_usable(couch, first_database=PUBLIC)

        def work(tx: Transaction) -> None:
            if tx.one("SELECT 1 FROM node_key") is not None:
                sentence = _("%(directory)s is initialised already", directory=directory)
                raise FileExists(sentence, remedy=_("Choose another directory, or use this one as it is."))
            found_node(tx, generate(), fingerprint=fingerprint_of(directory / FILE_NAME), now_ms=clock())
            if couch is not None:
                settle_elsewhere(tx, couch)
            told(tx)

        opening = Opening() if keys is None else _with_new_key(directory, keys)
        return cls._begin(directory, clock, lambda engine: engine.write(work), couch, keys, opening)

    @classmethod
    def _begin(
        cls,
        directory: Path,
        clock: Clock,
        settle: Callable[[Engine], object],
        couch: CouchAddress | None,
        keys: KeyFolder | None,
        opening: Opening = _AS_IT_IS,
    ) -> Self:
        """Own a directory, once `settle` has made sure that it is ours; given free again when that fails."""
        engine = _own(directory, opening, keys)
        with ExitStack() as undone_on_failure:
            undone_on_failure.callback(engine.close)
            settle(engine)
            documents = open_documents(engine, couch)
            undone_on_failure.callback(documents.close)
            node = cls(engine, documents, clock, keys)
            node.ensure_database(PUBLIC)
            undone_on_failure.pop_all()
        return node

    @property
    def databases(self) -> Databases:
        """Every document database of this node."""
        return self.documents.databases

    @property
    def identity(self) -> Identity:
        """Who we are, as last read."""
        with self._lock:
            if self._identity is None:
                self._identity = self.engine.read(read_identity)
            return self._identity

    def write(self, work: Callable[[Transaction], T]) -> T:
        """`documents.write`: one transaction over the ledger and the documents; the work may be run more than once."""
        return self.documents.write(work)

    def read(self, work: Callable[[Reader], T]) -> T:
        """`documents.read`: one snapshot of the ledger, and documents."""
        return self.documents.read(work)

    def rewrite_identity(self, work: Callable[[Transaction], T]) -> T:
        """Run work that changes who we are, and read that anew."""
        result = self.engine.write(work)
        with self._lock:
            self._identity = None
        return result

    def go_on_reborn(self) -> None:
        """We live a new life since a moment ago: read anew who we are."""
        with self._lock:
            self._identity = None
        _log.warning(
            _(
                "The data of this machine was put back to an earlier state and has begun a new life; to give "
                "receipt numbers it needs a new enrolment code of the centre"
            )
        )

    def today(self) -> date:
        """The day it is on the wall, by this node's clock."""
        return beijing(self.clock()).date()

    def day_reached(self) -> date:
        """The day that has certainly come, also where this clock was set back: nobody is born after it."""
        floor = self.engine.look(lambda reader: setting(reader, FLOOR))
        return beijing(max(self.clock(), int(floor or 0))).date()

    def note_fetched(self, pieces: Collection[tuple[str, str]]) -> None:
        """These came from above because they were asked for; beyond so many some are told back, which costs bytes."""
        if len(self.fetched) > _MOST_FETCHED:
            self.fetched.clear()
        self.fetched.update(pieces)

    def ensure_database(self, name: str) -> BoundDatabase:
        """The database of that name, made if need be."""
        try:
            self.databases.open(name)
        except NotFound:
            with contextlib.suppress(FileExists):  # by another request at the same moment
                self.databases.create(name)
        return self.documents.database(name)

    def close(self) -> None:
        """Finish what is queued and give the directory free."""
        self.documents.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _with_new_key(directory: Path, keys: KeyFolder) -> Opening:
    """How to open a file that is to be made: with a key that is on disk before it is. One that is there has its own."""
    path = directory / FILE_NAME
    keys.require_outside(directory)
    if key_number_of(path) is not None:
        return _AS_IT_IS
    if head_of(path):
        told = _("There is data in %(directory)s that is not encrypted", directory=directory)
        remedy = _("Choose a new directory; to encrypt a station that is there use yizhan edge encrypt.")
        raise FileExists(told, remedy=remedy)
    key = draw_key()
    keys.keep(key)
    return Opening(key=key)


def _own(directory: Path, opening: Opening, keys: KeyFolder | None) -> Engine:
    """The engine of a data directory; what keeps us from it is told in words for the one at the desk."""
    try:
        return Engine.open(directory, opening=opening, keys=keys)
    except StoreLocked as error:
        told = _("The data is in use: %(directory)s (process %(owner)s)", directory=directory, owner=error.owner or "?")
        raise StoreLocked(told, remedy=_("First stop that process.")) from None
