"""How a refusal reads: RFC 9457 problem details for programs, a plain Chinese page for people.

A table (`problem_table`) turns an error of `sync.errors` or an HTTP status of Flask's into a status, a
title and what to do about it. What nobody foresaw becomes 500: the client gets a reference, the log
gets the frames of the traceback once, or a line alone where a peer is to blame, and neither gets an
error's message, a body or an address, since those may hold somebody's number.

Must not know: routes, accounts, what was being asked for.
"""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Flask, Response, current_app, has_app_context, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from sync.errors import (
    BadRequest,
    Conflict,
    FileExists,
    Forbidden,
    Invalid,
    NotAllowed,
    NotFound,
    NotOffered,
    PeerBusy,
    ProtocolError,
    SyncError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    UnsupportedType,
)
from sync.messages import _, is_readable
from sync.typed import replace
from sync.values.traces import trace_of
from sync.web.problem_table import PROBLEMS, UNFORESEEN, Problem, row_of
from sync.web.speaking import said

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 30
_EXTENSION = "yizhan.problems"

_log = logging.getLogger(__name__)


# Methods that every address has, whatever is done there.
_UNASKED = frozenset(("HEAD", "OPTIONS"))
# Statuses that Flask and Werkzeug raise by themselves, as the errors they amount to.
_STATUSES: Mapping[int, type[SyncError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: NotAllowed,
    409: Conflict,
    412: FileExists,
    413: TooLarge,
    414: TooLarge,
    415: UnsupportedType,
    422: Invalid,
    429: TooManyRequests,
    501: NotOffered,
    503: PeerBusy,
}


def problem_of(error: Exception) -> Problem:
    """The table's row for an error, in words: its class's, or the nearest class above it."""
    return _in_words(_row_of(error))


def in_full(error: SyncError) -> str:
    """What is wrong and what to do, one behind the other, as a page says them."""
    return _("%(sentence)s. %(advice)s", sentence=error.reason, advice=error.remedy)


def _row_of(error: Exception) -> Problem:
    if isinstance(error, HTTPException):
        kind = _STATUSES.get(error.code or 500)
        return PROBLEMS[kind] if kind else UNFORESEEN
    return row_of(type(error), current_app.extensions.get(_EXTENSION, PROBLEMS) if has_app_context() else PROBLEMS)


def _in_words(row: Problem) -> Problem:
    return replace(row, title=said(row.title), advice=said(row.advice))


def problem_table(app: Flask) -> Mapping[type[SyncError], Problem]:
    """Every row an application knows, in words."""
    with app.app_context():
        return {kind: _in_words(row) for kind, row in app.extensions[_EXTENSION].items()}


def register_problems(app: Flask, more: Mapping[type[SyncError], Problem] | None = None) -> None:
    """Answer every error of an application in one shape; blueprints with handlers of their own keep them.

    more  rows for errors only this application knows

    Pages need the templates of `sync.web.frame`; addresses under `/api/` and `/control/`, and
    clients that do not ask for HTML, get `application/problem+json`.
    """
    app.extensions[_EXTENSION] = {**PROBLEMS, **(more or {})}
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """The response to an error, for a program or a person."""
    problem = problem_of(error)
    reference = _log_once(error, problem) if problem.status >= 500 and not _waiting_helps(error) else ""
    if wants_page():
        response = _page(problem, error, reference)
    else:
        response = Response(orjson.dumps(details(error, reference=reference)), mimetype=CONTENT_TYPE)
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    _add_headers(response, error, problem)
    return response


def details(error: Exception, *, reference: str = "") -> dict[str, Any]:
    """The members of a problem details object.

    reference  names this occurrence in the log; without one, `instance` is the address asked for
    returns    {type, title, status, detail, instance, errors: [{field, message}] when fields are named}, and what the
               error itself adds
    source     RFC 9457, 3.1
    """
    problem = problem_of(error)
    members: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": _reason(error, problem) or _methods(error) or problem.advice,
        "instance": f"urn:yizhan:fault:{reference}" if reference else request.path,
    }
    if isinstance(error, SyncError):
        members |= error.members
    if isinstance(error, Invalid) and error.fields:
        members["errors"] = [{"field": field, "message": message} for field, message in error.fields]
    return members


def wants_page() -> bool:
    """Whether the one who asks is a person before a browser."""
    if request.path.startswith(("/api/", "/control/")):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def _page(problem: Problem, error: Exception, reference: str) -> Response:
    reason = _reason(error, problem)
    # A reason written for developers is English, and a person at a desk cannot use it.
    readable = reason if is_readable(reason) else ""
    shown = render_template(
        "frame/error.html",
        problem=problem,
        reason=readable,
        reference=reference,
        fields=error.fields if isinstance(error, Invalid) else (),
        # A browser sends a form once more when the page that answered it is loaded again.
        is_kept_by_browser=isinstance(error, Unauthorized) and request.method == "POST",
    )
    return Response(shown, mimetype="text/html")


def _reason(error: Exception, problem: Problem) -> str:
    """What the raiser said; of our own faults only the table speaks, since reasons may name paths."""
    if isinstance(error, SyncError) and problem.status < 500:
        return error.reason
    return ""


def _methods(error: Exception) -> str:
    """Which methods there are, to a program that took another: it has no buttons to come by; "" of anything else."""
    there = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    if not there:
        return ""
    return _("This address takes only: %(methods)s", methods=_(", ").join(sorted({*there} - _UNASKED)))


def _waiting_helps(error: Exception) -> bool:
    return isinstance(error, SyncError) and error.waiting_helps


def _log_once(error: Exception, problem: Problem) -> str:
    reference = uuid.uuid4().hex[:12]
    frames = "" if isinstance(error, ProtocolError) else f"\n{trace_of(error)}"
    rule = request.url_rule.rule if request.url_rule else "(no route)"
    _log.error("%s %s %s %s %s%s", reference, problem.name, request.method, rule, type(error).__name__, frames)
    return reference


def _add_headers(response: Response, error: Exception, problem: Problem) -> None:
    if isinstance(error, HTTPException):
        response.headers.extend([(k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After")])
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if problem.status in (503, 507) and "Retry-After" not in response.headers:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if problem.status == 401:
        # Not Basic: that would make browsers open a dialogue of their own over our page.
        response.headers["WWW-Authenticate"] = 'Session realm="yizhan"'
