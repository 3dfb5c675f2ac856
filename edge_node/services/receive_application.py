"""收件: an application is checked, numbered, stored with its photos, and answered; all of it or nothing.

Record, photos, receipt number, audit and the kept answer go into the file in one transaction and
one flush. Whoever was answered has been received.

Must not know: how the application came here.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.services.prepare_application import Application, Prepared, prepare_application, require_lawful
from edge_node.services.take_photos import Claim, PhotoIntake
from sync.casework.confirm_clock import require_clock
from sync.casework.describe_case import state_name
from sync.casework.trace_custody import summary
from sync.node.answer_once import Answer, Request, answer_once, earlier_answer
from sync.node.identity import Identity
from sync.node.node import Node
from sync.node.recording import Act, record
from sync.node.sharing import ensure_homes
from sync.records.clock import beijing, time_text
from sync.records.ids import RANDOM_BYTES, blobs_database, new_record_id
from sync.records.items import Item
from sync.records.log import record_from_document
from sync.records.receipt_number import format_receipt_number
from sync.store.ledger.numbers import next_serial
from sync.store.transaction import Transaction

CREATED = 201


def receive_application(
    node: Node,
    items: Mapping[str, Item],
    application: Application,
    *,
    by: str,
    request: Request | None,
    photos: PhotoIntake,
    photos_refused: str = "",
) -> Answer:
    """Take an application; durable on return.

    items    the catalogue
    by       the account that takes it, as events name actors
    request  under which a repetition is answered alike
    photos   how they are made fit, and where they are kept as they came
    photos_refused  why no photos can be kept now; the application is taken without
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
    if any(material.photos for material in application.materials):
        # Before the photos are made fit, which takes a while; whatever comes of that is checked below.
        require_lawful(
            items, application, today=today, largest_photo_bytes=photos.largest_bytes, will_be_fit=photos.fitter.is_on
        )
        if photos_refused:
            raise NoRoomForPhotos(photos_refused)
    with photos.taken(application.materials) as taken:
        application = replace(application, materials=taken.materials)
        prepared = prepare_application(items, application, today=today, largest_photo_bytes=photos.largest_bytes)
        ensure_homes(node, who.sid)
        return node.write(_receiving(node, application, prepared, taken.claim, by=by, request=request, now_ms=now_ms))


def _receiving(
    node: Node,
    application: Application,
    prepared: Prepared,
    claim: Claim,
    *,
    by: str,
    request: Request | None,
    now_ms: int,
) -> Callable[[Transaction], Answer]:
    who = node.identity
    today = beijing(now_ms).date()

    def work(tx: Transaction) -> Answer:
        def receive() -> dict[str, Any]:
            quality = require_clock(tx, now_ms, confirmed_ms=application.confirmed_ms, by=by)
            number = _next_number(tx, who, today)
            _keep_photos(tx, node, who, prepared)
            fields = {**prepared.fields, "receipt_number": number, "received_at": time_text(now_ms)}
            doc_id = new_record_id("case", who.sid, secrets.token_bytes(RANDOM_BYTES))
            act = Act(doc_id, "received", fields, by, now_ms, quality)
            claim(tx, doc_id)
            case = record_from_document(record(tx, node.documents, who, act, newborn=True))
            return {
                "id": doc_id,
                "receipt_number": number,
                "received_at": case.fields["received_at"],
                "state": case.status,
                "state_name": state_name(case.status),
                "item_name": case.fields["item_name"],
                "custody": summary(who.level, prepared.photos, prepared.photos),
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
