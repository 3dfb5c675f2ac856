"""Who may use a route: the words for it, and how the plain server makes them good.

The table in `routes` says for each route who may; the blueprint asks `by_security` before the handler.
On a node no such policy stands here: it admits certified nodes, and opens to each the databases it
shares with it, behind the guard.

    ANYONE         strangers, too
    MEMBER         members of the database, by its `_security`; everyone where that names none
    LISTER         members; in CouchDB's own databases the administrator
    DB_ADMIN       admins of the database, by its `_security`
    CARETAKER      the same people; CouchDB turns others away in other words
    SERVER_ADMIN   the administrator

In CouchDB's own databases nobody but the administrator is a member, only that each account may read
and change its own document of `_users`. What admins of a database alone may write, design documents,
is looked after where documents are written (`sync.users.governed`): their ids come in bodies, too.

source  CouchDB, `chttpd_auth_request`, `couch_db:check_is_member/1`, `couch_db:check_is_admin/1`

Must not know: Flask, routes, how callers are told apart.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto

from sync.errors import Forbidden, Unauthorized
from sync.http_api.call import Call
from sync.replicator.documents import is_replicator
from sync.users.caller import Caller
from sync.users.documents import USERS, is_own
from sync.users.governed import not_an_admin, security_of
from sync.wire.names import SYSTEM_DATABASES


class Who(Enum):
    """Who may use a route."""

    ANYONE = auto()
    MEMBER = auto()
    LISTER = auto()
    DB_ADMIN = auto()
    CARETAKER = auto()
    SERVER_ADMIN = auto()


# (call, who may use the route, names in its address): raises Unauthorized, Forbidden, NotFound.
Allow = Callable[[Call, Who, Mapping[str, str]], None]


def by_security(call: Call, who: Who, names: Mapping[str, str]) -> None:
    """Let the caller through, or raise in CouchDB's words.

    raises  Unauthorized, Forbidden; NotFound when the database does not exist
    """
    caller, db = call.caller, names.get("db")
    if who is Who.ANYONE or caller.is_admin:
        return
    own_to_couchdb = db in SYSTEM_DATABASES or is_replicator(db or "")  # jobs hold passwords of other servers
    if db is None or who is Who.SERVER_ADMIN or (who is Who.LISTER and own_to_couchdb):
        raise Unauthorized("You are not a server admin.")
    security = security_of(call.database(db))
    if own_to_couchdb:
        if not (who is Who.MEMBER and db == USERS and is_own(names.get("doc", ""), caller)):
            raise _no_member(caller)
        return
    if not security.is_member(caller):
        raise _no_member(caller)
    if who is Who.DB_ADMIN and not security.is_admin(caller):
        raise not_an_admin(caller)
    if who is Who.CARETAKER and not security.is_admin(caller):
        raise Unauthorized("You are not a server or db admin.")


def _no_member(caller: Caller) -> Unauthorized | Forbidden:
    if caller.name is None:
        return Unauthorized("You are not authorized to access this db.")
    return Forbidden("You are not allowed to access this db.")
