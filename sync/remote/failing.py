"""What went wrong with a request, in our own errors: what a server said, or what became of the way to it.

Whoever is refused hears CouchDB's own sentence; whoever hears nothing hears which machine was silent. Neither names a
document, a parameter or a password, so that it may be logged.

Must not know: how requests are made.
"""

import contextlib
import ssl
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3

from sync.errors import BadRequest, LinkDown, LinkTimeout, PeerBusy, ProtocolError, SyncError
from sync.values.json_text import parse
from sync.wire.problems import error_from

_KEPT_FOR_DIAGNOSIS = 1000
# urllib3's own `TimeoutError` also stands for a connection refused.
_SILENCE = (requests.Timeout, urllib3.exceptions.ReadTimeoutError)


def problem_in(response: requests.Response, answer: bytes, place: str) -> SyncError:
    """What an answer that is no success says; `place` is the server's address without credentials."""
    told: Any = None
    with contextlib.suppress(BadRequest):
        told = parse(answer)
    word = told.get("error") if isinstance(told, dict) else None
    reason = told.get("reason") if isinstance(told, dict) else None
    error = error_from(
        word if isinstance(word, str) else None,
        reason if isinstance(reason, str) else f"{place} answered {response.status_code} {response.reason}",
        status=response.status_code,
    )
    if isinstance(error, ProtocolError):
        error.answer = answer[:_KEPT_FOR_DIAGNOSIS]
    if isinstance(error, PeerBusy):
        error.retry_after_seconds = _retry_after(response.headers)
    return error


def _retry_after(headers: Mapping[str, str]) -> float:
    """After how many seconds we may ask again; 0 when nothing sensible is said. A date counts from the peer's own."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        moments = (parsedate_to_datetime(text) for text in (told, headers.get("Date", "")))
        after, now = (moment.timestamp() for moment in moments)
    except (ValueError, OverflowError):
        return 0.0
    return max(after - now, 0.0)


def is_silence(error: BaseException) -> bool:
    """Whether time ran out; in the middle of an answer that comes disguised as a broken connection."""
    return any(isinstance(cause, _SILENCE) for cause in _causes(error))


def link_error(error: requests.RequestException, place: str, timeout_seconds: float) -> SyncError:
    """What became of the way to a server, of which nothing was heard."""
    causes = tuple(_causes(error))
    if is_silence(error):
        return LinkTimeout(f"{place} was silent for {timeout_seconds:g} s")
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return ProtocolError(f"{place} sent an answer that cannot be decompressed")
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return ProtocolError(f"{place} does not show the certificate that we trust")
    return LinkDown(f"{place}: {_what_broke(causes)}")


def _causes(error: BaseException) -> Iterable[BaseException]:
    """The error and what lies behind it; urllib3 hides causes among the arguments."""
    todo: list[object] = [error]
    seen: list[BaseException] = []
    while todo:
        each = todo.pop(0)
        if isinstance(each, BaseException) and each not in seen:
            seen.append(each)
            todo += [*each.args, each.__cause__, each.__context__, getattr(each, "reason", None)]
    return seen


def _what_broke(causes: Iterable[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ConnectionRefusedError):
            return "nobody listens there"
        if isinstance(cause, (ConnectionResetError, BrokenPipeError)):
            return "the connection was reset"
        if type(cause).__name__ == "NameResolutionError":
            return "there is no machine by that name"
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return "no TLS is spoken there, or another than ours"
    return "the connection broke"
