"""What every route reads of a request beside its body: who asks, under which key, and how answers go out.

Must not know: cases.
"""

import hashlib
from typing import Any

from flask import Response, g, request

from sync.errors import BadRequest
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, Request, request_of
from sync.values.json_text import dump, parse_object
from sync.web.accounts import Account

KEY = "Idempotency-Key"
REPLAY = "Idempotent-Replay"
LONGEST_KEY = 128
_DIGITS, _BETWEEN = 16, ":"
JSON = "application/json"


def asker() -> Account:
    """Who is signed in."""
    account: Account = g.account
    return account


def request_named(body: Any, *, required: bool = False) -> Request | None:
    """The request by its key, account, address and content; None when it has no key and needs none.

    raises  BadRequest on a missing or unlawful key
    """
    key = request.headers.get(KEY)
    if key is None:
        if required:
            raise BadRequest(
                _(
                    "%(header)s is missing: each new application takes a new value, which stays when it is sent again",
                    header=KEY,
                )
            )
        return None
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()) or key != key.strip():
        raise BadRequest(_("%(header)s has to be of 1 to %(most)s visible characters", header=KEY, most=LONGEST_KEY))
    return request_of(asker().name, key, request.method, request.path, body)


def answered(answer: Answer, *, made: bool = False) -> Response:
    """An answer of a service, marked when it is a repetition.

    made  something with the id that it tells stands below the address now: the answer says where (RFC 9110, 15.3.2)
    """
    response = Response(answer.body, status=answer.status, mimetype=JSON)
    if made:
        response.headers["Location"] = f"{request.path}/{parse_object(answer.body)['id']}"
    if answer.replayed:
        response.headers[REPLAY] = "true"
    return _private(response)


def told(value: Any) -> Response:
    """A JSON answer."""
    return _private(Response(dump(value), mimetype=JSON))


def told_photo(content: bytes, media_type: str) -> Response:
    """A photo: what it is, is what we looked at and not what a browser makes of it."""
    response = Response(content, mimetype=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return _private(response)


def told_if_new(value: Any, *, version: str = "") -> Response:
    """A JSON answer with an ETag; 304 without a body to whoever has the very same already (RFC 9110, 13.1.2).

    version  of what is told; stands before the digest in the ETag, for `seen_versions`

    The digest is of all that is told, so that nothing a screen shows can change unnoticed: custody and clocks do,
    while the record stays as it is.
    """
    return _if_new(dump(value), JSON, version=version)


def told_page_if_new(page: str, *, policy: str) -> Response:
    """A page with an ETag, as `told_if_new`.

    policy  its Content-Security-Policy
    """
    response = _if_new(page.encode(), "text/html")
    response.headers["Content-Security-Policy"] = policy
    return response


def seen_versions() -> frozenset[str] | None:
    """The versions of a record that If-Match names by ETags of ours; None without the header, and where any will do.

    Of an ETag only the version is looked at: an act is refused over what was done to the record, not over a receipt
    that came, or a day that has passed. A weak one never matches (RFC 9110, 13.1.1).
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    return frozenset(tag.partition(_BETWEEN)[0] for tag in request.if_match if tag)  # "" comes as None


def doer_of(reason: str, named: Request | None) -> Doer:
    """Who is signed in, as whoever does something to the record that If-Match names (`seen_versions`)."""
    return Doer(asker().actor, reason.strip(), named, seen_versions())


def _if_new(body: bytes, media_type: str, *, version: str = "") -> Response:
    digest = hashlib.sha256(body).hexdigest()[:_DIGITS]
    tag = f"{version}{_BETWEEN}{digest}" if version else digest
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else Response(body, mimetype=media_type)
    response.set_etag(tag)
    return _private(response)


def _private(response: Response) -> Response:
    # These are people's data on PCs that several persons use.
    response.headers["Cache-Control"] = "no-store"
    return response
