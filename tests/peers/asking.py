"""One request over a bare connection, and what of its answer two servers can be compared by.

An answer is brought to a form in which only what a client may rely on is left: sequences, times, sizes and
the revisions a server chose itself become marks, the name of the database becomes `db`.

Must not know: our client and our server.
"""

import http.client
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

BROKEN_OFF = b"<breaks off>"
_SECONDS = 60
# What clients look at; the others (Date, Server, X-Couch-…) say nothing of what was asked.
_HEADERS = ("Accept-Ranges", "Allow", "Content-Range", "Content-Type", "ETag", "Location")
_SEQUENCES = ("seq", "last_seq", "update_seq", "_local_seq", "purge_seq")
_UNORDERED = ("_conflicts", "_deleted_conflicts", "missing", "possible_ancestors")
_NUMBERS = ("execution_time_ms", "pending", "instance_start_time", "file", "external", "active", "disk_format_version")
_OWN_REVISION = re.compile(r"\b(\d+)-[0-9a-f]{32}\b")
_OWN_ID = re.compile(r"\b[0-9a-f]{32}\b")
_STATE = re.compile(r'"[0-9A-Z]{20,}"$')  # an ETag that names the state of a database and no revision
_SEQUENCE = re.compile(r'"\d+-[\w-]{8,}"')


@dataclass(frozen=True)
class Raw:
    """A body that is sent as it stands."""

    content: bytes


@dataclass(frozen=True)
class Ask:
    """One request.

    request  method and address; `{db}`, `{rev}`, `{seq}` stand for the database, and for what the answer before told
    body     JSON, or Raw
    differs  why our answer is another than CouchDB's, where it is
    by       who asks: None for the server's administrator, "" for a stranger, `li` for the account `{db}-li`
    """

    request: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    differs: str = ""
    by: str | None = None


@dataclass(frozen=True)
class Question:
    """Requests made one after another in a filled database of their own."""

    name: str
    asks: tuple[Ask, ...]


def question(name: str, *asks: Ask | str, differs: str = "") -> Question:
    """A question; a request without a body may be told by its text alone.

    differs  why our answers to all of them are other than CouchDB's
    """
    told = (Ask(each) if isinstance(each, str) else each for each in asks)
    return Question(name, tuple(replace(each, differs=each.differs or differs) for each in told))


def but(differs: str, request: str, body: Any = None, **headers: str) -> Ask:
    """A request that we answer otherwise than CouchDB, and why."""
    return Ask(request, body, {name.replace("_", "-"): value for name, value in headers.items()}, differs)


def failed(answer: Mapping[str, Any]) -> bool:
    """Whether a server met a fault of its own."""
    return answer["status"] >= 500 or answer.get("body") == BROKEN_OFF.decode()


class Server:
    """A server by its address, name and password included."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._admin = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    def answers(self, asked: Question, story: Sequence[Ask]) -> list[dict[str, Any]]:
        """What it answers to a question, comparable, in a database filled with a story."""
        known = {"db": f"same-{uuid4().hex[:12]}", "rev": "", "seq": ""}
        self._ask(Ask("PUT /{db}?q=1"), known)  # one shard: its changes have one order
        try:
            for each in story:
                status, _, body = self._ask(each, known)
                assert status < 300, (each.request, body)
            return [self._comparable(each, known) for each in asked.asks]
        finally:
            self._ask(Ask("DELETE /{db}"), known)

    def _ask(self, asked: Ask, known: dict[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        method, target = _filled(asked.request, known).split(" ", 1)
        credentials = self._admin if asked.by is None else (f"{known['db']}-{asked.by}", "pw") if asked.by else None
        headers = {"Accept": "application/json"}
        if credentials:
            headers["Authorization"] = "Basic " + b64encode(":".join(credentials).encode()).decode()
        headers |= {name: _filled(value, known) for name, value in asked.headers.items()}
        content = None
        if isinstance(asked.body, Raw):
            content = asked.body.content
        elif asked.body is not None:
            content = _filled(json.dumps(asked.body, ensure_ascii=False), known).encode()
        if content is not None or method in ("POST", "PUT"):
            headers.setdefault("Content-Type", "application/json")
        # A connection each: CouchDB sends bodies where none belong, and they would be taken for the next answer.
        with closing(http.client.HTTPConnection(self._host, self._port, timeout=_SECONDS)) as connection:
            connection.request(method, target, content or b"", {k: v for k, v in headers.items() if v})
            answer = connection.getresponse()
            try:
                return answer.status, answer.headers, answer.read()
            except http.client.HTTPException:  # a fault after it has begun to answer
                return answer.status, answer.headers, BROKEN_OFF

    def _comparable(self, asked: Ask, known: dict[str, str]) -> dict[str, Any]:
        status, headers, body = self._ask(asked, known)
        told: dict[str, Any] = {"status": status}
        for name in _HEADERS:
            if name in headers and not _STATE.match(headers[name]):
                told[name] = _marked(_plain_header(name, headers[name]), known)
        value = _read(body, headers.get("Content-Type", ""))
        if isinstance(value, dict):
            known["rev"] = str(value.get("rev", known["rev"]))
            known["seq"] = str(value.get("last_seq", value.get("update_seq", known["seq"])))
        if value != "":
            told["body"] = _settled(value, known)
        return told


def _filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace("{" + name + "}", value)
    return text


def _read(body: bytes, content_type: str) -> Any:
    text = body.decode("utf-8", "replace")
    if not text:
        return ""
    try:
        return json.loads(text)
    except ValueError:
        pass
    if content_type.startswith("text/event-stream"):
        return [line for line in text.splitlines() if line]  # empty ones separate events, and show that it is alive
    try:
        return [json.loads(line) for line in text.splitlines() if line]
    except ValueError:
        return text


def _settled(value: Any, known: Mapping[str, str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _settled(member, known, key) for key, member in value.items() if key != "ref"}
    if isinstance(value, list):
        settled = [_settled(each, known) for each in value]
        return sorted(settled, key=json.dumps) if name in _UNORDERED or _are_leaves(settled) else settled
    if name in _SEQUENCES and isinstance(value, (str, int)):
        return "<seq>"
    if name == "bookmark" and value not in ("nil", ""):
        return "<bookmark>"
    if name in _NUMBERS and value is not None:
        return "<number>"
    if name == "reason" and isinstance(value, str):
        value = re.sub(r"(?<=^Only )[A-Z,]+(?= allowed$)", lambda found: _methods(found[0]), value)
    return _marked(value, known) if isinstance(value, str) else value


def _are_leaves(value: list[Any]) -> bool:
    """Whether these are the leaves of one document, whose order says nothing."""
    return bool(value) and all(isinstance(each, dict) and set(each) <= {"ok", "missing"} for each in value)


def _marked(text: str, known: Mapping[str, str]) -> str:
    text = _SEQUENCE.sub('"<seq>"', text.replace(known["db"], "db"))
    return _OWN_ID.sub("<id>", _OWN_REVISION.sub(r"\1-<own>", text))


def _plain_header(name: str, text: str) -> str:
    if name == "Allow":
        return _methods(text)
    if name == "ETag":
        return re.sub(r"-[0-9a-f]{32}", "-<own>", text)
    return re.sub(r"^https?://[^/]+", "", re.sub(r'boundary="?[^";]+"?', "boundary=…", text))


def _methods(text: str) -> str:
    """The methods named; their order says nothing, and HEAD goes without saying where GET is."""
    return ",".join(sorted(set(text.split(",")) - {"HEAD"}))
