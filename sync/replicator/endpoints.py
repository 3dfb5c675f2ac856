"""Source or target of a job, as a request or a `_replicator` document names it.

    "shop"                                              a database of this server
    "https://chen:secret@centre.example/shop"           one across HTTP
    {"url": …, "headers": {…}, "auth": {"basic": {"username": …, "password": …}}}

Name and password are taken out of the URL at once: what an `Endpoint` shows can be told to anyone and logged.

source  CouchDB API, "Replication Document"; `couch_replicator_parse:parse_rep_db/3`

Must not know: databases, sockets, jobs.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from sync.errors import BadRequest, NotOffered
from sync.typed import Value, without
from sync.values.json_text import dump_sorted

MISSING = "Missing replicator database"
_INVALID = "endpoint has an invalid url"
_REMOTE = ("http://", "https://")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# These say how a message travels, which only the one who sends it can know.
_NOT_TAKEN = frozenset({"host", "content-length", "content-type", "content-encoding", "transfer-encoding",
                        "connection", "accept", "accept-encoding", "user-agent"})  # fmt: skip


class Endpoint(Value):
    """One end of a replication.

    name     a database of this server; None when it is across HTTP
    url      of the other server's database, without name and password; None when it is here
    headers  sent with every request, name and password among them; never shown
    user     whose password is sent; part of what names the job, for each may see other documents
    """

    name: str | None = None
    url: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    user: str | None = None

    def __repr__(self) -> str:
        return without(self, "headers")

    def shown(self, address: str) -> str:
        """The end as anyone may read it, an address that ends in a slash; `address` is this server's own."""
        return f"{self.url}/" if self.url else f"{address}/{quoted(self.name or '')}/"

    def identity(self, server: str) -> str:
        """What names it for as long as it is asked for this way; `server` names this one."""
        if self.name is not None:
            return f"{server}/{self.name}"
        others = [pair for pair in self.headers if pair[0] != "authorization"]
        return dump_sorted([self.url, self.user, others]).decode() if self.user or others else str(self.url)


def read_endpoint(value: Any) -> Endpoint:
    """Read one end.

    raises  BadRequest in CouchDB's words; NotOffered for what would need more than a URL and headers
    """
    if value is None:
        raise BadRequest(MISSING)
    if isinstance(value, str):
        return _remote(value, {}, {}) if value.startswith(_REMOTE) else _local(value)
    if not isinstance(value, dict):
        raise BadRequest(_INVALID)
    url = value.get("url")
    if not isinstance(url, str):
        raise BadRequest(_INVALID)
    headers, auth = value.get("headers") or {}, value.get("auth") or {}
    if not isinstance(headers, dict) or not isinstance(auth, dict):
        raise BadRequest("`headers` and `auth` must be objects")
    return _remote(url, headers, auth) if url.startswith(_REMOTE) else _local(url)


def quoted(name: str) -> str:
    """A database's name as one segment of an address."""
    return quote(name, safe="")


def _local(name: str) -> Endpoint:
    if not name or "://" in name:
        raise BadRequest(_INVALID)
    return Endpoint(name=name)


def _remote(url: str, told: Mapping[str, Any], auth: Mapping[str, Any]) -> Endpoint:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadRequest(_INVALID) from None
    path = parts.path.rstrip("/")
    if not host or not path.strip("/") or parts.query or parts.fragment:
        raise BadRequest(_INVALID)
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        place += f":{port}"
    headers = _headers(told)
    pair = _basic(auth) or _of_url(parts.username, parts.password) or _of_header(headers.get("authorization"))
    if pair is not None:
        headers["authorization"] = "Basic " + b64encode(f"{pair[0]}:{pair[1]}".encode()).decode()
    return Endpoint(
        url=urlunsplit((parts.scheme, place, path, "", "")),
        headers=tuple(sorted(headers.items())),
        user=None if pair is None else pair[0],
    )


def _headers(told: Mapping[str, Any]) -> dict[str, str]:
    headers = {}
    for name, value in told.items():
        # Neither may end the header's line and begin another.
        if not (isinstance(value, str) and _is_plain(value) and name and _is_plain(name)) or set(name) & set(": "):
            raise BadRequest("`headers` must map names to plain text")
        if name.lower() not in _NOT_TAKEN:
            headers[name.lower()] = value
    return headers


def _is_plain(text: str) -> bool:
    return text.isascii() and (text == "" or text.isprintable())


def _basic(auth: Mapping[str, Any]) -> tuple[str, str] | None:
    for kind in auth:
        if kind != "basic":
            raise NotOffered(f"`auth` with `{kind}` is not offered: give `basic`, or a header.")
    basic = auth.get("basic")
    if basic is None:
        return None
    if not isinstance(basic, dict):
        raise BadRequest("`auth.basic` must be an object")
    name, password = basic.get("username"), basic.get("password")
    if name is None or password is None:
        return None
    if not isinstance(name, str) or not isinstance(password, str):
        raise BadRequest("`username` and `password` must be strings")
    return name, password


def _of_url(name: str | None, password: str | None) -> tuple[str, str] | None:
    return None if name is None or password is None else (unquote(name), unquote(password))


def _of_header(value: str | None) -> tuple[str, str] | None:
    scheme, _, encoded = (value or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
