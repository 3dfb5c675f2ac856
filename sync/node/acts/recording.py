"""An event comes into a record: numbered, chained, folded, written and audited in one transaction.

One user action is one event is one revision. Whoever calls adds to the same transaction what must
happen with it: a receipt number, photos, the answer kept for a repeated request.

Must not know: what the events mean; the state table decides what is allowed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.custody.holdings import note_written
from sync.errors import NotFound
from sync.messages import _
from sync.node.acts.current import bring_together
from sync.node.identity import Identity
from sync.node.lists.record_index import LISTING, list_record
from sync.records.clock import NEVER, HybridTime, Quality, advance, observe, parse_order, time_text
from sync.records.events import Event, heads, new_event
from sync.records.ids import RecordId, parse_record_id, station_database
from sync.records.log import Record, events_in, grow
from sync.store.documents import Documents
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.followed import follow_along
from sync.store.ledger.own_steps import OwnStep, note_own_step
from sync.store.ledger.settings import put_settings, setting
from sync.store.ledger.writers import append_own, own_position
from sync.store.transaction import Transaction
from sync.trust.chain import digest_text, read_digest
from sync.typed import Value
from sync.values.documents import Edit

_ORDER = "clock.order"


class Act(Value):
    """What someone does to a record.

    doc_id      the record; a new one begins with the first event of its table
    event_type  as the state table names it
    fields      what it sets
    by          the account that did it
    at_ms       what the clock showed, and how far it is to be believed
    """

    doc_id: str
    event_type: str
    fields: Mapping[str, Any]
    by: str
    at_ms: int
    quality: Quality
    note: str = ""


def record(tx: Transaction, documents: Documents, who: Identity, act: Act, *, newborn: bool = False) -> Record:
    """Write an act as one event.

    newborn  the record's id was drawn a moment ago: there is none by it anywhere
    returns  the record as it stands now
    raises   Forbidden, in Chinese, when state, item or level do not allow it; BadRequest on a malformed
             act; Conflict when somebody else was quicker
    """
    parts = _parts_of(act.doc_id)
    database = documents.database(station_database(parts.sid))
    before = database.seq_in(tx)
    stored = None if newborn else bring_together(tx, database, act.doc_id)
    own = own_position(tx)
    known = () if stored is None else events_in(stored)
    order = _next_order(tx, known, act.at_ms)
    event = new_event(
        act.event_type,
        act.fields,
        writer=who.writer,
        life=own.life,
        number=own.number + 1,
        previous="" if own.head is None else digest_text(own.head),
        seen=heads(known),
        order=str(order),
        at=time_text(act.at_ms),
        clock=act.quality,
        by=act.by,
        level=who.level,
        note=act.note,
    )
    body, grown = grow(stored, event, doc_id=act.doc_id, record_type=parts.type)
    edit = Edit(act.doc_id, stored.revision if stored else None, body)
    (outcome,) = database.write_in(tx, [edit], newborn=newborn)
    if outcome.error is not None:
        raise outcome.error
    digest = read_digest(event.hash)
    append_own(tx, own.number + 1, digest)
    if parts.sid != who.sid:
        note_own_step(tx, OwnStep(parts.sid, own.life, own.number + 1, digest))
    put_settings(tx, {_ORDER: str(order)})
    append_entry(tx, Entry(act.at_ms, act.by, act.event_type, act.doc_id))
    list_record(tx, grown, now_ms=act.at_ms)
    after = database.seq_in(tx)
    follow_along(tx, LISTING, database.name, before=before, after=after)
    note_written(tx, database.name, act.doc_id, event, before=before, after=after, now_ms=act.at_ms)
    return grown


def _next_order(tx: Transaction, known: Iterable[Event], now_ms: int) -> HybridTime:
    """Our clock's next key: after all we gave, and after what we are answering to."""
    order = parse_order(setting(tx, _ORDER) or str(NEVER))
    for event in known:
        order = observe(order, parse_order(event.order), now_ms)
    return advance(order, now_ms)


def _parts_of(doc_id: str) -> RecordId:
    parts = parse_record_id(doc_id)
    if parts is None:
        raise NotFound(_("There is no such record"))
    return parts
