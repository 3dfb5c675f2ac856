"""Databases as a command line names them: a URL, or `DIRECTORY/DATABASE` of an embedded store.

Must not know: what the databases are wanted for.
"""

import contextlib
from contextlib import ExitStack
from pathlib import Path

from sync.commands.key_place import named_keys
from sync.database import Database, Databases
from sync.errors import BadRequest, FileExists, NotFound
from sync.remote.database import RemoteDatabase, RemoteDatabases
from sync.remote.transport import Transport, split_database_url
from sync.store.engine import Engine


class Places:
    """Opens databases for one command, and each directory once; `opened` closes them."""

    def __init__(self, opened: ExitStack) -> None:
        self._opened = opened
        self._engines: dict[Path, Engine] = {}

    def database(self, place: str, *, create: bool = False) -> Database:
        """The database a text names.

        create  make it when it is not there; a remote one is otherwise not asked about
        raises  BadRequest when the text names none, NotFound, StoreLocked, LinkError
        """
        if "://" in place:
            return self._remote(place, create)
        return self._embedded(place, create)

    def _remote(self, url: str, create: bool) -> Database:
        server, name = split_database_url(url)
        transport = Transport(server)
        self._opened.callback(transport.close)
        if create:
            _ensure(RemoteDatabases(transport), name)
        return RemoteDatabase(transport, name)

    def _embedded(self, place: str, create: bool) -> Database:
        path, slash, name = place.rstrip("/").rpartition("/")
        if not slash or not name:
            raise BadRequest("a database is named by http://HOST:PORT/DATABASE or DIRECTORY/DATABASE")
        directory = Path(path or "/").resolve()
        if not create and not directory.is_dir():
            raise NotFound(f"there is no directory {path}")
        if directory not in self._engines:
            self._engines[directory] = self._opened.enter_context(Engine.open(directory, keys=named_keys()))
        databases = self._engines[directory].databases
        if create:
            _ensure(databases, name)
        return databases.open(name)


def _ensure(databases: Databases, name: str) -> None:
    with contextlib.suppress(FileExists):
        databases.create(name)
