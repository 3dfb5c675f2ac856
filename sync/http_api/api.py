"""The API as a WSGI application: an address is matched, the caller admitted, the handler called, the answer sent.

There is no web framework between: it would take longer than reading a document does. werkzeug's
request and response are all that is needed of one. A node, which is a Flask application, mounts the
same under a prefix (see `blueprint`).

A waiting feed holds a thread, so the server needs one for each place of the gate besides those that work;
with fewer, feeds can starve everything else. Close the gate before the server stops, so that they end.

`admit` is called first and raises Unauthorized or Forbidden; `open_databases` after it.

Must not know: what admits a caller, how databases keep their documents, Flask.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from werkzeug.wrappers import Request

from sync.database import Databases
from sync.errors import BadRequest, StorageError, SyncError
from sync.http_api.access import Allow, Who, by_security
from sync.http_api.answers import Answer, compressed, json_answer, problem
from sync.http_api.call import MAX_BODY_BYTES, Call, Query, Server, tell_known
from sync.http_api.callers import by_accounts, everyone
from sync.http_api.cors import Cors
from sync.http_api.feeds import FeedGate
from sync.http_api.routes import WrongMethod, table
from sync.http_api.sessions import renewed
from sync.http_api.tasks import compactions
from sync.replicator.rules import rules_of_jobs
from sync.replicator.service import ReplicationService
from sync.users.accounts import Accounts, Session
from sync.users.caller import STRANGER
from sync.users.governed import GovernedDatabases
from sync.users.passwords import Passwords
from sync.values.traces import trace_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_STRANGER = Session(STRANGER)

_log = logging.getLogger(__name__)


class Api:
    """All routes, at the root or under a prefix such as `/couch`.

    allow  whether the caller may use a route; None: whoever is admitted may use all, strangers those
           that are for anyone, and what there is to see is up to the server's `open_databases`
    cors   the pages of other origins that may use it; None for none
    """

    def __init__(
        self, server: Server, *, prefix: str = "", allow: Allow | None = None, cors: Cors | None = None
    ) -> None:
        self._server = server
        self._prefix = prefix
        self._allow = allow
        self._cors = cors
        self._routes = table()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as WSGI has it."""
        return self.answer(Request(environ))(environ, start_response)

    def answer(self, request: Request) -> Answer:
        """The answer to a request, whatever it is: problems are answers too."""
        if self._cors is None:
            return self._answer(request)
        return self._cors.shown(request, self._cors.preflight(request) or self._answer(request))

    def _answer(self, request: Request) -> Answer:
        try:
            found = self._routes.find(self._raw_path(request), _method(request))
            stranger = self._allow is None and found.route.who is Who.ANYONE
            session = _STRANGER if stranger else self._server.admit(request)
            if session.caller.name is not None:
                tell_known(request)
            call = Call(request, _query(request), session.caller, self._server, self._prefix)
            if self._allow:
                self._allow(call, found.route.who, found.names)
            return renewed(compressed(found.route.handler(call, **found.names), request), session, request)
        except SyncError as error:
            return _told(error, request)
        except Exception as fault:
            return _faulted(fault)

    def _raw_path(self, request: Request) -> str:
        """The address behind the prefix as it was sent, still percent-encoded."""
        sent = request.environ.get("REQUEST_URI") or quote(request.path)
        path = str(sent).partition("?")[0]
        if "://" in path.partition("/")[0] + path[:8]:  # the absolute form that proxies send
            path = "/" + path.split("://", 1)[1].partition("/")[2]
        above = (request.root_path + self._prefix).count("/")
        return "/" + "/".join(path.split("/")[1 + above :]) if above else path


def create_app(
    databases: Databases,
    *,
    uuid: str,
    accounts: Accounts | None = None,
    passwords: Passwords | None = None,
    cors: Cors | None = None,
    feeds: FeedGate | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
    max_attachment_bytes: int | None = None,
    replicator: ReplicationService | None = None,
    compacting: Callable[[], Mapping[str, float]] | None = None,
    trouble: Callable[[], StorageError | None] = lambda: None,
) -> Api:
    """The API alone, at the root.

    uuid                  names this server to replicators
    accounts              who may sign in; None lets everyone in, so keep to loopback
    passwords             hashes those of users' documents that are written
    cors                  the pages of other origins that may use it; None for none
    max_attachment_bytes  of one attachment that is not part of a JSON body; None for as much as a body may have
    replicator            runs replications to and from wherever an administrator says; None for none
    compacting            the databases that are compacted now, and since when
    trouble               why nothing can be written just now; None when it can
    """
    hashing = passwords or Passwords()
    server = Server(
        open_databases=lambda caller: GovernedDatabases(
            databases, hashing, caller, more=rules_of_jobs if replicator else None
        ),
        admit=everyone(pages=cors.origins if cors else ()) if accounts is None else by_accounts(accounts),
        feeds=feeds or FeedGate(),
        uuid=uuid,
        max_body_bytes=max_body_bytes,
        max_attachment_bytes=max_attachment_bytes or max_body_bytes,
        accounts=accounts,
        replicator=replicator,
        trouble=trouble,
    )
    if replicator:
        server.tasks.add(replicator.tasks)
    if compacting:
        server.tasks.add(lambda: compactions(compacting()))
    return Api(server, allow=by_security, cors=cors)


def _method(request: Request) -> str:
    return "GET" if request.method == "HEAD" else request.method


def _query(request: Request) -> Query:
    sent = request.query_string
    if not sent:
        return Query({})
    try:
        pairs: list[tuple[str, Any]] = parse_qsl(
            sent.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except ValueError:
        raise BadRequest("the query string is not UTF-8, or has too many parameters") from None
    return Query.of(pairs)


def _told(error: SyncError, request: Request) -> Answer:
    if isinstance(error, StorageError):
        _log.error("%s: %s", type(error).__name__, error.reason)
    answer = problem(error, request.headers)
    if isinstance(error, WrongMethod):
        answer.headers["Allow"] = ",".join(error.allowed)
    return answer


def _faulted(fault: Exception) -> Answer:
    """A fault of ours, logged once and without its message: that may quote a request, which is people's data."""
    _log.error("%s while answering\n%s", type(fault).__name__, trace_of(fault))
    return json_answer({"error": "internal_server_error", "reason": "The server failed; its log tells where."}, 500)
