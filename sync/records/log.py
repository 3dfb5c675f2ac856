"""A record as a document: `{"type", "fold", "events", "state", "disputes"}`, read and made longer.

The log is the truth and the rest is folded from it, kept in the document so that a list needs no
folding and a foreign tool can read it. Bodies are canonical JSON: the same log gives the same bytes
on every node.

Must not know: revisions, databases, who may carry whose events.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sync.errors import BadRequest, Forbidden
from sync.messages import N_, _
from sync.records.clock import is_time_text
from sync.records.events import Event, JsonObject, heads, in_order, read_event
from sync.records.fold import LAWS, RESERVED, Folded, Laws, fold, not_understood, reserved_names
from sync.records.states import StateTable
from sync.typed import Value
from sync.values.documents import Document
from sync.values.json_text import dump_sorted, parse_object

MEMBERS = frozenset(("type", "fold", "events", "state", "disputes"))
MAX_EVENTS = 1000  # a case has twenty; beyond this somebody is pouring, not working
# A case of twenty events is 10 kB; of those that are longer reading costs less than remembering.
_SMALL_BYTES = 16 << 10
_LISTS = frozenset(("requests", "noted", "verified", "parked", "parked_edits"))


class Record(Value):
    """A record as services and screens read it.

    id          document id;  type, `case` …;  fold, the version it was folded with
    status      state code of its table, "" when unknown;  clock, what the working-day clock does
    fields      its fields, without what the fold adds
    events      the log, as listed;  disputes, written ones
    requests    withdrawals that came too late: ({"event", "type"}, …);  noted, events without effect and why
    parked_edits  what waits because the case had been handed over unseen: ({"event", "type", "by", "at"}, …)
    understood  whether this node knows the fold version and every event type
    """

    id: str
    type: str
    fold: int
    status: str
    clock: str
    fields: Mapping[str, Any]
    events: tuple[Event, ...]
    disputes: tuple[JsonObject, ...] = ()
    requests: tuple[JsonObject, ...] = ()
    noted: tuple[JsonObject, ...] = ()
    verified: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()
    parked_edits: tuple[JsonObject, ...] = ()
    understood: bool = True

    @property
    def heads(self) -> tuple[str, ...]:
        """What a new event of this record names as seen."""
        return heads(self.events)


def record_from_document(document: Document, laws: Laws = LAWS) -> Record:
    """Read a document as a record.

    raises  BadRequest when it is none
    """
    return _read(document.id, document.fields(), events_in(document), laws)


def _read(doc_id: str, body: Mapping[str, Any], events: tuple[Event, ...], laws: Laws) -> Record:
    state = body["state"]
    reserved = reserved_names(body["fold"], body["type"], laws)
    lists = {name: tuple(state.get(name, ())) for name in reserved.intersection(_LISTS)}
    return Record(
        id=doc_id,
        type=body["type"],
        fold=body["fold"],
        status=str(state.get("status", "")),
        clock=str(state.get("clock", "none")),
        fields={name: value for name, value in state.items() if name not in reserved},
        events=events,
        disputes=tuple(body["disputes"]),
        understood=not not_understood(body["fold"], body["type"], [event.type for event in events], laws),
        **lists,
    )


def case_from_document(document: Document, laws: Laws = LAWS) -> Record:
    """Read a document as a case; raises BadRequest when it is none."""
    record = record_from_document(document, laws)
    if record.type != "case":
        raise BadRequest(f"{document.id} is no case")
    return record


class Log(NamedTuple):
    """A record as it was read: its body, which whoever reads it shares and nobody changes, and its events."""

    body: Mapping[str, Any]
    events: tuple[Event, ...]


def log_in(document: Document) -> Log:
    """A record's body, with its events as `read_log` reads them; raises BadRequest likewise.

    A record is read by the guard, the list of cases and the books of who holds what, one behind the other.
    """
    body = document.body
    return _remembered(body) if len(body) <= _SMALL_BYTES else _read_anew(body)


def events_in(document: Document) -> tuple[Event, ...]:
    """The events of a record, likewise."""
    return log_in(document).events


def _read_anew(text: bytes) -> Log:
    body = parse_object(text)
    return Log(body, read_log(body))


_remembered = lru_cache(maxsize=128)(_read_anew)


def read_log(body: Mapping[str, Any]) -> tuple[Event, ...]:
    """Check the outer shape of a record's body and read its events.

    raises  BadRequest, naming what is wrong
    """
    if not isinstance(body.get("type"), str) or type(body.get("fold")) is not int or body["fold"] < 1:
        raise BadRequest("a record has a type and a fold version")
    if not isinstance(body.get("state"), dict) or not isinstance(body.get("disputes"), list):
        raise BadRequest("a record has a state and a list of disputes")
    events = body.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MAX_EVENTS:
        raise BadRequest(f"a record has events, at most {MAX_EVENTS}")
    return tuple(read_event(event) for event in events)


def is_record(body: Mapping[str, Any]) -> bool:
    """Whether a body claims to be a log, whatever its type."""
    return isinstance(body.get("events"), list) and "fold" in body


class Grown(NamedTuple):
    """A record with one more event: its body, canonical JSON to be written upon the old one, and as it is read."""

    body: bytes
    record: Record


def grow(
    document: Document | None, event: Event, *, doc_id: str = "", record_type: str = "case", laws: Laws = LAWS
) -> Grown:
    """A record with one more event.

    document     the record as it stands; None for a new one, of this id and type
    event        having seen the record's heads
    raises       Forbidden, with a sentence in Chinese, when the state, the item or the level does not allow it;
                 BadRequest when the event did not see the record as it stands, or the record speaks a newer
                 language than this node
    """
    body: Mapping[str, Any] = {} if document is None else document.fields()
    events: tuple[Event, ...] = ()
    if document is not None:
        events, doc_id, record_type = events_in(document), document.id, body["type"]
    if event.seen != heads(events):
        raise BadRequest("the event did not see the record as it stands")
    version = lowest_version(body.get("fold", 1), record_type, (*events, event), laws)
    problem = form_problem(laws[version][record_type], event)
    if problem:
        raise BadRequest(problem)
    listed = in_order((*events, event))
    folded = fold(version, record_type, listed, laws)
    _require_effect(folded.state, event, laws[version][record_type])
    grown = _body(version, record_type, listed, folded)
    return Grown(dump_sorted(grown), _read(doc_id, grown, listed, laws))


def folded_body(version: int, record_type: str, events: Iterable[Event], laws: Laws = LAWS) -> bytes:
    """The body of a record with these events."""
    listed = in_order(events)
    return dump_sorted(_body(version, record_type, listed, fold(version, record_type, listed, laws)))


def folded_record(record: Record, events: Iterable[Event], laws: Laws = LAWS) -> Record:
    """A record with these events in place of its own; raises BadRequest as `fold` does."""
    listed = in_order(events)
    body = _body(record.fold, record.type, listed, fold(record.fold, record.type, listed, laws))
    return _read(record.id, body, tuple(listed), laws)


def _body(version: int, record_type: str, listed: Iterable[Event], folded: Folded) -> JsonObject:
    """Canonical when written sorted, since every event is: the rest is words of the laws and what events say."""
    return {
        "type": record_type,
        "fold": version,
        "events": [event.json for event in listed],
        "state": folded.state,
        "disputes": folded.disputes,
    }


def lowest_version(at_least: int, record_type: str, events: Iterable[Event], laws: Laws = LAWS) -> int:
    """The lowest fold version, from a given one up, that knows these events: so that older nodes understand longer.

    raises  BadRequest when this node knows none
    """
    types = [event.type for event in events]
    for version in sorted(laws):
        if version >= at_least and not not_understood(version, record_type, types, laws):
            return version
    raise BadRequest(f"not understood here: {not_understood(at_least, record_type, types, laws) or at_least}")


def form_problem(table: StateTable, event: Event) -> str:
    """What is wrong with an event's fields by the table of its record; "" when nothing is."""
    act = table.acts[event.type]
    for name in act.requires:
        if name not in event.set:
            return f"{event.type} sets {name}"
    for name, fits in act.shapes.items():
        if name in event.set and not fits(event.set[name], event.level):
            return f"{name} of {event.type} has not its shape"
    for name in _misplaced(table, event):
        return f"{name} of {event.type} is not {event.type}'s to set, or has not its shape"
    for name in table.earliest.intersection(event.set):
        if not is_time_text(event.set[name]):
            return f"{name} is a time with +08:00"
    if act.settles:
        closed = RESERVED - {"status"}
    elif event.type == table.first:
        closed = RESERVED
    else:
        closed = RESERVED | table.fixed
    forbidden = sorted(closed.intersection(event.set))
    return f"{event.type} may not set {', '.join(forbidden)}" if forbidden else ""


def _misplaced(table: StateTable, event: Event) -> Iterator[str]:
    """Fields of a family that this act does not set, or not so; their names may hold ids, so only how they begin."""
    for beginning, family in table.families.items():
        for name, value in event.set.items():
            ours = name.startswith(beginning)
            if ours and not (event.type in family.acts and family.fits(name.removeprefix(beginning), value)):
                yield beginning


def _require_effect(state: JsonObject, event: Event, table: StateTable) -> None:
    noted = [one["why"] for one in state.get("noted", ()) if one["event"] == event.hash]
    if noted:
        why = _(_SENTENCES[noted[0]]) if noted[0] in _SENTENCES else noted[0]
        raise Forbidden(_("“%(act)s” cannot be done now (%(why)s)", act=table.acts[event.type].chinese, why=why))


_SENTENCES = {
    "level": N_("this level may not do it"),
    "item": N_("The item cannot be accepted with tolerance"),
    "state": N_("the state does not allow it"),
    "field": N_("it holds what may not be changed"),
    "repeat": N_("it was done before and cannot be done twice"),
}
