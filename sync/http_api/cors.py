"""Pages of other origins: which may use the server, told to their browsers as CouchDB tells it (CORS).

A browser asks first (a preflight) whether a page may send what it wants to send, and shows a page only
answers that name its origin. Named origins may use cookies and passwords. `*` lets any page of the
world in, as a stranger or with a password its script gives in a header, but never with a cookie:
CouchDB joins the two when it is told to, and then any page can use what somebody signed in to.

source  CouchDB, `chttpd_cors`; Fetch standard, "CORS protocol"

Must not know: routes, accounts.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

from sync.errors import BadRequest
from sync.http_api.answers import Answer
from sync.typed import Value

ANY = "*"
_METHODS = ("COPY", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
# CouchDB's, and three more that clients of documents and feeds send.
_TAKEN = frozenset(
    {
        *("accept", "accept-language", "authorization", "content-length", "content-range", "content-type"),
        *("destination", "expires", "if-match", "last-modified", "origin", "pragma", "x-couch-full-commit"),
        *("x-couch-id", "x-couch-persist", "x-couchdb-www-authenticate", "x-http-method-override"),
        *("x-requested-with", "x-couchdb-vhost-path", "if-none-match", "last-event-id", "range"),
    }
)
_SHOWN = "accept-ranges, cache-control, content-range, content-type, etag, location, retry-after, server"
_REMEMBERED_SECONDS = 600


class Cors(Value):
    """The origins whose pages may use the server."""

    origins: frozenset[str]

    @classmethod
    def of(cls, origins: Collection[str]) -> "Cors":
        """Those of these origins; raises BadRequest when one is none, such as an address with a path."""
        for origin in origins:
            if origin != ANY and not _is_origin(origin):
                raise BadRequest(f"{origin!r} is no origin: give SCHEME://HOST or SCHEME://HOST:PORT, or *")
        return cls(frozenset(origins))

    @property
    def for_all(self) -> bool:
        """Whether any page may come."""
        return ANY in self.origins

    def preflight(self, request: Request) -> Answer | None:
        """The answer to a browser that asks first; None for anything else, and where a page may not."""
        method = request.headers.get("Access-Control-Request-Method")
        wanted = request.headers.get("Access-Control-Request-Headers", "")
        names = {name.strip().lower() for name in wanted.split(",")} - {""}
        if request.method != "OPTIONS" or method not in _METHODS or not self._welcomes(request) or not names <= _TAKEN:
            return None
        told = {
            "Access-Control-Max-Age": str(_REMEMBERED_SECONDS),
            "Access-Control-Allow-Methods": ", ".join(_METHODS),
            "Access-Control-Allow-Headers": ", ".join(sorted(names)),
        }
        return Answer(status=204, headers=told)

    def shown(self, request: Request, answer: Answer) -> Answer:
        """The answer, with the origin named that may see it."""
        # Caches must not show one origin the answer given to another.
        others = answer.headers.get("Vary")
        answer.headers["Vary"] = f"{others}, Origin" if others else "Origin"
        if self._welcomes(request):
            origin = request.headers["Origin"]
            answer.headers["Access-Control-Allow-Origin"] = origin if origin in self.origins else ANY
            if origin in self.origins:
                answer.headers["Access-Control-Allow-Credentials"] = "true"
            if answer.status != 204:
                answer.headers["Access-Control-Expose-Headers"] = _SHOWN
        return answer

    def _welcomes(self, request: Request) -> bool:
        origin = request.headers.get("Origin")
        return origin is not None and (self.for_all or origin in self.origins)


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and f"{parts.scheme}://{parts.netloc}" == text
    except ValueError:
        return False
