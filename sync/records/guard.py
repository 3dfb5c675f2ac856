"""What may come in: one pure question, asked at every door.

    judge(stored, offered, offerer) -> Accept | SetAside(reason)

Shape, right database, events only grow, nobody writes in another's name, no act beyond the
writer's level, and a state that is what its events amount to. What is set aside is kept with its
bytes by whoever asked; nothing is lost by a mistake of ours.

A record in a newer language (fold version, record or event type) passes with what can be checked
of it, for a village may be updated before its township. Hand-written, because every replicated
document comes by here.

Must not know: databases, replication, how an offerer was recognised.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sync.errors import BadRequest
from sync.records.content_guard import content_problem
from sync.records.events import LEVELS, Event
from sync.records.fold import LAWS, Laws, not_understood
from sync.records.ids import DatabaseName, RecordId, parse_content_id, parse_database, parse_record_id
from sync.records.log import MEMBERS, events_in, folded_body, form_problem, log_in
from sync.records.powers import Powers, no_items
from sync.records.states import StateTable, context_of, ever_has_power
from sync.typed import Value
from sync.values.documents import Document
from sync.values.json_text import canonical, dump_sorted

MAX_BODY_BYTES = 1024 * 1024  # twenty events are 10 kB; photos are not in records
# Of one record. Whoever takes one in compares it with each, so without an end to them the work grows with their square.
# Two levels that write at once make one leaf more, and whoever knows the words buries it a moment later.
MOST_LIVE_LEAVES = 20
MOST_LEAVES = 100  # those that were buried stay
# Where records of a type belong; types not named here may stand wherever records do.
_PLACE_OF = {"case": "station", "person": "station", "handover": "station", "review": "voice", "complaint": "voice"}


class Standing(Value):
    """What a writer is known to be.

    sid    the station it is certified for;  level, the highest it may act at
    lives  the lives it may write in; None for any
    """

    sid: str
    level: str
    lives: frozenset[str] | None = None


# (sid of the station in whose records it stands, event) → what its writer is known to be, where the writer's own
# signature over it is here; None where it is not.
Avowed = Callable[[str, Event], Standing | None]


def nobody_avows(_sid: str, _event: Event) -> None:
    """For an offerer who brings no signatures of others."""


def nothing_unwritten(_event: Event) -> bool:
    """For an offerer who brings nobody's events but his own."""
    return False


class Offerer(Value):
    """Who offers, as far as the guard needs it.

    name     for the report
    writers  whose new events it may carry; None for anyone's, as from the node above
    above    whether it may write `public` and `staff_…`
    avowed   what it may carry of others besides
    unwritten  whether an event bears our own name and we know that we did not write it
    """

    name: str
    writers: Mapping[str, Standing] | None
    above: bool = False
    avowed: Avowed = nobody_avows
    unwritten: Callable[[Event], bool] = nothing_unwritten


class Accept(Value):
    """The document may be written."""


class SetAside(Value):
    """The document may not be written.

    alarm  whether someone's log exists in two versions: a copied directory or a forgery
    """

    reason: str
    alarm: bool = False


ACCEPT = Accept()


class _Door(Value):
    """What stays the same for all that one offerer brings."""

    offerer: Offerer
    laws: Laws
    items: Powers


def judge(
    stored: Sequence[Document],
    offered: Document,
    offerer: Offerer,
    *,
    database: str,
    laws: Laws = LAWS,
    items: Powers = no_items,
) -> Accept | SetAside:
    """Say whether a document may be written.

    stored    every leaf the database holds of this document, with paths and bodies; none for chunks
    offered   what is to be written, with its path; for an edit the path its parent gives it
    database  the name of the database
    items     the powers items give, for a case that claims more than its item gives
    """
    name = parse_database(database)
    if name is None:
        return SetAside(f"{database} is no database of the stations")
    if offered.attachments:
        return SetAside("files travel as chunks, not as attachments")
    if len(offered.body) > MAX_BODY_BYTES:
        return SetAside(f"a document here has at most {MAX_BODY_BYTES} bytes")
    try:
        if name.kind in ("public", "staff"):
            return _judge_from_above(offered, offerer)
        if name.kind == "blobs":
            problem = content_problem(offered)
            return SetAside(problem) if problem else ACCEPT
        return _judge_record(name, stored, offered, _Door(offerer, laws, items))
    except BadRequest as error:
        return SetAside(error.reason)


def needs_stored(doc_id: str) -> bool:
    """Whether judging this document needs what is stored of it: chunks and lists speak for themselves."""
    return parse_content_id(doc_id) is None


def _judge_from_above(offered: Document, offerer: Offerer) -> Accept | SetAside:
    if not offerer.above:
        return SetAside("this database is written from above only")
    if offered.id.startswith("_"):
        return SetAside("no such documents here")
    canonical(offered.fields())
    return ACCEPT


def _judge_record(name: DatabaseName, stored: Sequence[Document], offered: Document, door: _Door) -> Accept | SetAside:
    record_id = parse_record_id(offered.id)
    if record_id is None:
        return SetAside("only records are kept here")
    if record_id.sid != name.sid or _PLACE_OF.get(record_id.type, name.kind) != name.kind:
        return SetAside(f"{offered.id} does not belong in {name}")
    live = [leaf for leaf in stored if not leaf.deleted]
    if _adds_beyond(MOST_LEAVES, stored, offered):
        return SetAside(f"a record has at most {MOST_LEAVES} leaves here")
    if not offered.deleted and _adds_beyond(MOST_LIVE_LEAVES, live, offered):
        return SetAside(f"a record has at most {MOST_LIVE_LEAVES} leaves here that are not merged yet")
    if offered.deleted:
        return _judge_tombstone(live, offered)
    return _Judgement(record_id, live, offered, door).verdict()


