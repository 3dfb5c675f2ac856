"""The pieces of taking an application that taking several at once is built of, too: made ready before the transaction,
filed in it.

Must not know: requests and their answers, how many are filed together.
"""

import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from edge_node.errors import NotEnrolled
from edge_node.services.draw_on_record import Drawn
from edge_node.services.find_applicant import registered_as
from edge_node.services.prepare_application import Application, Material, Prepared, prepare_application
from edge_node.services.take_photos import Claim, keep_chunks
from sync.casework.describe_case import state_name
from sync.casework.hold_photos import held_here
from sync.casework.tell_authority import kept_authority
from sync.casework.trace_custody import summary
from sync.node.acts.name_version import version_of
from sync.node.acts.recording import Act, record
from sync.node.identity import Identity
from sync.node.lists.case_index import CaseRow
from sync.node.node import Node
from sync.people.open_alike import open_alike
from sync.records.agents import ON_RECORD
from sync.records.ages import reaches_age_on
from sync.records.clock import Quality, beijing, time_text
from sync.records.ids import RANDOM_BYTES, new_record_id
from sync.records.items import Item
from sync.records.receipt_number import format_receipt_number
from sync.store.ledger.let_go import keep_photos
from sync.store.ledger.numbers import next_serial
from sync.store.ledger.people import person_row
from sync.store.transaction import Transaction
from sync.typed import Value, replace

# By then whoever lets go of photos has seen the new case, which keeps them itself while it is open.
_STAYS_MS = 7 * 24 * 3_600_000


class Ready(Value):
    """An application that is in order.

    away            how many photos on file are not on this disk
    reaches_age_on  the day (YYYY-MM-DD) on which whoever applies reaches the age the item is for; "" where he has
    """

    prepared: Prepared
    claim: Claim
    away: int
    reaches_age_on: str = ""


class Place(Value):
    """What a new case is called, before it is written: its id, and the number that is given once."""

    case_id: str
    receipt_number: str


class Receipt(Value):
    """Who takes it (as events name actors), when, and how far the clock is believed."""

    by: str
    now_ms: int
    quality: Quality


def made_ready(
    node: Node,
    items: Mapping[str, Item],
    application: Application,
    drawn: Drawn,
    *,
    materials: tuple[Material, ...],
    claim: Claim,
    largest_photo_bytes: int,
) -> Ready:
    """An application with what the station has of it already, checked as a whole.

    materials  its papers, with photos that are fit;  claim, gives what those were before to the record
    raises     Invalid, naming every field that is wrong
    """
    now_ms = node.clock()
    prepared = prepare_application(
        items,
        replace(application, materials=materials, person=drawn.person, prefilled=drawn.prefilled),
        today=beijing(now_ms).date(),
        largest_photo_bytes=largest_photo_bytes,
        on_file={name: found.photos for name, found in drawn.on_file.items()},
    )

    def claim_all(tx: Transaction, case_id: str) -> None:
        claim(tx, case_id)
        for found in drawn.on_file.values():  # they stay until the new case itself keeps them
            keep_photos(tx, found.case_id, until_ms=now_ms + _STAYS_MS)

    if drawn.authority is not None:
        prepared = replace(prepared, fields={**prepared.fields, ON_RECORD: kept_authority(drawn.authority)})
    reached = reaches_age_on(items[application.item], prepared.fields, beijing(now_ms).date())
    return Ready(prepared, claim_all, _away(node, drawn), reached.isoformat() if reached else "")


def new_place(tx: Transaction, who: Identity, now_ms: int) -> Place:
    """The id and the number of a new case, in the transaction that writes it; raises NotEnrolled."""
    if who.device is None:
        raise NotEnrolled
    today = beijing(now_ms).date()
    number = format_receipt_number(who.region, today, who.device, next_serial(tx, who.device, today))
    return Place(new_record_id("case", who.sid, at_ms=now_ms, chance=secrets.token_bytes(RANDOM_BYTES)), number)


def file_in(
    tx: Transaction,
    node: Node,
    ready: Ready,
    place: Place,
    receipt: Receipt,
    *,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Write the record and its photos; returns what whoever handed it in is told.

    more  fields the case gets beside those of the application
    """
    who, prepared = node.identity, ready.prepared
    keep_chunks(tx, node, who.sid, prepared.chunks)
    numbered = {"receipt_number": place.receipt_number, "received_at": time_text(receipt.now_ms)}
    fields = {**prepared.fields, **more, **numbered}
    person = str(fields.get("person", ""))
    known = person_row(tx, person) if person else None
    alike = [tell_open(row) for row in open_alike(tx, fields["item"], fields, person)]
    act = Act(place.case_id, "received", fields, receipt.by, receipt.now_ms, receipt.quality)
    ready.claim(tx, place.case_id)
    case = record(tx, node.documents, who, act, newborn=True)
    if prepared.gaps:  # told on the spot, or it would count as accepted from its receipt
        told = {"gaps": [dict(one) for one in prepared.gaps], "supplement_due": ""}
        notice = Act(place.case_id, "supplement_asked", told, receipt.by, receipt.now_ms, receipt.quality)
        case = record(tx, node.documents, who, notice)
    return {
        "id": place.case_id,
        "version": version_of(case),
        "receipt_number": place.receipt_number,
        "received_at": case.fields["received_at"],
        "state": case.status,
        "state_name": state_name(case.status),
        "item_name": case.fields["item_name"],
        "person": case.fields.get("person", ""),
        "registered_as": registered_as(known, str(fields.get("applicant_name", ""))),
        "open_alike": alike,
        "reaches_age_on": ready.reaches_age_on,
        "custody": summary(who.level, prepared.photos - ready.away, prepared.photos),
    }


def tell_open(row: CaseRow) -> dict[str, Any]:
    """A case that is under way, to whoever applies for the same once more."""
    return {
        "id": row.id,
        "receipt_number": row.receipt_number,
        "state": row.status,
        "state_name": state_name(row.status),
    }


Also = Callable[[Transaction], None]


def nothing_more(tx: Transaction) -> None:
    """Nothing else is done in the transaction."""


def _away(node: Node, drawn: Drawn) -> int:
    """How many photos on file are not on this disk any more: they were let go once the centre had them safe."""
    if not drawn.on_file:
        return 0
    roots = {str(photo["blob"]) for found in drawn.on_file.values() for photo in found.photos}
    return len(roots - held_here(node, node.identity.sid, roots))
