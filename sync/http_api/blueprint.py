"""The API as a Flask blueprint, to stand at the root or under a prefix such as `/couch`.

Flask carries the request here and the answer away; the routes are our own (see `routes`), because
Flask matches addresses after they were decoded, and a document id may hold a slash.

A node mounts the same routes with another way to admit callers and databases of its choice:

    gate = FeedGate()
    app.register_blueprint(couch_blueprint(
        open_databases=lambda: guarded_for(g.caller), admit=admit_signed, feeds=gate, uuid=life_id, prefix="/couch"))
    ...
    gate.close()            # before the server stops, so that waiting feeds end

A waiting feed holds a thread, so the server needs one for each place of the gate besides those that work;
with fewer, feeds can starve everything else.

`admit` is called first, in the request, and raises Unauthorized or Forbidden; `open_databases` after it.

Must not know: what admits a caller, how databases keep their documents.
"""

import logging
import traceback
from collections.abc import Callable
from urllib.parse import parse_qsl, quote

from flask import Blueprint, Flask, Response, g, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import BaseConverter

from sync.database import Databases
from sync.errors import BadRequest, NotAllowed, StorageError, SyncError
from sync.http_api.access import Allow, Who, by_security
from sync.http_api.answers import compressed, json_answer, problem
from sync.http_api.bodies import body_pieces, read_body
from sync.http_api.call import Call, Query, Server
from sync.http_api.callers import Admit, by_accounts, everyone
from sync.http_api.cors import Cors
from sync.http_api.feeds import FeedGate
from sync.http_api.routes import METHODS, WrongMethod, find, table
from sync.http_api.sessions import renew
from sync.users.accounts import Accounts
from sync.users.caller import STRANGER, Caller
from sync.users.governed import GovernedDatabases
from sync.users.passwords import Passwords

# One batch with its photos; a village's PC has 2 GB, and threads may hold a body each.
MAX_BODY_BYTES = 64 << 20
# Our own server says under this key whether the caller has gone (`sync.web.hanging_up`); another may not.
_HUNG_UP = "yizhan.hung_up"

_log = logging.getLogger(__name__)


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
) -> Flask:
    """The API alone, at the root.

    uuid                  names this server to replicators
    accounts              who may sign in; None lets everyone in, so keep to loopback
    passwords             hashes those of users' documents that are written
    cors                  the pages of other origins that may use it; None for none
    max_attachment_bytes  of one attachment that is not part of a JSON body; None for as much as a body may have
    """
    app = Flask(__name__, static_folder=None)
    passwords = passwords or Passwords()
    blueprint = couch_blueprint(
        lambda: GovernedDatabases(databases, passwords, g.caller),
        _kept_in_mind(everyone(pages=cors.origins if cors else ()) if accounts is None else by_accounts(accounts)),
        feeds=feeds or FeedGate(),
        uuid=uuid,
        max_body_bytes=max_body_bytes,
        max_attachment_bytes=max_attachment_bytes,
        allow=by_security,
        accounts=accounts,
    )
    app.register_blueprint(blueprint)
    app.after_request(renew)
    if cors:
        cors.attach(app)
    app.register_error_handler(MethodNotAllowed, lambda _: problem(NotAllowed("unknown method")))
    return app


def couch_blueprint(
    open_databases: Callable[[], Databases],
    admit: Admit,
    *,
    feeds: FeedGate,
    uuid: str,
    prefix: str = "",
    max_body_bytes: int = MAX_BODY_BYTES,
    max_attachment_bytes: int | None = None,
    allow: Allow | None = None,
    accounts: Accounts | None = None,
) -> Blueprint:
    """All routes under `prefix` (`/couch`, or nothing for the root).

    allow     whether the caller may use a route; None: whoever is admitted may use all, strangers those
              that are for anyone, and what there is to see is up to `open_databases`
    accounts  who may open a session; None for no sessions
    """
    server = Server(
        open_databases, admit, feeds, uuid, max_body_bytes, max_attachment_bytes or max_body_bytes, accounts
    )
    adapter = table()

    def answer(rest: str) -> Response:
        try:
            found = find(adapter, _raw_path(prefix), _method())
            stranger = allow is None and found.route.who is Who.ANYONE
            call = _call(server, prefix, STRANGER if stranger else server.admit())
            if allow:
                allow(call, found.route.who, found.names)
            return compressed(found.route.handler(call, **found.names))
        except SyncError as error:
            return _told(error)
        except Exception as fault:
            return _faulted(fault)

    blueprint = Blueprint("couch", __name__, url_prefix=prefix or None)
    blueprint.record(_take_every_address)
    blueprint.add_url_rule(
        "/<couch_address:rest>",
        "answer",
        answer,
        methods=METHODS,
        strict_slashes=False,
        provide_automatic_options=False,
    )
    return blueprint


def _kept_in_mind(admit: Admit) -> Admit:
    """Admit, and remember the caller for as long as the request lasts."""

    def admitted() -> Caller:
        caller: Caller = admit()
        g.caller = caller
        return caller

    return admitted


class _Address(BaseConverter):
    """Whatever stands behind the prefix, slashes and nothing included."""

    regex = "(?s:.*)"
    part_isolating = False


def _take_every_address(state: BlueprintSetupState) -> None:
    # Ids may begin with a slash; Flask would answer such addresses with a redirect of its own.
    state.app.url_map.merge_slashes = False
    state.app.url_map.converters["couch_address"] = _Address


def _method() -> str:
    return "GET" if request.method == "HEAD" else request.method


def _raw_path(prefix: str) -> str:
    """The address behind the prefix as it was sent, still percent-encoded."""
    sent = request.environ.get("REQUEST_URI") or quote(request.path)
    path = str(sent).partition("?")[0]
    if "://" in path.partition("/")[0] + path[:8]:  # the absolute form that proxies send
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return "/" + "/".join(path.split("/")[1 + (request.script_root + prefix).count("/") :])


def _call(server: Server, prefix: str, caller: Caller) -> Call:
    try:
        query = Query.of(
            parse_qsl(request.query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
        )
    except ValueError:
        raise BadRequest("the query string is not UTF-8, or has too many parameters") from None
    return Call(
        method=_method(),
        query=query,
        headers=request.headers,
        address=request.url_root.rstrip("/") + prefix,
        peer=request.remote_addr or "",
        caller=caller,
        server=server,
        read_body=lambda: read_body(server.max_body_bytes),
        body_pieces=body_pieces,
        hung_up=request.environ.get(_HUNG_UP, lambda: False),
    )


def _told(error: SyncError) -> Response:
    if isinstance(error, StorageError):
        _log.error("%s: %s", type(error).__name__, error.reason)
    answer = problem(error)
    if isinstance(error, WrongMethod):
        answer.headers["Allow"] = ",".join(error.allowed)
    return answer


def _faulted(fault: Exception) -> Response:
    """A fault of ours, logged once and without its message: that may quote a request, which is people's data."""
    _log.error("%s while answering\n%s", type(fault).__name__, "".join(traceback.format_tb(fault.__traceback__)))
    return json_answer({"error": "internal_server_error", "reason": "The server failed; its log tells where."}, 500)
