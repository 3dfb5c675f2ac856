"""What a job is to do, as `_replicate` or a `_replicator` document asks for it, and the id that follows from it.

The id is a digest of what decides which documents go where: ends, selection, where to begin. With it
the checkpoints are found again after a restart, and a job with another selection gets its own.

source  CouchDB API, "Replication Document"; `couch_replicator_parse:convert_options/1`,
        `couch_replicator_ids:replication_id/1`

Must not know: databases, sockets, whether the job runs.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from sync.errors import BadRequest, NotOffered
from sync.mango.selector import normalize
from sync.replication.identity import replication_id
from sync.replicator.endpoints import Endpoint, read_endpoint
from sync.typed import Value, but
from sync.values.changes import START
from sync.values.json_text import dump, dump_sorted
from sync.wire.names import DESIGN

# CouchDB's `checkpoint_interval` is 30 s; our batches aim at 5 s, and a cut costs no more than asking again.
CHECKPOINT_SECONDS = 5.0
TIMEOUT_SECONDS = 30.0
_ID_NAMES = ("replication_id", "_local_id", "id")
_PROXIES = ("proxy", "source_proxy", "target_proxy")
_DESIGN_DOCUMENTS = {"_id": {"$regex": f"^{DESIGN}"}}
_LONGEST_SECONDS = 86_400.0


class Specification(Value):
    """One replication asked for; equal specifications are the same job.

    create_params    JSON members for the server that creates the target
    doc_ids          these documents only, sorted; None for all
    selector         JSON text of a Mango selector that the documents match, members sorted; None for all
    begin            the source's sequence to begin at when both ends remember nothing
    timeout_seconds  how long a request may be silent
    """

    source: Endpoint
    target: Endpoint
    continuous: bool = False
    create_target: bool = False
    create_params: tuple[tuple[str, str], ...] = ()
    doc_ids: tuple[str, ...] | None = None
    selector: bytes | None = None
    winners_only: bool = False
    begin: str = START
    use_checkpoints: bool = True
    checkpoint_seconds: float = CHECKPOINT_SECONDS
    timeout_seconds: float = TIMEOUT_SECONDS

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Specification) and self._asked == other._asked

    def __hash__(self) -> int:
        return hash(tuple(self._asked.values()))

    @property
    def _asked(self) -> dict[str, Any]:
        """What makes another job of it: how long a request may be silent does not."""
        return but(self, "timeout_seconds")

    def log_id(self, server: str) -> str:
        """What both ends keep the log of this replication under; `server` names this server."""
        also = {}
        if self.selector is not None:
            also["selector"] = self.selector.decode()
        if self.winners_only:
            also["winning_revs_only"] = "true"
        if self.begin != START:
            also["since_seq"] = self.begin
        source, target = self.source.identity(server), self.target.identity(server)
        return replication_id(source, target, doc_ids=self.doc_ids, also=also)

    def job_id(self, server: str) -> str:
        """The log's id, and after it how the job goes about it."""
        return (
            self.log_id(server)
            + ("+continuous" if self.continuous else "")
            + ("+create_target" if self.create_target else "")
        )


def read_specification(fields: Mapping[str, Any]) -> Specification:
    """Read what is asked for.

    raises  BadRequest in CouchDB's words, NotOffered with what to use instead
    """
    for name in _PROXIES:
        if fields.get(name) not in (None, ""):
            raise NotOffered(f"`{name}` is not offered: this server connects to the other one itself.")
    source, target = read_endpoint(fields.get("source")), read_endpoint(fields.get("target"))
    if (source.name, source.url) == (target.name, target.url):
        raise BadRequest("source and target are the same database")
    doc_ids, selector, filtered = _doc_ids(fields.get("doc_ids")), _object(fields, "selector"), _filter(fields)
    selector = filtered if selector is None else selector
    return Specification(
        source=source,
        target=target,
        continuous=_flag(fields, "continuous"),
        create_target=_flag(fields, "create_target"),
        create_params=_texts(_object(fields, "create_target_params") or {}),
        doc_ids=doc_ids,
        selector=None if selector is None else _checked(selector),
        winners_only=_flag(fields, "winning_revs_only"),
        begin=_sequence(fields.get("since_seq")),
        use_checkpoints=_flag(fields, "use_checkpoints", otherwise=True),
        checkpoint_seconds=_seconds(fields, "checkpoint_interval", CHECKPOINT_SECONDS),
        timeout_seconds=max(_seconds(fields, "connection_timeout", TIMEOUT_SECONDS), 0.001),
    )


def is_cancelling(fields: Mapping[str, Any]) -> bool:
    """Whether a job is to be ended instead of begun; raises BadRequest."""
    return _flag(fields, "cancel")


def cancelled_id(fields: Mapping[str, Any], server: str) -> str:
    """Which job is to be ended: by its id, or by what it was asked for; raises as `read_specification`."""
    for name in _ID_NAMES:
        if fields.get(name) is not None:
            return str(fields[name]).replace(" ", "+")  # what became of a plus in somebody's address
    return read_specification(fields).job_id(server)


def _filter(fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The selector that does what a filter would."""
    _object(fields, "query_params")
    if sum(fields.get(name) is not None for name in ("doc_ids", "filter", "selector")) > 1:
        raise BadRequest("`doc_ids`,`filter`,`selector` are mutually exclusive")
    name = fields.get("filter")
    if name is None:
        return None
    if name == "_design":
        return _DESIGN_DOCUMENTS
    if not isinstance(name, str) or not (name.startswith("_") or len(name.split("/")) == 2):
        raise BadRequest("Invalid filter. Must match `ddocname/filtername`.")
    raise NotOffered("Filters are not offered: no JavaScript runs here. Select with `doc_ids` or `selector`.")


def _doc_ids(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadRequest("parameter `doc_ids` must be an array")
    return tuple(sorted({unquote(each) for each in value}))  # CouchDB takes them percent-encoded too


def _object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadRequest(f"parameter `{name}` must be a JSON object")
    return value


def _checked(selector: Mapping[str, Any]) -> bytes:
    normalize(selector)
    return dump_sorted(selector)


def _texts(members: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted((name, value if isinstance(value, str) else dump(value).decode()) for name, value in members.items())
    )


def _flag(fields: Mapping[str, Any], name: str, *, otherwise: bool = False) -> bool:
    value = fields.get(name, otherwise)
    if not isinstance(value, bool):
        raise BadRequest(f"parameter `{name}` must be a boolean")
    return value


def _sequence(value: Any) -> str:
    if value is None or value == 0:
        return START
    return value if isinstance(value, str) else dump(value).decode()


def _seconds(fields: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = fields.get(name)
    if value is None:
        return otherwise
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 15):
        raise BadRequest(f"parameter `{name}` must be a number of milliseconds")
    return min(int(text) / 1000, _LONGEST_SECONDS)
