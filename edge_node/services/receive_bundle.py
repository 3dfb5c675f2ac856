"""一件事: one form and one set of papers become a case for each item, each with its own number; all of them or none.

The cases name each other, the 一件事, and one number they share: the receipt number of the first.

Must not know: how the application came here.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
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
from edge_node.services.matter import Matter
from edge_node.services.prepare_application import Application, Material, Photo, require_lawful
from edge_node.services.receive_application import CREATED
from edge_node.services.take_photos import PhotoIntake
from sync.casework.confirm_clock import require_clock
from sync.errors import Invalid
from sync.node.answer_once import Answer, Request, answer_once, earlier_answer
from sync.node.node import Node
from sync.node.sharing import ensure_homes
from sync.people.materials_on_file import MOST_DAYS
from sync.records.clock import beijing
from sync.store.transaction import Transaction

Problem = tuple[str, str]


def receive_bundle(
    node: Node,
    matter: Matter,
    whole: Application,
    *,
    by: str,
    request: Request | None,
    photos: PhotoIntake,
    photos_refused: str = "",
    on_file_days: int = MOST_DAYS,
    also: Also = nothing_more,
) -> Answer:
    """Take the applications of a 一件事; durable on return.

    whole    what was filled in and handed in for all of it, under the names `matter` gives the fields
    returns  201 with {bundle, bundle_name, bundle_number, applications: [as `receive_application` answers]}
    raises   as `receive_application`
    """
    earlier = earlier_answer(node, request)
    if earlier is not None:
        return earlier
    who = node.identity
    if not who.sid or who.device is None:
        raise NotEnrolled
    now_ms = node.clock()
    parts = _lawful_parts(node, matter, whole, photos)
    if photos_refused and any(material.photos for material in whole.materials):
        raise NoRoomForPhotos(photos_refused)
    with ExitStack() as stack:
        ready = _made_ready(node, matter, parts, photos, stack, on_file_days=on_file_days)
        ensure_homes(node, who.sid)

        def work(tx: Transaction) -> Answer:
            def receive() -> dict[str, Any]:
                quality = require_clock(tx, now_ms, confirmed_ms=whole.confirmed_ms, by=by)
                today = beijing(now_ms).date()
                places = [new_place(tx, who, today) for _ in ready]
                shared = _shared(matter, places)
                receipt = Receipt(by, now_ms, quality)
                told = [
                    file_in(tx, node, one, place, receipt, more=shared)
                    for one, place in zip(ready, places, strict=True)
                ]
                also(tx)
                return {name: shared[name] for name in ("bundle", "bundle_name", "bundle_number")} | {
                    "applications": told
                }

            return answer_once(tx, request, receive, status=CREATED, now_ms=now_ms)

        return node.write(work)


def _shared(matter: Matter, places: Sequence[Place]) -> dict[str, Any]:
    """What every case of a 一件事 says of it."""
    return {
        "bundle": matter.code,
        "bundle_name": matter.name,
        "bundle_number": places[0].receipt_number,
        "bundle_cases": [
            {"id": place.case_id, "item_name": item.name, "receipt_number": place.receipt_number}
            for item, place in zip(matter.items, places, strict=True)
        ],
    }


def _lawful_parts(node: Node, matter: Matter, whole: Application, photos: PhotoIntake) -> tuple[Application, ...]:
    """The applications item by item, every one in order; raises Invalid naming everything wrong with any of them."""
    if not matter.takes_cases:
        raise Invalid("填写有误", fields=[("bundle", f"“{matter.name}”现在不收新件")])
    problems = matter.strange(whole)
    parts = matter.applications(whole)
    today = node.today()
    for part in parts:
        try:
            require_lawful(
                {item.code: item for item in matter.items},
                part,
                today=today,
                largest_photo_bytes=photos.largest_bytes,
                will_be_fit=photos.fitter.is_on,
            )
        except Invalid as refusal:
            problems += _of_whole(matter, whole, part, refusal.fields)
    if problems:
        raise Invalid("填写有误，请检查标出的各项", fields=dict.fromkeys(problems))
    return parts


def _of_whole(matter: Matter, whole: Application, part: Application, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a part by the names of the whole."""
    rows = {one.name: row for row, one in enumerate(whole.materials)}
    told = []
    for place, sentence in problems:
        kind, _, rest = place.partition(".")
        if kind == "fields":
            place = f"fields.{matter.keys.get((part.item, rest), rest)}"
        elif kind == "materials" and rest:
            row, _, more = rest.partition(".")
            place = ".".join(filter(None, ("materials", str(rows[part.materials[int(row)].name]), more)))
        told.append((place, sentence))
    return told


def _made_ready(
    node: Node,
    matter: Matter,
    parts: Sequence[Application],
    photos: PhotoIntake,
    stack: ExitStack,
    *,
    on_file_days: int,
) -> list[Ready]:
    """Each part ready to be filed. A photo that several ask for is made fit once; what it was before belongs to the
    first of them."""
    items = {item.code: item for item in matter.items}
    fit: dict[bytes, Photo] = {}
    ready = []
    for part in parts:
        drawn = draw_on_record(node, items[part.item], part, most_days=on_file_days)
        fresh = tuple(
            replace(one, photos=tuple(photo for photo in one.photos if photo.content not in fit))
            for one in part.materials
        )
        taken = stack.enter_context(photos.taken(fresh))
        for before, after in zip(fresh, taken.materials, strict=True):
            fit |= {old.content: new for old, new in zip(before.photos, after.photos, strict=True)}
        materials = tuple(_fitted(one, fit) for one in part.materials)
        ready.append(
            made_ready(
                node,
                items,
                part,
                drawn,
                materials=materials,
                claim=taken.claim,
                largest_photo_bytes=photos.largest_bytes,
            )
        )
    return ready


def _fitted(material: Material, fit: Mapping[bytes, Photo]) -> Material:
    return replace(material, photos=tuple(fit[photo.content] for photo in material.photos))
