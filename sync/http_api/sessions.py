"""`/_session`: who the caller is; signing in, for a cookie, and out.

A server without accounts of its own has no cookies: a node, whose callers sign each request, and a
server that admits every program on the machine. There POST answers 404 and not 501, because
CouchDB's replicator begins by asking for a cookie, goes on with HTTP Basic when there is no such
address, and gives up at any other refusal.

`?next=` and `?fail=` are not followed: a page that sends people here cannot have them sent on.

source  CouchDB API, "Authentication", `couch_httpd_auth:handle_session_req/2`

Must not know: how passwords and sessions are kept.
"""

from typing import Any
from urllib.parse import parse_qs

from werkzeug.http import dump_cookie
from werkzeug.wrappers import Request

from sync.errors import BadRequest, NotFound, NotOffered, Unauthorized, UnsupportedType
from sync.http_api.answers import Answer, json_answer, problem
from sync.http_api.bodies import read_body
from sync.http_api.call import JSON, Call
from sync.http_api.callers import COOKIE
from sync.users.accounts import SESSION_SECONDS, Session
from sync.users.caller import STRANGER
from sync.values.json_text import parse

_FORM = "application/x-www-form-urlencoded"
_NO_COOKIES = "There are no cookies here: send name and password with HTTP Basic."
# Strangers send it, before anything is known of them.
_LONGEST_BODY_BYTES = 16 << 10
_MOST_FIELDS = 20


def show(call: Call) -> Answer:
    """`GET /_session`: who the caller is, strangers included"""
    caller = call.caller
    if caller == STRANGER:
        try:
            caller = call.server.admit(call.request).caller
        except Unauthorized:
            if "Authorization" in call.headers:
                raise
    if caller.name is None and call.query.flag("basic"):
        raise Unauthorized("Please login.")
    told: dict[str, object] = {
        "authentication_handlers": ["cookie", "default"] if call.server.accounts else ["default"]
    }
    if caller != STRANGER:
        told["authenticated"] = caller.by
    return json_answer({"ok": True, "userCtx": {"name": caller.name, "roles": list(caller.roles)}, "info": told})


def sign_in(call: Call) -> Answer:
    """`POST /_session`: a cookie for a name and a password, sent as JSON or as a form"""
    if call.server.accounts is None:
        raise NotFound(_NO_COOKIES)
    name, password = _credentials(call)
    try:
        caller, token = call.server.accounts.begin(name, password, address=call.peer)
    except Unauthorized as refusal:
        return _with_cookie(problem(refusal, call.headers), "", call.request)
    answer = json_answer({"ok": True, "name": caller.name, "roles": list(caller.roles)})
    return _with_cookie(answer, token, call.request)


def sign_out(call: Call) -> Answer:
    """`DELETE /_session`"""
    if call.server.accounts is None:
        raise NotOffered(_NO_COOKIES)
    return _with_cookie(json_answer({"ok": True}), "", call.request)


def renewed(answer: Answer, session: Session, request: Request) -> Answer:
    """The answer, with the cookie to go on with when the caller's session was due for a new one."""
    if session.renewed and "Set-Cookie" not in answer.headers:
        return _with_cookie(answer, session.renewed, request)
    return answer


def _with_cookie(answer: Answer, token: str, request: Request) -> Answer:
    # Lax: a page of another site cannot have the browser sign its requests with somebody's session.
    cookie = dump_cookie(
        COOKIE, token, max_age=SESSION_SECONDS, httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    # First of all headers: there the `couchdb` package looks for it.
    answer.headers = {"Set-Cookie": cookie, **answer.headers}
    return answer


def _credentials(call: Call) -> tuple[str, str]:
    members = _members(call)
    name, other = members.get("name"), members.get("username")
    if name is None and other is None:
        raise BadRequest("request body must contain a username")
    if name is not None and other is not None and name != other:
        raise BadRequest("request body contains different usernames")
    password = members.get("password", "")
    found = other if name is None else name
    if not (isinstance(found, str) and isinstance(password, str)):
        raise BadRequest("name and password must be strings")
    return found, password


def _members(call: Call) -> dict[str, Any]:
    kind = call.content_type()
    if kind not in (_FORM, JSON):
        raise UnsupportedType(f"Content-Type must be '{_FORM}' or '{JSON}'")
    body = read_body(call.request, _LONGEST_BODY_BYTES)
    if kind == _FORM:
        try:
            pairs = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise BadRequest("too many fields") from None
        return {name: values[0] for name, values in pairs.items()}
    told = parse(body)
    if not isinstance(told, dict):
        raise BadRequest("Request body must be a JSON object")
    return told
