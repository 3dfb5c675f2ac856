"""One request as the handlers see it: query, headers, body, and the databases open to this caller.

Handlers take a `Call` and give an answer; only `blueprint` knows how Flask carries both.

Must not know: routes, what a handler does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import Headers

from sync.database import Database, Databases
from sync.errors import BadRequest, NotFound, UnsupportedType
from sync.http_api.callers import Admit
from sync.http_api.feeds import FeedGate
from sync.users.accounts import Accounts
from sync.users.caller import Caller
from sync.values.json_text import parse
from sync.wire.problems import UnreadableQuery

JSON = "application/json"
_FLAGS = {"true": True, "false": False}
# Sizes beyond this mean "all"; a larger number would not fit SQLite's integers.
_LARGEST_COUNT = 2**53


@dataclass(frozen=True, slots=True)
class Query:
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


@dataclass(frozen=True, slots=True)
class Server:
    """What the routes need to know of the server they run on.

    open_databases  those this caller may see; called within the request, after `admit`
    admit           the caller, or Unauthorized
    feeds           the places for requests that wait
    uuid            names this server to replicators; stays the same over restarts
    max_body_bytes  larger request bodies are refused with 413, counted after gunzip
    max_attachment_bytes  likewise larger attachments, which are not held in memory
    accounts        who may open a session; None where there are no sessions
    """

    open_databases: Callable[[], Databases]
    admit: Admit
    feeds: FeedGate
    uuid: str
    max_body_bytes: int
    max_attachment_bytes: int
    accounts: Accounts | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    address      of the API's root, without the final slash, for `Location`
    peer         the network address the request came from
    read_body    reads and gunzips the body, once; raises TooLarge, BadRequest
    body_pieces  the same piece by piece, however large
    hung_up      whether the caller has gone, and no answer will be read
    """

    method: str
    query: Query
    headers: Headers
    address: str
    peer: str
    caller: Caller
    server: Server
    read_body: Callable[[], bytes]
    body_pieces: Callable[[], Iterator[bytes]]
    hung_up: Callable[[], bool]

    @property
    def databases(self) -> Databases:
        """Those this caller may see."""
        return self.server.open_databases()

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
        return parse(self.read_body())

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; raises BadRequest."""
        value = self.json()
        if not isinstance(value, dict):
            raise BadRequest("Request body must be a JSON object")
        return value
