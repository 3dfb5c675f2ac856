"""What taking is made of, whether one item is applied for or several at once: all of it in one transaction, or nothing.

Record, photos, receipt number, audit and the kept answer go into the file in one flush, and with them the applicant
himself where he is not on the register yet and is to be, and what he agreed to. Whoever was answered has been received.

Must not know: how an application came here, what is answered of several.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from edge_node.errors import NoRoomForPhotos, NotEnrolled
from edge_node.services.draw_on_record import draw_on_record
from edge_node.services.file_application import (
    Also,
    Place,
    Ready,
    Receipt,
    file_in,
    made_ready,
    new_place,
    nothing_more,
)
from edge_node.services.find_applicant import require_living
from edge_node.services.note_consents import consenting, note_in
from edge_node.services.prepare_application import Application, Material, Photo
from edge_node.services.register_applicant import newcomer, person_in
from edge_node.services.take_photos import PhotoIntake
from sync.casework.confirm_clock import require_clock, require_sure_clock
from sync.errors import Invalid
from sync.node.acts.answer_once import Answer, Request, answer_once, earlier_answer
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.people.materials_on_file import MOST_DAYS
from sync.records.clock import beijing
from sync.records.items import Item
from sync.store.transaction import Transaction
from sync.typed import Value, replace

CREATED = 201
Told = Mapping[str, Any]


class Taking(Value):
    """How something is taken, whatever it is.

    by       the account that takes it, as events name actors
    request  under which a repetition is answered alike
    photos   how they are made fit, and where they are kept as they came
    photos_refused  why no photos can be kept now; the application is taken without
    on_file_days    how old a paper on file may be
    also     what else is done in the transaction that takes it, as letting go of its draft
    """

    by: str
    request: Request | None
    photos: PhotoIntake
    photos_refused: str = ""
    on_file_days: int = MOST_DAYS
    also: Also = nothing_more


class Parts(Value):
    """Applications that were found lawful, and the items they are for: one, or those of a 一件事."""

    items: Mapping[str, Item]
    applications: Sequence[Application]


def take_parts(
    node: Node,
    whole: Application,
    how: Taking,
    *,
    lawful: Callable[[], Parts],
    shared: Callable[[Sequence[Place]], Told],
    tell: Callable[[Sequence[Told], Told], dict[str, Any]],
) -> Answer:
    """Take what was handed in; durable on return.

    whole   what was filled in and handed in
    lawful  it, part by part; raises Invalid naming every wrong field
    shared  what every case of it says of them all
    tell    what is answered, by what is told of each part and what they share
    raises  NotEnrolled; NoRoomForPhotos; ClockDoubtful; KeyReused; Invalid
    """
    earlier = earlier_answer(node, how.request)
    if earlier is not None:
        return earlier
    who = node.identity
    if not who.sid or who.device is None:
        raise NotEnrolled
    now_ms = node.clock()
    today = beijing(now_ms).date()
    with ExitStack() as stack:
        try:
            parts = lawful()
            if how.photos_refused and whole.has_photos:
                raise NoRoomForPhotos(how.photos_refused)
            ready = _made_ready(node, parts, how, stack)
            new = newcomer(whole, [one.prepared.fields for one in ready], today)
        except Invalid:
            # By a clock that was set back whoever was born since is not born yet: what is wrong is to be said first.
            node.read(lambda reader: require_sure_clock(reader, now_ms, confirmed_ms=whole.confirmed_ms))
            raise
        known = next((str(one.prepared.fields["person"]) for one in ready if "person" in one.prepared.fields), "")
        consents = consenting(node, known, whole.consents)
        ensure_homes(node, who.sid)

        def work(tx: Transaction) -> Answer:
            def receive() -> dict[str, Any]:
                receipt = Receipt(how.by, now_ms, require_clock(tx, now_ms, confirmed_ms=whole.confirmed_ms, by=how.by))
                for part in parts.applications:
                    require_living(tx, node, part)
                person = person_in(tx, node, new, receipt) if new else ""
                places = [new_place(tx, who, now_ms) for _ in ready]
                common = shared(places)
                more = {**common, "person": person} if person else common
                pairs = zip(ready, places, strict=True)
                told = [file_in(tx, node, one, place, receipt, more=more) for one, place in pairs]
                missing = note_in(tx, node, person or known, consents, receipt)
                how.also(tx)
                return tell([{**one, "consents_missing": missing} for one in told], common)

            return answer_once(tx, how.request, receive, status=CREATED, now_ms=now_ms)

        return node.write(work)


def _made_ready(node: Node, parts: Parts, how: Taking, stack: ExitStack) -> list[Ready]:
    """Each part ready to be filed. A photo that several ask for is made fit once; what it was before belongs to the
    first of them."""
    fit: dict[bytes, Photo] = {}
    ready = []
    for part in parts.applications:
        drawn = draw_on_record(node, parts.items[part.item], part, most_days=how.on_file_days)
        fresh = tuple(_without(one, fit) for one in part.materials)
        taken = stack.enter_context(how.photos.taken(fresh))
        for before, after in zip(fresh, taken.materials, strict=True):
            fit |= {old.content: new for old, new in zip(before.photos, after.photos, strict=True)}
        ready.append(
            made_ready(
                node,
                parts.items,
                part,
                drawn,
                materials=tuple(_fitted(one, fit) for one in part.materials),
                claim=taken.claim,
                largest_photo_bytes=how.photos.largest_bytes,
            )
        )
    return ready


def _without(material: Material, fit: Mapping[bytes, Photo]) -> Material:
    if not material.photos:
        return material
    return replace(material, photos=tuple(photo for photo in material.photos if photo.content not in fit))


def _fitted(material: Material, fit: Mapping[bytes, Photo]) -> Material:
    if not material.photos:
        return material
    return replace(material, photos=tuple(fit[photo.content] for photo in material.photos))
