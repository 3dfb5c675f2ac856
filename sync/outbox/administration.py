"""Administering the CouchDB: is it one, are our databases there and ours, who may enter them.

The only home of the `couchdb` client package. Documents travel over `sync.remote`; this is what an
administrator would otherwise do by hand: one shard each (a station is small, and ten thousand
databases of the default two would be twenty thousand files), administrators only, and a mark in every
database saying whose it is, so that two nodes never write into each other's.

Must not know: documents, intents, stations.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

import couchdb
from couchdb.http import ConnectionPool, HTTPError, PreconditionFailed, ResourceNotFound, ServerError, Session
from couchdb.http import Unauthorized as NotLetIn

from sync.errors import LinkDown, ProtocolError, Unauthorized
from sync.messages import _
from sync.outbox.address import MARK, CouchAddress, NotForUs

_TIMEOUT_SECONDS = 15.0
_OLDEST = 2  # `_bulk_get`, and one shard to a database on request
_SHARDS = 1
# As the embedded store has it, and CouchDB's own default: said anyway, for a server may be set up otherwise.
_REVS_LIMIT = 1000
_ONLY_ADMINISTRATORS = {"admins": {"names": [], "roles": ["_admin"]}, "members": {"names": [], "roles": ["_admin"]}}


class Administration:
    """One CouchDB, as the administrator whom the URL names. Each job has a connection of its own: they are rare.

    Every method raises LinkDown when there was no answer, Unauthorized when the account is not taken,
    Forbidden when it may not do this or the server is not for us, ProtocolError on anything else.
    """

    def __init__(self, address: CouchAddress) -> None:
        self._address = address

    def check(self) -> str:
        """The server's version; raises Forbidden when it is no CouchDB that a node could stand on."""
        with _served(self._address) as server:
            _status, _headers, told = server.resource.get_json()
            version = str(told.get("version", "")) if isinstance(told, dict) else ""
            if not version or told.get("couchdb") != "Welcome":
                raise NotForUs(
                    _("%(address)s is no CouchDB", address=self._address.shown),
                    remedy=_("Check YIZHAN_COUCHDB_URL."),
                )
            found = re.match(r"\d+", version)
            if found is None or int(found[0]) < _OLDEST:
                raise NotForUs(
                    _(
                        "The CouchDB at %(address)s is too old (%(version)s), it has to be 2.0 or newer",
                        address=self._address.shown,
                        version=version,
                    )
                )
            # Anyone may ask for the version; only an administrator sees this.
            server.resource.get_json("_all_dbs", limit=1)
            return version

    def require_free(self, name: str) -> None:
        """Raise Forbidden when the server has a database by our name for it already."""
        with _served(self._address) as server:
            there = self._address.name_there(name)
            if _exists(server, there):
                raise NotForUs(
                    _("There is a database %(name)s at %(address)s already", address=self._address.shown, name=there),
                    remedy=_(
                        "It may be that of another node. Use another CouchDB, "
                        "or keep them apart with YIZHAN_COUCHDB_PREFIX."
                    ),
                )

    def make(self, name: str, owner: str) -> None:
        """Have a database of ours there, marked as ours; one that is there already is only looked at.

        raises  Forbidden when it is another's
        """
        with _served(self._address) as server:
            there = self._address.name_there(name)
            resource = server.resource
            try:
                resource.put_json(there, q=_SHARDS)
            except PreconditionFailed:
                if _owner_of(server, there, empty_is=owner) != owner:
                    raise self._of_another(there) from None
            database = server[there]
            database.security = _ONLY_ADMINISTRATORS
            database.resource.put_json("_revs_limit", body=_REVS_LIMIT)
            if _mark(server, there) is None:
                # Last: what stands under our mark is set up.
                database.resource.put_json(["_local", MARK], body={"owner": owner})

    def require_ours(self, name: str, owner: str) -> None:
        """Raise Forbidden when a database is not there or is another's: then this is not the server we know."""
        with _served(self._address) as server:
            there = self._address.name_there(name)
            if _mark(server, there) != owner:
                raise self._of_another(there)

    def destroy(self, name: str) -> None:
        """Remove a database; one that is not there is as good as removed."""
        with _served(self._address) as server:
            try:
                server.resource.delete_json(self._address.name_there(name))
            except ResourceNotFound:
                return

    def _of_another(self, there: str) -> NotForUs:
        return NotForUs(
            _(
                "The database %(name)s at %(address)s does not belong to this node",
                address=self._address.shown,
                name=there,
            ),
            remedy=_("Check YIZHAN_COUCHDB_URL and YIZHAN_COUCHDB_PREFIX."),
        )


class _Connections(ConnectionPool):  # type: ignore[misc]
    """The package's pool, which forgets a connection whose answer nobody read; here none stays open."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout)
        self._opened: list[Any] = []

    def get(self, url: str) -> Any:
        connection = super().get(url)
        self._opened.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._opened:
            connection.close()


def _owner_of(server: Any, there: str, *, empty_is: str) -> str | None:
    """Whose a database is; one that was made and not marked yet, when a start broke off, is still empty."""
    mark = _mark(server, there)
    if mark is None and not server[there].info()["doc_count"]:
        return empty_is
    return mark


def _mark(server: Any, there: str) -> str | None:
    try:
        _status, _headers, told = server.resource.get_json([there, "_local", MARK])
    except ResourceNotFound:
        return None
    return str(told.get("owner", ""))


def _exists(server: Any, there: str) -> bool:
    try:
        server.resource.head(there)
    except ResourceNotFound:
        return False
    return True


@contextmanager
def _served(address: CouchAddress) -> Iterator[Any]:
    """The server for one job, its complaints raised as ours. What it says is not passed on: it may quote a URL."""
    session = Session(timeout=_TIMEOUT_SECONDS)
    session.connection_pool = connections = _Connections(_TIMEOUT_SECONDS)
    try:
        yield couchdb.Server(address.url, session=session)
    except NotLetIn:
        raise Unauthorized(_("%(address)s does not take this account and password", address=address.shown)) from None
    except ServerError as error:
        status = _status_of(error)
        if status == 403:
            raise NotForUs(_("This account is no administrator of %(address)s", address=address.shown)) from None
        if not status:
            raise ProtocolError(_("%(address)s answers wrongly", address=address.shown)) from None
        raise ProtocolError(_("%(address)s answers %(status)s", address=address.shown, status=status)) from None
    except HTTPError as error:
        what = type(error).__name__
        raise ProtocolError(_("%(address)s answers wrongly (%(what)s)", address=address.shown, what=what)) from None
    except (OSError, HTTPException) as error:
        what = type(error).__name__
        raise LinkDown(_("%(address)s does not answer (%(what)s)", address=address.shown, what=what)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProtocolError(_("The answer of %(address)s makes no sense", address=address.shown)) from None
    finally:
        connections.close()


def _status_of(error: ServerError) -> int:
    told = error.args[0] if error.args else None
    status = told[0] if isinstance(told, tuple) and told else 0
    return status if isinstance(status, int) else 0
