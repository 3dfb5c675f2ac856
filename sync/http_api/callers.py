"""Who calls, and how callers are admitted.

An `Admit` looks at the current request and returns the caller or raises Unauthorized; nodes bring
their own (signed requests, cookies), the stand-alone server uses `basic`.

Must not know: routes, databases, how passwords are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from sync.errors import Forbidden, Unauthorized


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
    """CouchDB's admin party: every program on this machine may do everything. For loopback alone.

    A browser on this machine reaches the port for any page it shows, so a page of another site is
    turned away: by its `Origin`, and by a host name that was pointed at this machine from outside.

    raises  Forbidden
    """
    origin = request.headers.get("Origin")
    if not _is_loopback(urlsplit(f"//{request.host}").hostname) or (
        origin is not None and urlsplit(origin).netloc != request.host
    ):
        raise Forbidden("Pages of other sites may not use this server.")
    return Caller(None, (ADMIN_ROLE,))


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


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