def _adds_beyond(most: int, leaves: Sequence[Document], offered: Document) -> bool:
    """Whether there are as many leaves as may be, and this one would stand beside them instead of upon one."""
    return len(leaves) >= most and not any(offered.path.knows(leaf.revision) for leaf in leaves)


def _judge_tombstone(live: Sequence[Document], offered: Document) -> Accept | SetAside:
    """A record is never deleted; a merge buries a leaf whose events stand in another."""
    if offered.fields():
        return SetAside("a tombstone here is empty")
    staying = [_hashes(leaf) for leaf in live if not offered.path.knows(leaf.revision)]
    for leaf in live:
        if offered.path.knows(leaf.revision) and not any(_hashes(leaf) <= other for other in staying):
            return SetAside("records are not deleted: this would bury events that stand nowhere else")
    return ACCEPT


class _Judgement:
    """One record on its way through the door; each step may raise BadRequest with the reason."""

    def __init__(self, record_id: RecordId, live: Sequence[Document], offered: Document, door: _Door) -> None:
        self.record_id = record_id
        self.live = live
        self.offered = offered
        self.offerer = door.offerer
        self.laws = door.laws
        self.items = door.items
        self.body, self.events = log_in(offered)

    def verdict(self) -> Accept | SetAside:
        self._check_body()
        logs = [(leaf, events_in(leaf)) for leaf in self.live]
        held = {event.hash: event for _, events in logs for event in events}
        self._check_listing()
        twins = _twins((*held.values(), *self.events))
        if twins:
            return SetAside(f"writer {twins} wrote two events under one number", alarm=True)
        self._check_growth(logs)
        new = [event for event in self.events if event.hash not in held]
        for event in new:
            self._check_writer(event)
        self._check_powers(new)
        return ACCEPT

    def _table(self) -> StateTable | None:
        """The table of the record, None where this node does not know its language."""
        version, record_type = self.body["fold"], self.body["type"]
        if not_understood(version, record_type, [event.type for event in self.events], self.laws):
            return None
        return self.laws[version][record_type]

    def _check_body(self) -> None:
        if self.body["type"] != self.record_id.type:
            raise BadRequest("the type in the body is not the one in the id")
        if self.body["fold"] not in self.laws:
            canonical(self.body)
            return
        if not MEMBERS.issuperset(self.body) or any(event.extra for event in self.events):
            raise BadRequest("a member that this fold version does not have")
        if not self._table():
            canonical(self.body)
            return
        # What the fold gives is canonical, and so is a body that is written alike.
        folded = folded_body(self.body["fold"], self.body["type"], self.events, self.laws)
        if folded != self.offered.body and folded != dump_sorted(self.body):
            raise BadRequest("the state is not what the events amount to")

    def _check_listing(self) -> None:
        """Events stand once, in order, with whatever they had seen, and each writer's own chain fits."""
        keys = [event.key for event in self.events]
        if any(a >= b for a, b in pairwise(keys)):
            raise BadRequest("events are not listed in their order")
        hashes = {event.hash for event in self.events}
        if any(not hashes.issuperset(event.seen) for event in self.events):
            raise BadRequest("an event had seen one that is not in the record")
        by_place = {event.place: event for event in self.events}
        for event in self.events:
            before = by_place.get((event.writer, event.life, event.number - 1))
            if before and (event.previous != before.hash or event.order <= before.order):
                raise BadRequest(f"event {event.number} of writer {event.writer} does not follow its previous one")

    def _check_growth(self, logs: Iterable[tuple[Document, Iterable[Event]]]) -> None:
        mine = {event.hash for event in self.events}
        for leaf, events in logs:
            if self.offered.path.knows(leaf.revision) and not mine.issuperset(event.hash for event in events):
                raise BadRequest("events only grow: one that stands here is missing or altered")

    def _check_writer(self, event: Event) -> None:
        if self.offerer.unwritten(event):
            raise BadRequest(f"an event of writer {event.writer}, who did not write it")
        if self.offerer.writers is None:
            return
        sid = self.record_id.sid
        standing = self.offerer.writers.get(event.writer) or self.offerer.avowed(sid, event)
        if standing is None:
            raise BadRequest(f"an event of writer {event.writer}, whose events this one may not carry")
        _check_standing(event, standing, sid)

    def _check_powers(self, new: Iterable[Event]) -> None:
        table = self._table()
        if table is None:
            return
        context = context_of(self.body["state"])
        for event in new:
            problem = form_problem(table, event)
            if problem:
                raise BadRequest(problem)
            self._check_claim(event)
            if not ever_has_power(table.acts[event.type], level=event.level, context=context, fields=event.set):
                raise BadRequest(f"{event.type} is beyond the {event.level} for this item")

    def _check_claim(self, event: Event) -> None:
        given = self.items(event.set.get("item"), event.set.get("item_version"))
        if given is not None and context_of(event.set) != given:
            raise BadRequest("the case claims powers its item does not give")


def _check_standing(event: Event, standing: Standing, sid: str) -> None:
    if standing.lives is not None and event.life not in standing.lives:
        raise BadRequest(f"writer {event.writer} is not known in this life")
    if standing.level == LEVELS[0] and standing.sid != sid:
        raise BadRequest(f"writer {event.writer} belongs to another station")
    if LEVELS.index(event.level) > LEVELS.index(standing.level):
        raise BadRequest(f"writer {event.writer} may not act as {event.level}")


def _twins(events: Iterable[Event]) -> str:
    """A writer with two events under one number; "" when there is none."""
    names: dict[Any, str] = {}
    for event in events:
        if names.setdefault(event.place, event.hash) != event.hash:
            return event.writer
    return ""


def _hashes(leaf: Document) -> set[str]:
    return {event.hash for event in events_in(leaf)}
