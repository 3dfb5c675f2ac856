"""How callers are told apart and admitted.

An `Admit` looks at a request and returns whose it is or raises Unauthorized; nodes bring
their own (signed requests), the plain server uses `by_accounts`, or `everyone` where no
administrator is named.

Must not know: routes, databases, how passwords are kept.
"""

from base64 import b64decode
from collections.abc import Callable, Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

from sync.errors import BadRequest, Forbidden
from sync.users.accounts import Accounts, Session
from sync.users.caller import ADMIN_ROLE, STRANGER, Caller

Admit = Callable[[Request], Session]

COOKIE = "AuthSession"


def everyone(*, pages: Collection[str] = ()) -> Admit:
    """CouchDB's admin party: every program on this machine may do everything. For loopback alone.

    A browser on this machine reaches the port for any page it shows, so a page of another site is
    turned away: by its `Origin`, and by a host name that was pointed at this machine from outside.

    pages   origins whose pages are welcome all the same
    raises  Forbidden, when the caller is looked at
    """

    def admit(request: Request) -> Session:
        origin = request.headers.get("Origin")
        foreign = origin is not None and origin not in pages and urlsplit(origin).netloc != request.host
        if foreign or not _is_loopback(urlsplit(f"//{request.host}").hostname):
            raise Forbidden("Pages of other sites may not use this server.")
        return Session(Caller(None, (ADMIN_ROLE,)))

    return admit


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def by_accounts(accounts: Accounts) -> Admit:
    """Admit whoever has an account, by session cookie or by HTTP Basic, and strangers as strangers.

    As in CouchDB an open session goes before a name and a password sent beside it.
    """

    def admit(request: Request) -> Session:
        token = request.cookies.get(COOKIE) if "HTTP_COOKIE" in request.environ else None
        session = accounts.resume(token) if token else None
        if session:
            return session
        sent = _basic(request.headers.get("Authorization", ""))
        if sent is None:
            return Session(STRANGER)
        return Session(accounts.verify(*sent, address=request.remote_addr or ""))

    return admit


def _basic(header: str) -> tuple[str, str] | None:
    """Name and password; None when the header is about something else."""
    if not header.startswith("Basic "):
        return None
    try:
        pair = b64decode(header.removeprefix("Basic ").strip(), validate=True).decode("utf-8", "replace")
    except ValueError:
        raise BadRequest("Authorization header has invalid base64 value") from None
    name, colon, password = pair.partition(":")
    # Browsers cannot be made to forget what they send; CouchDB's pages have them send `_:_` to sign out.
    return (name, password) if colon and (name, password) != ("_", "_") else None
