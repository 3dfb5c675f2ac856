"""Who calls, and how callers are admitted.

An `Admit` looks at the current request and returns the caller or raises Unauthorized; nodes bring
their own (signed requests, cookies), the stand-alone server uses `basic`.

Must not know: routes, databases, how passwords are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request

from sync.errors import Unauthorized


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking; `name` is None for a stranger."""

    name: str | None = None
    roles: tuple[str, ...] = ()


Admit = Callable[[], Caller]
Authenticate = Callable[[str, str], bool]

STRANGER = Caller()
ADMIN_ROLE = "_admin"


def everyone() -> Caller:
    """CouchDB's admin party: whoever reaches the port may do everything. For loopback alone."""
    return Caller(None, (ADMIN_ROLE,))


def basic(authenticate: Authenticate) -> Admit:
    """Admit by HTTP Basic; whoever's name and password fit is an administrator.

    authenticate  (name, password) -> whether they fit; compares in constant time
    """

    def admit() -> Caller:
        sent = request.authorization
        if sent is None:
            raise Unauthorized("Authentication required.")
        name, password = sent.username, sent.password
        if sent.type != "basic" or name is None or password is None or not authenticate(name, password):
            raise Unauthorized("Name or password is incorrect.")
        return Caller(name, (ADMIN_ROLE,))

    return admit
