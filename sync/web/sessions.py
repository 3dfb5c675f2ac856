"""Being signed in: cookie sessions, their end by idleness, and the gate before every route.

The cookie is a random token of which only the digest is kept, so that a copied data directory opens
no session. What proves that a form is ours (CSRF) is derived from the account and its password and
needs no keeping: whoever signs in again goes on with the pages that stood open, and what was typed
there is not lost with the session. A session lives while it is used; that it was used is written at
most once a minute.

Must not know: passwords, pages, what accounts may do.
"""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import ParamSpec
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from sync.errors import Forbidden, PageExpired, Unauthorized, UnsupportedType
from sync.messages import N_, _
from sync.store.engine import Engine
from sync.store.ledger import sessions as ledger
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction
from sync.web.accounts import MORE, Account, Accounts, as_account
from sync.web.describing import operation_of
from sync.web.pace import KNOWN
from sync.web.problems import wants_page
from sync.web.roles import Role

IDLE_SECONDS = 15 * 60
# However busy, a session ends with the working day.
LONGEST_SECONDS = 12 * 3600
SIGN_IN_PATH = "/sign-in"
PASSWORD_PATH = "/password"
_EXTENSION = "yizhan.sessions"
_ADMITS = "admits"
# What a form on a foreign page can send without the browser asking us first (Fetch standard, CORS-safelisted).
_FORM_TYPES = ("", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_HARMLESS = ("GET", "HEAD", "OPTIONS")
_NOT_OURS = N_("This was not sent by a page that this account opened here")

P = ParamSpec("P")


class Sessions:
    """The sessions of one node over its ledger. Holds no state of its own."""

    def __init__(
        self, engine: Engine, accounts: Accounts, *, now_ms: Callable[[], int], idle_seconds: int = IDLE_SECONDS
    ) -> None:
        """now_ms: milliseconds since 1970, as this node's clock shows them."""
        self.accounts = accounts
        self.idle_seconds = idle_seconds
        self._engine = engine
        self._now_ms = now_ms

    def begin(self, name: str, password: str, *, address: str = "") -> tuple[str, Account]:
        """Sign in from an address; returns the new token and the account; raises what `Accounts.verify` raises."""
        account = self.accounts.verify(name, password, address=address)
        return self.renew(account), account

    def renew(self, account: Account) -> str:
        """A new session for someone already known, as after a change of password; returns its token."""
        now_ms = self._now_ms()
        # When it began stands in the token itself; its digest keeps anyone from changing that.
        token = f"{now_ms // 1000:x}.{secrets.token_urlsafe(32)}"

        def work(tx: Transaction) -> None:
            ledger.sweep_sessions(tx, now_ms=now_ms, idle_ms=self.idle_seconds * 1000)
            ledger.begin_session(tx, _digest(token), account.name, now_ms=now_ms)
            append_entry(tx, Entry(now_ms, account.actor, "signed_in", account.actor))

        self._engine.write(work)
        return token

    def account(self, token: str) -> Account | None:
        """Whose session a token opens, noting its use; None when it opens none, or none any more."""
        digest, now_ms = _digest(token), self._now_ms()
        if not _is_within(token, now_ms):
            return None
        account, is_stale = self._look_up(digest, now_ms)
        if account is not None and is_stale:
            self._engine.post(lambda tx: ledger.use_session(tx, digest, now_ms=now_ms))
        return account

    def peek(self, token: str) -> Account | None:
        """Whose session a token opens, without using it: what only watches keeps no session alive."""
        return self._look_up(_digest(token), self._now_ms())[0] if _is_within(token, self._now_ms()) else None

    def _look_up(self, digest: bytes, now_ms: int) -> tuple[Account | None, bool]:
        """Whose session it is, if it is anybody's, and whether its use has to be noted."""

        idle_ms = self.idle_seconds * 1000
        found = self._engine.look(
            lambda reader: ledger.session_of(reader, digest, now_ms=now_ms, idle_ms=idle_ms, setting=MORE)
        )
        if found is None or found.account.disabled:
            return None, False
        return as_account(found.account, found.setting), found.is_stale

    def form_token(self, account: Account) -> str:
        """What a form of this account carries as `csrf_token`: the same until its password changes."""
        secret = self.accounts.form_secret(account.name)
        return hmac.new(secret, account.name.encode(), hashlib.sha256).hexdigest()

    def end(self, token: str, account: Account) -> None:
        """Sign out here."""
        now_ms = self._now_ms()

        def work(tx: Transaction) -> None:
            ledger.end_session(tx, _digest(token))
            append_entry(tx, Entry(now_ms, account.actor, "signed_out", account.actor))

        self._engine.write(work)


def attach(app: Flask, sessions: Sessions) -> None:
    """Let the routes of an application use `signed_in`, and its templates `csrf_token()`."""
    app.extensions[_EXTENSION] = sessions
    app.jinja_env.globals["csrf_token"] = csrf_token


def sessions_of_app() -> Sessions:
    """The sessions attached to the current application."""
    sessions: Sessions = current_app.extensions[_EXTENSION]
    return sessions


def signed_in(
    *roles: Role, may_be_new: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Open a route to those who signed in, with one of the roles when any are named; `g.account` is who.

    A person before a page who did not is sent to the sign-in page and comes back afterwards. A
    request that changes something and comes with a cookie must come from a page of ours.

    may_be_new  also for those who must first change their password
    raises      Unauthorized; Forbidden when the role does not fit, PageExpired when origin or form token do not
    """

    def gate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @functools.wraps(view)
        def admitted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            account = current_account()
            is_reading_page = request.method in _HARMLESS and wants_page()
            if account is None:
                if is_reading_page:
                    return redirect(f"{SIGN_IN_PATH}?next={quote(_here())}")
                raise Unauthorized(_("Sign in first, or again if you were signed in"))
            if account.must_change and not may_be_new:
                if is_reading_page:
                    return redirect(PASSWORD_PATH)
                raise Forbidden(_("First change the initial password"))
            if roles and account.role not in roles:
                raise Forbidden(_("Only for: %(roles)s", roles=_(", ").join(role.label for role in roles)))
            require_own_page()
            return view(*args, **kwargs)

        setattr(admitted, _ADMITS, roles)
        return admitted

    return gate


def admits(view: object) -> tuple[Role, ...] | None:
    """The roles `signed_in` opens a view to, () for every one; None when nobody need sign in."""
    roles: tuple[Role, ...] | None = getattr(view, _ADMITS, None)
    return roles


def current_account() -> Account | None:
    """Who sends this request, by cookie or by Basic; also kept in `g.account`.

    raises  Unauthorized or Locked when it carries a name and password that do not open an account
    """
    if "account" not in g:
        sent = request.authorization
        if sent is not None and sent.type == "basic":
            accounts = sessions_of_app().accounts
            g.account = accounts.verify(sent.username or "", sent.password or "", address=own_address())
        else:
            token = own_token()
            g.account = sessions_of_app().account(token) if token else None
        if g.account is not None:
            request.environ.get(KNOWN, _untold)()
    account: Account | None = g.account
    return account


def require_own_page() -> None:
    """Refuse a changing request that a foreign page may have made the browser send.

    raises  PageExpired; UnsupportedType where the route takes JSON, which no form is, whoever sent it
    """
    if request.method in _HARMLESS:
        return
    require_own_origin()
    if not own_token() or request.authorization is not None or request.mimetype not in _FORM_TYPES:
        return
    if request.method != "POST":
        return  # foreign pages need a preflight for any other method, and we answer none
    if _takes_json():
        raise UnsupportedType(_("Send it as application/json"))
    offered = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(offered.encode("utf-8", "replace"), csrf_token().encode()):
        raise PageExpired(_(_NOT_OURS))


def _takes_json() -> bool:
    """Whether the route asked describes a body of JSON."""
    operation = operation_of(current_app.view_functions.get(request.endpoint or ""))
    return operation is not None and operation.body is not None


def require_own_origin() -> None:
    """Refuse what says it comes from a page of another origin; raises PageExpired."""
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if said is None:
        return  # no browser: those name an origin with every POST
    parts = urlsplit(said)
    if (parts.scheme, parts.netloc.lower()) != (request.scheme, request.host.lower()):
        raise PageExpired(_(_NOT_OURS))


def csrf_token() -> str:
    """What a form of ours carries as `csrf_token`; empty while nobody is signed in."""
    account, sessions = g.get("account"), sessions_of_app()
    if account is None and own_token():
        account = sessions.peek(own_token())
    return sessions.form_token(account) if account is not None and own_token() else ""


def own_token() -> str:
    """The session token this request carries, or ""."""
    token: str = g.get("new_token") or request.cookies.get(cookie_name(), "")
    return token


def own_address() -> str:
    """Where this request comes from."""
    return request.remote_addr or ""


def give_cookie(response: ResponseReturnValue, token: str) -> Response:
    """Have the browser keep a token; an empty one takes it away."""
    answer = make_response(response)
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=None if token else 0,  # gone with the browser: PCs at a desk are shared
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    return answer


def cookie_name() -> str:
    """What the cookie of a session is called at the port asked."""
    # Cookies do not tell ports apart, and one machine may run a village, a township and a centre.
    return f"yizhan_{request.environ.get('SERVER_PORT', '')}"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _is_within(token: str, now_ms: int) -> bool:
    try:
        began = int(token.partition(".")[0], 16)
    except ValueError:
        return False
    return now_ms - began * 1000 <= LONGEST_SECONDS * 1000


def _untold() -> None:
    """For a server that does not ask who it is."""


def _here() -> str:
    return request.full_path if request.query_string else request.path
