"""The two databases of a job, opened: one of this server directly, one across HTTP over a connection of its own.

Must not know: jobs, when they run.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sync.database import Database, Databases
from sync.errors import FileExists, Forbidden, NotFound, Unauthorized
from sync.replicator.endpoints import Endpoint
from sync.replicator.selecting import selected
from sync.replicator.specification import Specification
from sync.store.wakes import Wakes
from sync.typed import Value
from sync.wire.problems import DatabaseNotFound

if TYPE_CHECKING:
    from sync.remote.transport import Transport


class Ends(Value):
    """Source and target, the connections they take, and what ends waiting for a source that is here."""

    source: Database
    target: Database
    transports: tuple["Transport", ...]
    wake: Callable[[], None]

    def cut(self) -> None:
        """End what is under way on the connections, and waiting; another thread may call this."""
        for each in self.transports:
            each.cut()
        self.wake()

    def close(self) -> None:
        """Close the connections."""
        for each in self.transports:
            each.close()


def open_ends(specification: Specification, databases: Databases, wakes: Wakes, address: str) -> Ends:
    """Open both ends, creating the target where that is asked for.

    wakes    those of the engine that keeps the databases
    address  this server's own, to tell its databases by
    raises   DatabaseNotFound, Unauthorized, LinkError; each names the end and no password
    """
    opener = _Opener(specification, databases, address)
    try:
        source = opener.open(specification.source)
        if specification.selector is not None:
            source = selected(source, specification.selector)
        target = opener.open(specification.target, create=specification.create_target)
    except BaseException:
        opener.close()
        raise
    here = [name for name in (specification.source.name,) if name is not None]
    return Ends(source, target, tuple(opener.transports), lambda: wakes.wake(here))


class _Opener:
    def __init__(self, specification: Specification, databases: Databases, address: str) -> None:
        self._specification = specification
        self._databases = databases
        self._address = address
        self.transports: list[Transport] = []

    def close(self) -> None:
        for each in self.transports:
            each.close()

    def open(self, end: Endpoint, *, create: bool = False) -> Database:
        shown = end.shown(self._address)
        try:
            return self._remote(end, create) if end.name is None else self._local(end.name, create)
        except NotFound:
            raise DatabaseNotFound(f"could not open {shown}") from None
        except (Unauthorized, Forbidden):
            raise Unauthorized(f"unauthorized to access or create database {shown}") from None

    def _local(self, name: str, create: bool) -> Database:
        if create:
            with contextlib.suppress(FileExists):
                return self._databases.create(name)
        return self._databases.open(name)

    def _remote(self, end: Endpoint, create: bool) -> Database:
        # Here and not above: `requests` is 8 MB and a fifth of a second, and most servers never replicate.
        from sync.remote.database import RemoteDatabase
        from sync.remote.transport import Transport, split_database_url

        server, name = split_database_url(end.url or "")
        seconds = self._specification.timeout_seconds
        transport = Transport(server, timeout_seconds=seconds, headers=dict(end.headers))
        self.transports.append(transport)
        database = RemoteDatabase(transport, name)
        try:
            database.info()
        except NotFound:
            if not create:
                raise
            self._create(transport, name, dict(self._specification.create_params))
        return database

    @staticmethod
    def _create(transport: "Transport", name: str, params: Mapping[str, str]) -> None:
        with contextlib.suppress(FileExists):
            transport.ask("PUT", (name,), query=params)
