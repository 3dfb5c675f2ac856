"""收件: an application is checked, numbered, stored with its photos, and answered; all of it or nothing.

Record, photos, receipt number, audit and the kept answer go into the file in one transaction and
one flush. Whoever was answered has been received.

Must not know: how the application came here.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.services.draw_on_record import Drawn, draw_on_record
from edge_node.services.prepare_application import (
    Application,
    Prepared,
    item_applied_for,
    prepare_application,
    require_lawful,
)
from edge_node.services.take_photos import Claim, PhotoIntake
from sync.casework.confirm_clock import require_clock
from sync.casework.describe_case import state_name
from sync.casework.hold_photos import held_here
from sync.casework.trace_custody import summary
from sync.node.answer_once import Answer, Request, answer_once, earlier_answer
from sync.node.identity import Identity
from sync.node.node import Node
from sync.node.recording import Act, record
from sync.node.sharing import ensure_homes
from sync.people.materials_on_file import MOST_DAYS
from sync.records.clock import beijing, time_text
from sync.records.ids import RANDOM_BYTES, blobs_database, new_record_id
from sync.records.items import Item
from sync.records.log import record_from_document
from sync.records.receipt_number import format_receipt_number
from sync.store.ledger.let_go import keep_photos
from sync.store.ledger.numbers import next_serial
from sync.store.transaction import Transaction

CREATED = 201
# By then whoever lets go of photos has seen the new case, which keeps them itself while it is open.
_STAYS_MS = 7 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class _Taking:
    """An application that is in order; `away` counts photos on file that are not on this disk."""

    application: Application
    prepared: Prepared
    claim: Claim
    away: int


def receive_application(
    node: Node,
    items: Mapping[str, Item],
    application: Application,
    *,
    by: str,
    request: Request | None,
    photos: PhotoIntake,
    photos_refused: str = "",
    on_file_days: int = MOST_DAYS,
    also: Callable[[Transaction], None] = lambda tx: None,
) -> Answer:
    """Take an application; durable on return.

    items    the catalogue
    by       the account that takes it, as events name actors
    request  under which a repetition is answered alike
    photos   how they are made fit, and where they are kept as they came
    photos_refused  why no photos can be kept now; the application is taken without
    on_file_days    how old a paper on file may be
    also     what else is done in the transaction that takes it, as letting go of its draft
    returns  201 with {id, receipt_number, received_at, state, state_name, item_name, custody}
    raises   Invalid naming every wrong field; NotEnrolled; NoRoomForPhotos; ClockDoubtful; KeyReused
    """
    earlier = earlier_answer(node, request)
    if earlier is not None:
        return earlier
    who = node.identity
    if not who.sid or who.device is None:
        raise NotEnrolled
    now_ms = node.clock()
    today = beijing(now_ms).date()
    item = item_applied_for(items, application)
    if _brings_more(application):
        # Before photos are made fit and files looked into, which takes a while; what comes of that is checked below.
        require_lawful(
            items, application, today=today, largest_photo_bytes=photos.largest_bytes, will_be_fit=photos.fitter.is_on
        )
    if photos_refused and any(material.photos for material in application.materials):
        raise NoRoomForPhotos(photos_refused)
    drawn = draw_on_record(node, item, application, most_days=on_file_days)
    with photos.taken(application.materials) as taken:
        application = replace(application, materials=taken.materials, person=drawn.person, prefilled=drawn.prefilled)
        prepared = prepare_application(
            items,
            application,
            today=today,
            largest_photo_bytes=photos.largest_bytes,
            on_file={name: found.photos for name, found in drawn.on_file.items()},
        )
        ensure_homes(node, who.sid)
        taking = _Taking(application, prepared, _claiming(node, taken.claim, drawn, also), _away(node, drawn))
        return node.write(_receiving(node, taking, by=by, request=request, now_ms=now_ms))


def _brings_more(application: Application) -> bool:
    """Whether there is more to an application than what was typed."""
    return bool(application.person) or any(one.photos or one.on_file for one in application.materials)


def _away(node: Node, drawn: Drawn) -> int:
    """How many photos on file are not on this disk any more: they were let go once the centre had them safe."""
    roots = {str(photo["blob"]) for found in drawn.on_file.values() for photo in found.photos}
    return len(roots - held_here(node, node.identity.sid, roots))


def _claiming(node: Node, claim: Claim, drawn: Drawn, also: Callable[[Transaction], None]) -> Claim:
    """What is done beside the record: photos on file stay until the new case itself keeps them."""
    until_ms = node.clock() + _STAYS_MS

    def work(tx: Transaction, doc_id: str) -> None:
        claim(tx, doc_id)
        for found in drawn.on_file.values():
            keep_photos(tx, found.case_id, until_ms=until_ms)
        also(tx)

    return work


def _receiving(
    node: Node, taking: _Taking, *, by: str, request: Request | None, now_ms: int
) -> Callable[[Transaction], Answer]:
    who, prepared = node.identity, taking.prepared
    today = beijing(now_ms).date()

    def work(tx: Transaction) -> Answer:
        def receive() -> dict[str, Any]:
            quality = require_clock(tx, now_ms, confirmed_ms=taking.application.confirmed_ms, by=by)
            number = _next_number(tx, who, today)
            _keep_photos(tx, node, who, prepared)
            fields = {**prepared.fields, "receipt_number": number, "received_at": time_text(now_ms)}
            doc_id = new_record_id("case", who.sid, secrets.token_bytes(RANDOM_BYTES))
            act = Act(doc_id, "received", fields, by, now_ms, quality)
            taking.claim(tx, doc_id)
            case = record_from_document(record(tx, node.documents, who, act, newborn=True))
            return {
                "id": doc_id,
                "receipt_number": number,
                "received_at": case.fields["received_at"],
                "state": case.status,
                "state_name": state_name(case.status),
                "item_name": case.fields["item_name"],
                "custody": summary(who.level, prepared.photos - taking.away, prepared.photos),
            }

        return answer_once(tx, request, receive, status=CREATED, now_ms=now_ms)

    return work


def _next_number(tx: Transaction, who: Identity, today: date) -> str:
    if who.device is None:
        raise NotEnrolled
    return format_receipt_number(who.region, today, who.device, next_serial(tx, who.device, today))


def _keep_photos(tx: Transaction, node: Node, who: Identity, prepared: Prepared) -> None:
    if not prepared.chunks:
        return
    for outcome in node.documents.database(blobs_database(who.sid)).graft_in(tx, prepared.chunks):
        if outcome.error is not None:
            raise outcome.error
