"""Answers in CouchDB's manner: JSON, problems, compressed when that is worth it.

Must not know: routes, databases.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers as SentHeaders
from werkzeug.wrappers import Request

from sync.errors import PeerBusy, SyncError, Unauthorized
from sync.typed import Changing, field
from sync.values.json_text import dump
from sync.wire.arriving import GZIP
from sync.wire.multipart import Multipart
from sync.wire.problems import problem_of, status_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON_TYPE = "application/json"
# Below this a compressed answer saves no packet, and costs time on both sides.
WORTH_COMPRESSING_BYTES = 1400
_LEVEL = 4  # documents shrink to a quarter; higher levels cost thrice the time for a few percent
_RETRY_SECONDS = "5"
_SENT_WHOLE_BYTES = 256 << 10
_STATUS_LINES = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}

Headers = Mapping[str, str]


class Answer(Changing):
    """An answer as it is sent; a WSGI application that always gives this one answer.

    A web framework's response would go over all of it once more, and take longer than the document does.

    body     whole, or a stream, which is sent as it comes and closed at its end
    headers  by name, each spelled in one way; of a whole body the length is told without being said here
    at_end   called once the answer is sent, or will not be
    """

    body: bytes | Iterator[bytes] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    at_end: Callable[[], None] | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as WSGI has it; of a HEAD request's answer only the head."""
        body, headed = self.body, environ["REQUEST_METHOD"] == "HEAD"
        if isinstance(body, bytes):
            if self.status not in (204, 304):
                self.headers["Content-Length"] = str(len(body))
            start_response(_STATUS_LINES[self.status], list(self.headers.items()))
            return [] if headed else [body]
        start_response(_STATUS_LINES[self.status], list(self.headers.items()))
        if headed:
            self.close()
            return []
        return _Stream(self, body)

    def close(self) -> None:
        """Have done with it: with the stream, too."""
        close = getattr(self.body, "close", None)
        if close:
            close()
        if self.at_end:
            self.at_end()


class _Stream:
    """What WSGI asks of an answer that is sent piece by piece."""

    def __init__(self, answer: Answer, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.close = answer.close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


def json_answer(value: Any, status: int = 200, headers: Headers | None = None) -> Answer:
    """A value as JSON."""
    return text_answer(dump(value) + b"\n", status, headers)


def text_answer(text: bytes, status: int = 200, headers: Headers | None = None) -> Answer:
    """JSON text as it stands."""
    return Answer(text, status, _told(headers))


def streamed(chunks: Iterator[bytes], *, headers: Headers | None = None) -> Answer:
    """JSON text that is made while it is sent; one that turns out small is sent whole.

    The beginning is made here, so that what refuses a request does so before its answer has begun.
    """
    made, size = [], 0
    for chunk in chunks:
        made.append(chunk)
        size += len(chunk)
        if size >= _SENT_WHOLE_BYTES:
            return Answer(chain(made, chunks), 200, _told(headers))
    return Answer(b"".join(made), 200, _told(headers))


def parts_answer(parts: Multipart, headers: Headers | None = None) -> Answer:
    """A multipart body, whose contents are read while it is sent."""
    told = {"Content-Type": parts.content_type, **(headers or {})}
    if parts.length is not None:
        told["Content-Length"] = str(parts.length)
    return Answer(parts.pieces(), 200, told)


def waiting(chunks: Iterator[bytes], *, content_type: str = JSON_TYPE) -> Answer:
    """A feed, each piece of which is to arrive at once: nobody may gather or compress it."""
    return Answer(chunks, 200, {"Content-Type": content_type, "Cache-Control": "must-revalidate, no-transform"})


def written(doc_id: str, rev: str, *, status: int = 201, address: str = "") -> Answer:
    """What CouchDB answers to a document written."""
    headers = {"ETag": f'"{rev}"'}
    if address:
        headers["Location"] = address
    return json_answer({"ok": True, "id": doc_id, "rev": rev}, status, headers)


def problem(error: SyncError, asked: SentHeaders) -> Answer:
    """An error as CouchDB tells it; `asked` are the request's headers."""
    answer = json_answer(problem_of(error), status_of(error))
    if isinstance(error, Unauthorized) and (challenge := _challenge(asked)):
        answer.headers["WWW-Authenticate"] = challenge
    if isinstance(error, PeerBusy):
        answer.headers["Retry-After"] = _RETRY_SECONDS
    return answer


def _challenge(headers: SentHeaders) -> str | None:
    """What a stranger is asked for; nothing where a browser would open a window of its own over the page that asked."""
    wished = headers.get("X-CouchDB-WWW-Authenticate")
    if wished is not None:
        return wished if wished.isprintable() else None
    by_script = "Origin" in headers or headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return None if by_script or JSON_TYPE in headers.get("Accept", "") else 'Basic realm="yizhan"'


def compressed(answer: Answer, request: Request) -> Answer:
    """The answer gzipped, if the caller takes that and it is worth it.

    A feed that waits stays plain, and so does a file, whose length and ranges are told of it as it is.
    """
    if "gzip" not in request.environ.get("HTTP_ACCEPT_ENCODING", ""):
        return answer
    if answer.headers.get("Content-Type") != JSON_TYPE or "Vary" not in answer.headers:
        return answer
    body = answer.body
    if isinstance(body, bytes) and len(body) < WORTH_COMPRESSING_BYTES:
        return answer
    if request.method == "HEAD" or not request.accept_encodings["gzip"]:
        return answer
    answer.body = b"".join(_gzipped([body])) if isinstance(body, bytes) else _gzipped(body)
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _told(headers: Headers | None) -> dict[str, str]:
    told = {"Content-Type": JSON_TYPE, "Vary": "Accept-Encoding"}
    return {**told, **headers} if headers else told


def _gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    press = zlib.compressobj(_LEVEL, zlib.DEFLATED, GZIP)
    for chunk in chunks:
        packed = press.compress(chunk)
        if packed:
            yield packed
    yield press.flush()
