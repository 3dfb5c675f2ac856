"""Signing in: the server's administrator and the accounts of `_users`, by password and by session.

A user's document is read at every request, so whoever is struck off it is out at the next one. The
secret that signs sessions is this process's alone: a copied data directory opens no session, and a
restart ends those there are.

source  CouchDB, `couch_httpd_auth`, `chttpd_auth_cache`

Must not know: requests, cookies' attributes, routes.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from sync.database import Databases
from sync.errors import BadRequest, FileExists, Forbidden, NotFound, Unauthorized
from sync.typed import Value
from sync.users.caller import ADMIN_ROLE, Caller
from sync.users.cookies import read_token, write_token
from sync.users.documents import PREFIX, USERS
from sync.users.failures import Failures
from sync.users.passwords import Passwords
from sync.values.documents import Document, Wanted

SESSION_SECONDS = 600
# A session in use is renewed, but not at every request.
_RENEWED_AFTER_SECONDS = SESSION_SECONDS // 10


class Account(Value):
    """An account, with the fields that its password is checked against."""

    name: str
    roles: tuple[str, ...]
    kept: Mapping[str, Any]

    @property
    def salt(self) -> str:
        """Changes with the password."""
        salt = self.kept.get("salt", "")
        return salt if isinstance(salt, str) else ""


class Session(Value):
    """An open session: whose, and the token to go on with when it is time for a new one."""

    caller: Caller
    renewed: str | None = None


class Accounts:
    """Who may sign in at one server."""

    def __init__(
        self,
        databases: Databases,
        *,
        admin: tuple[str, str],
        passwords: Passwords,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """admin: name and password of the administrator, who stands in no document."""
        self._databases = databases
        self._passwords = passwords
        self._clock = clock
        self._failures = Failures(clock=clock)
        self._secret = secrets.token_bytes(32)
        # One round will do for a hash that is never written down.
        kept = Passwords(iterations=1).hash(admin[1], salt=secrets.token_hex(16))
        self._admin = Account(admin[0], (ADMIN_ROLE,), kept)

    def prepare(self) -> None:
        """Have the database of users there."""
        try:
            self._databases.create(USERS)
        except FileExists:
            return

    def verify(self, name: str, password: str, *, address: str) -> Caller:
        """Whose name and password these are.

        address  where they came from: failures are counted by it
        raises   Unauthorized, Forbidden while the account is locked, PeerBusy
        """
        return self._verified(name, password, address)[0]

    def begin(self, name: str, password: str, *, address: str) -> tuple[Caller, str]:
        """Open a session: whose it is, and its token; raises what `verify` raises."""
        caller, account = self._verified(name, password, address)
        return caller, self._token(account)

    def resume(self, token: str) -> Session | None:
        """The session a token opens; None when it opens none, or none any more.

        raises  BadRequest when it is no token at all
        """
        read = read_token(token)
        account = self._find(read.name)
        age = self._now() - read.seconds
        if account is None or not 0 <= age < SESSION_SECONDS or not read.is_signed(self._secret, account.salt):
            return None
        renewed = self._token(account) if age > _RENEWED_AFTER_SECONDS else None
        return Session(Caller(account.name, account.roles, "cookie"), renewed)

    def _verified(self, name: str, password: str, address: str) -> tuple[Caller, Account]:
        account = self._find(name)
        key = (address, name, account.salt if account else "")
        if self._failures.is_locked(key):
            raise Forbidden("Account is temporarily locked due to multiple authentication failures")
        fits = self._passwords.fits(account.kept if account else self._passwords.nobody, password)
        if account is None or not fits:
            self._failures.add(key)
            if account is self._admin:
                # Whose hash is cheap, and whose name shall not be known by how soon it is refused.
                self._passwords.fits(self._passwords.nobody, password)
            raise Unauthorized("Name or password is incorrect.")
        return Caller(account.name, account.roles), account

    def _find(self, name: str) -> Account | None:
        """The account of that name; raises Unauthorized when its document is in conflict."""
        if name == self._admin.name:
            return self._admin
        try:
            found = list(self._databases.open(USERS).read([Wanted(PREFIX + name, revisions=())]))
        except (NotFound, BadRequest):  # no such database; no such id can be
            return None
        leaves = [each for each in found if isinstance(each, Document) and not each.deleted]
        if len(leaves) > 1:
            raise Unauthorized(
                "User document conflicts must be resolved before the document is used for authentication purposes."
            )
        fields = leaves[0].fields() if leaves else {}
        # A second factor is not asked for here, so whoever has one stays outside rather than getting in with half.
        return _account(name, fields) if fields and "totp" not in fields else None

    def _token(self, account: Account) -> str:
        return write_token(account.name, self._now(), secret=self._secret, salt=account.salt)

    def _now(self) -> int:
        return int(self._clock())


def _account(name: str, fields: Mapping[str, Any]) -> Account:
    roles = fields.get("roles")
    # A role of the system is in no document that was checked; one that came another way gives no power.
    lawful = [role for role in roles if isinstance(role, str) and role != ADMIN_ROLE] if isinstance(roles, list) else []
    return Account(name, tuple(lawful), fields)
