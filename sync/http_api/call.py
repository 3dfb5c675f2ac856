"""One request as the handlers see it: query, headers, body, and the databases open to this caller.

Handlers take a `Call` and give an answer.

Must not know: routes, what a handler does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.datastructures import Headers
from werkzeug.sansio.utils import get_host
from werkzeug.wrappers import Request

from sync.database import Database, Databases
from sync.errors import BadRequest, NotFound, StorageError, UnsupportedType
from sync.http_api.bodies import body_pieces, read_body
from sync.http_api.callers import Admit
from sync.http_api.feeds import FeedGate
from sync.http_api.tasks import Tasks
from sync.typed import Value, field
from sync.users.accounts import Accounts
from sync.users.caller import Caller
from sync.values.json_text import parse, require_few_values
from sync.wire.problems import UnreadableQuery

if TYPE_CHECKING:
    from sync.replicator.service import ReplicationService

JSON = "application/json"
# All that may arrive; what no route has is answered 405.
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "COPY", "PATCH", "OPTIONS", "TRACE")
# One batch with its photos; a village's PC has 2 GB, and threads may hold a body each.
MAX_BODY_BYTES = 64 << 20
_FLAGS = {"true": True, "false": False}
# Sizes beyond this mean "all"; a larger number would not fit SQLite's integers.
_LARGEST_COUNT = 2**53
# Our own server says under this key whether the caller has gone (`sync.web.hanging_up`); another may not.
_HUNG_UP = "yizhan.hung_up"
# And under this one it is told whether a request waits (`sync.web.workers`).
_ASIDE = "yizhan.aside"
# And under this one that whoever asks has shown who he is (`sync.web.pace`).
_KNOWN = "yizhan.known"


class Query(Value):
    """The parameters behind the question mark; of several by one name the last counts."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Query":
        """A query of these pairs."""
        return cls(dict(pairs))

    def text(self, *names: str) -> str | None:
        """The first of these names that was given."""
        return next((self.values[name] for name in names if name in self.values), None)

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """Whether it says `true` or `false`; any other word says nothing, as in CouchDB."""
        return _FLAGS.get(self.values.get(name, ""), otherwise)

    def count(self, name: str) -> int | None:
        """A natural number; raises UnreadableQuery."""
        value = self.values.get(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit()):
            raise UnreadableQuery(f'Invalid value for integer: "{value}"')
        return min(int(value), _LARGEST_COUNT) if len(value) < 20 else _LARGEST_COUNT

    def has(self, *names: str) -> bool:
        """Whether one of these names was given."""
        return any(name in self.values for name in names)

    def json(self, *names: str) -> Any:
        """A JSON value; None when it was not given. Raises BadRequest."""
        value = self.text(*names)
        return None if value is None else parse(value)


class Server(Value):
    """What the routes need to know of the server they run on.

    open_databases  those this caller may see; called after `admit`
    admit           the caller, or Unauthorized
    feeds           the places for requests that wait
    uuid            names this server to replicators; stays the same over restarts
    max_body_bytes  larger request bodies are refused with 413, counted after gunzip
    max_attachment_bytes  likewise larger attachments, which are not held in memory
    accounts        who may open a session; None where there are no sessions
    replicator      runs replications for whoever asks; None where nobody may
    tasks           what runs on its own
    trouble         why nothing can be written just now; None when it can
    """

    open_databases: Callable[[Caller], Databases]
    admit: Admit
    feeds: FeedGate
    uuid: str
    max_body_bytes: int = MAX_BODY_BYTES
    max_attachment_bytes: int = MAX_BODY_BYTES
    accounts: Accounts | None = None
    replicator: "ReplicationService | None" = None
    tasks: Tasks = field(default_factory=Tasks)
    trouble: Callable[[], StorageError | None] = lambda: None


class Call(Value):
    """One request.

    prefix  what stands before the API's addresses, "" or such as `/couch`
    """

    request: Request
    query: Query
    caller: Caller
    server: Server
    prefix: str = ""

    @property
    def method(self) -> str:
        """As the routes have it: HEAD is answered as GET is."""
        return "GET" if self.request.method == "HEAD" else self.request.method

    @property
    def headers(self) -> Headers:
        """As they were sent."""
        return self.request.headers

    @property
    def address(self) -> str:
        """Of the API's root, without the final slash, for `Location`."""
        return (
            _root(
                self.request.scheme, self.request.environ.get("HTTP_HOST"), self.request.server, self.request.root_path
            )
            + self.prefix
        )

    @property
    def peer(self) -> str:
        """The network address the request came from."""
        return self.request.remote_addr or ""

    @property
    def hung_up(self) -> Callable[[], bool]:
        """Whether the caller has gone, and no answer will be read."""
        found: Callable[[], bool] = self.request.environ.get(_HUNG_UP, _never)
        return found

    @property
    def step_aside(self) -> Callable[[bool], None]:
        """Tells the server that the request waits for something, or does not any more."""
        found: Callable[[bool], None] = self.request.environ.get(_ASIDE, _untold)
        return found

    def read_body(self) -> bytes:
        """The body, gunzipped, once; raises TooLarge, BadRequest, LinkDown."""
        return read_body(self.request, self.server.max_body_bytes)

    def body_pieces(self) -> Iterator[bytes]:
        """The same piece by piece, however large."""
        return body_pieces(self.request)

    @property
    def databases(self) -> Databases:
        """Those this caller may see."""
        return self.server.open_databases(self.caller)

    def database(self, name: str) -> Database:
        """The database of that name; raises NotFound in CouchDB's words."""
        try:
            return self.databases.open(name)
        except NotFound:
            raise NotFound("Database does not exist.") from None

    def location(self, *names: str) -> str:
        """The address of what has these names, encoded as CouchDB encodes it: a slash in a name too."""
        return "/".join((self.address, *(quote(name, safe=":") for name in names)))

    def content_type(self) -> str:
        """The media type of the body, lower case, without parameters; "" when none was told."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def require_json(self) -> None:
        """Raise UnsupportedType when the body is told to be something else than JSON."""
        if self.content_type() not in (JSON, ""):
            raise UnsupportedType("Content-Type must be application/json")

    def json(self) -> Any:
        """The body as JSON; raises UnsupportedType, BadRequest."""
        self.require_json()
        return self.any_json()

    def any_json(self) -> Any:
        """The body as JSON, whatever its content type, as CouchDB reads documents."""
        return parse(require_few_values(self.read_body()))

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; raises BadRequest."""
        value = self.json()
        if not isinstance(value, dict):
            raise BadRequest("Request body must be a JSON object")
        return value


def tell_known(request: Request) -> None:
    """Tell the server that whoever sends a request has shown who he is, so that he may be as slow as his link."""
    request.environ.get(_KNOWN, _never)()


@lru_cache(64)
def _root(scheme: str, told: str | None, server: tuple[str, int | None] | None, root_path: str) -> str:
    """Where the application stands, by the host its caller named; clients name few."""
    place = quote(get_host(scheme, told, server) + root_path, safe="/:[]")
    return f"{scheme}://{place.rstrip('/')}"


def _untold(waits: bool) -> None:
    pass


def _never() -> bool:
    return False
