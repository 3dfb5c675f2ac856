"""Where the CouchDB is, and how this node's databases are called there.

Several nodes may share one CouchDB, each under a prefix of its own: `county-` makes `public` into
`county-public`. Credentials stand in the URL, and nothing made from it for a person or a log has them.

Must not know: what is kept there.
"""

from urllib.parse import urlsplit

from sync.errors import BadRequest, Forbidden
from sync.messages import _
from sync.typed import Value, without
from sync.wire.names import check_database_name

MARK = "yizhan-owner"  # the local document of each database that says whose it is


class NotForUs(Forbidden):
    """A server that cannot keep this node's documents, or must not: said by us and not by the server."""


class CouchAddress(Value):
    """A CouchDB and a prefix.

    url     `http(s)://name:password@host:port`; a secret
    prefix  before every database name; "" for none
    """

    url: str
    prefix: str = ""

    def __post_init__(self) -> None:
        """Raises BadRequest, without the URL, when it names no server or the prefix makes no lawful name."""
        try:
            parts = urlsplit(self.url)
            lawful = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            lawful = False
        if not lawful or not self.url.isprintable() or " " in self.url or parts.query or parts.fragment:
            raise BadRequest(_("YIZHAN_COUCHDB_URL has to look like http://account:password@host:port"))
        if parts.netloc.count("@") > 1:
            raise BadRequest(_("In the account and password of YIZHAN_COUCHDB_URL, write %%40 for @"))
        if self.prefix:
            check_database_name(self.prefix)

    def __repr__(self) -> str:
        return without(self, "url")

    @property
    def shown(self) -> str:
        """The address without credentials, to be shown and remembered."""
        parts = urlsplit(self.url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        place = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "") + parts.path.rstrip("/")
        return f"{place}/{self.prefix}*" if self.prefix else place

    def name_there(self, name: str) -> str:
        """How a database of ours is called on the server."""
        return self.prefix + name


def couch_address(url: str, prefix: str) -> CouchAddress | None:
    """The address two settings name; None when there is no URL: then documents are in the directory."""
    return CouchAddress(url, prefix) if url else None
