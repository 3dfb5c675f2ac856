"""Databases as one caller may write them: the rules of `_users`, and design documents for admins only.

Reading passes through: who may read is settled before a database is opened. What is refused comes
back as an `Outcome` and delays nothing else in its batch, whichever road it came by: PUT,
`_bulk_docs`, a replicator, one on this machine included.

Must not know: requests, routes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import uuid4

from sync.database import Database, Databases, Front
from sync.errors import Conflict, Forbidden, Refused, Unauthorized
from sync.typed import replace
from sync.users.caller import ADMIN_ROLE, Caller
from sync.users.documents import USERS, check
from sync.users.passwords import FIELDS, Passwords
from sync.users.security import UNSET, Security
from sync.values.documents import Document, Edit, Outcome, Wanted
from sync.values.json_text import dump, parse_object
from sync.wire.names import DESIGN

Offered = TypeVar("Offered", Edit, Document)
SERVER = Caller(None, (ADMIN_ROLE,))


class Rules(Protocol):
    """What one caller may write into one database."""

    def judge(self, database: Database, offered: Sequence[Offered]) -> list[Offered | Refused]:
        """Each as it is to be written, or why it is not."""
        ...


# (database name, caller) -> what that caller may write there; None for whatever there is.
MoreRules = Callable[[str, Caller], Rules | None]


class GovernedDatabase(Front):
    """A `Database` that writes what rules let through."""

    def __init__(self, behind: Database, rules: Rules) -> None:
        super().__init__(behind)
        self._rules = rules

    @property
    def able(self) -> Database:
        """The database behind, for what it can do besides: rules are about documents alone."""
        return self._behind

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Write the lawful ones."""
        judged = self._rules.judge(self._behind, edits)
        written = iter(self._behind.write([each for each in judged if isinstance(each, Edit)]))
        return [
            Outcome(edit.id, None, each) if isinstance(each, Refused) else next(written)
            for edit, each in zip(edits, judged, strict=True)
        ]

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join the lawful ones."""
        judged = self._rules.judge(self._behind, documents)
        grafted = iter(self._behind.graft([each for each in judged if isinstance(each, Document)]))
        return [
            Outcome(document.id, document.revision, each) if isinstance(each, Refused) else next(grafted)
            for document, each in zip(documents, judged, strict=True)
        ]


class GovernedDatabases:
    """All databases of a server as one caller may write them."""

    def __init__(
        self, databases: Databases, passwords: Passwords, caller: Caller = SERVER, *, more: MoreRules | None = None
    ) -> None:
        """caller: the server itself, for what it does on its own account; more: for databases not spoken of here."""
        self._databases = databases
        self._passwords = passwords
        self._caller = caller
        self._more = more

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        return self._databases.names()

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that exist."""
        return self._databases.among(names)

    def open(self, name: str) -> Database:
        """The database of that name; raises NotFound."""
        return self._governed(name, self._databases.open(name))

    def create(self, name: str) -> Database:
        """A new, empty database; raises FileExists, or BadRequest on an unlawful name."""
        return self._governed(name, self._databases.create(name))

    def destroy(self, name: str) -> None:
        """Remove a database with all it holds; raises NotFound."""
        self._databases.destroy(name)

    def _governed(self, name: str, database: Database) -> Database:
        if name == USERS:
            return GovernedDatabase(database, UsersRules(self._caller, self._passwords))
        rules = self._more(name, self._caller) if self._more else None
        if rules is not None:
            return GovernedDatabase(database, rules)
        return database if self._caller.is_admin else GovernedDatabase(database, DesignRule(self._caller))


class DesignRule:
    """Design documents are written by admins of the database alone."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def judge(self, database: Database, offered: Sequence[Offered]) -> list[Offered | Refused]:
        """Refuse design documents, unless the caller is an admin."""
        if not any(each.id.startswith(DESIGN) for each in offered) or security_of(database).is_admin(self._caller):
            return list(offered)
        return [not_an_admin(self._caller) if each.id.startswith(DESIGN) else each for each in offered]


class UsersRules:
    """Users' documents obey CouchDB's rules, and a password in them is replaced by its hash."""

    def __init__(self, caller: Caller, passwords: Passwords) -> None:
        self._caller = caller
        self._passwords = passwords

    def judge(self, database: Database, offered: Sequence[Offered]) -> list[Offered | Refused]:
        """Check each against what it replaces, and hash."""
        leaves: dict[str, list[Document]] = {each.id: [] for each in offered}
        for found in database.read([Wanted(doc_id, revisions=()) for doc_id in leaves]):
            if isinstance(found, Document):
                leaves[found.id].append(found)
        return [self._judged(each, leaves[each.id]) for each in offered]

    def _judged(self, offered: Offered, leaves: Sequence[Document]) -> Offered | Refused:
        if offered.id.startswith(DESIGN):
            return offered if self._caller.is_admin else not_an_admin(self._caller)
        old = _replaced(offered, leaves)
        if isinstance(offered, Edit) and old is None and (offered.parent or any(not leaf.deleted for leaf in leaves)):
            # What the database would say. It is said here, lest the parent be written between our look and its.
            return Conflict()
        try:
            lawful = self._hashed(offered)
            fields = parse_object(lawful.body)
            check(offered.id, fields, old.fields() if old else None, self._caller, deleted=offered.deleted)
        except Refused as refusal:
            return refusal
        return lawful

    def _hashed(self, offered: Offered) -> Offered:
        fields = parse_object(offered.body)
        if fields.get("password") is None:
            return offered
        hashed = self._passwords.hash(fields["password"], salt=uuid4().hex)
        rest = {name: value for name, value in fields.items() if name != "password" and name not in FIELDS}
        return replace(offered, body=dump(hashed | rest))


def security_of(database: Database) -> Security:
    """Who may do what in a database; the server's administrators alone where it keeps no such object."""
    keeps = getattr(database.able if isinstance(database, GovernedDatabase) else database, "security", None)
    return Security.of(keeps() if keeps else UNSET)


def not_an_admin(caller: Caller) -> Refused:
    """CouchDB's answer to those who are no admin of a database."""
    kind = Unauthorized if caller.name is None else Forbidden
    return kind("You are not a db or server admin.")


def _replaced(offered: Edit | Document, leaves: Sequence[Document]) -> Document | None:
    """The leaf an edit or a replica's revision is written on top of."""
    if isinstance(offered, Edit):
        return next((leaf for leaf in leaves if leaf.revision == offered.parent), None)
    return next((leaf for leaf in leaves if offered.path.knows(leaf.revision)), None)
