"""收件: an application is checked, numbered, stored with its photos, and answered; all of it or nothing.

Record, photos, receipt number, audit and the kept answer go into the file in one transaction and
one flush. Whoever was answered has been received.

Must not know: how the application came here.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.services.draw_on_record import draw_on_record
from edge_node.services.file_application import Also, Receipt, file_in, made_ready, new_place, nothing_more
from edge_node.services.prepare_application import Application, item_applied_for, require_lawful
from edge_node.services.take_photos import PhotoIntake
from sync.casework.confirm_clock import require_clock
from sync.node.answer_once import Answer, Request, answer_once, earlier_answer
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.people.materials_on_file import MOST_DAYS
from sync.records.clock import beijing
from sync.records.items import Item
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
    on_file_days: int = MOST_DAYS,
    also: Also = nothing_more,
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
    if brings_more(application):
        # Before photos are made fit and files looked into, which takes a while; what comes of that is checked below.
        require_lawful(
            items, application, today=today, largest_photo_bytes=photos.largest_bytes, will_be_fit=photos.fitter.is_on
        )
    if photos_refused and application.has_photos:
        raise NoRoomForPhotos(photos_refused)
    drawn = draw_on_record(node, item, application, most_days=on_file_days)
    with photos.taken(application.materials) as taken:
        ready = made_ready(
            node,
            items,
            application,
            drawn,
            materials=taken.materials,
            claim=taken.claim,
            largest_photo_bytes=photos.largest_bytes,
        )
        ensure_homes(node, who.sid)

        def work(tx: Transaction) -> Answer:
            def receive() -> dict[str, Any]:
                quality = require_clock(tx, now_ms, confirmed_ms=application.confirmed_ms, by=by)
                told = file_in(tx, node, ready, new_place(tx, who, today), Receipt(by, now_ms, quality))
                also(tx)
                return told

            return answer_once(tx, request, receive, status=CREATED, now_ms=now_ms)

        return node.write(work)


def brings_more(application: Application) -> bool:
    """Whether there is more to an application than what was typed."""
    return bool(application.person) or application.has_photos or any(one.on_file for one in application.materials)
