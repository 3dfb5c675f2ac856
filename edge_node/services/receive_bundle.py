"""一件事: one form and one set of papers become a case for each item, each with its own number; all of them or none.

The cases name each other, the 一件事, and one number they share: the receipt number of the first.

Must not know: how the application came here.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from edge_node.messages import _
from edge_node.services.file_application import Place
from edge_node.services.matter import Matter
from edge_node.services.prepare_application import Application, require_lawful
from edge_node.services.take_parts import Parts, Taking, Told, take_parts
from edge_node.services.take_photos import PhotoIntake
from sync.errors import Invalid
from sync.node.acts.answer_once import Answer
from sync.node.node import Node

Problem = tuple[str, str]


def receive_bundle(node: Node, matter: Matter, whole: Application, how: Taking) -> Answer:
    """Take the applications of a 一件事; durable on return.

    whole    what was filled in and handed in for all of it, under the names `matter` gives the fields
    returns  201 with {bundle, bundle_name, bundle_number, applications: [as `receive_application` answers]}
    raises   as `receive_application`
    """
    items = {item.code: item for item in matter.items}

    def tell(told: Sequence[Told], shared: Told) -> dict[str, Any]:
        named = {name: shared[name] for name in ("bundle", "bundle_name", "bundle_number")}
        return {**named, "applications": list(told)}

    return take_parts(
        node,
        whole,
        how,
        lawful=lambda: Parts(items, _lawful_parts(node, matter, whole, how.photos)),
        shared=lambda places: _shared(matter, places),
        tell=tell,
    )


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
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("bundle", _("“%(name)s” takes no new cases now", name=matter.name))],
        )
    problems = matter.strange(whole)
    parts = matter.applications(whole)
    today = node.today()
    for part in parts:
        try:
            require_lawful(
                {item.code: matter.as_asked(item) for item in matter.items},
                part,
                today=today,
                largest_photo_bytes=photos.largest_bytes,
                will_be_fit=photos.fitter.is_on,
            )
        except Invalid as refusal:
            problems += _of_whole(matter, whole, part, refusal.fields)
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=dict.fromkeys(problems))
    return parts


def _of_whole(matter: Matter, whole: Application, part: Application, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a part by the names of the whole."""
    rows = {one.name: row for row, one in enumerate(whole.materials)}
    told = []
    for place, sentence in problems:
        kind, _dot, rest = place.partition(".")
        if kind == "fields":
            place = f"fields.{matter.keys.get((part.item, rest), rest)}"
        elif kind == "situations":
            place = f"situations.{matter.situation_key(part.item, rest)}"
        elif kind == "materials" and rest:
            row, _dot, more = rest.partition(".")
            place = ".".join(filter(None, ("materials", str(rows[part.materials[int(row)].name]), more)))
        told.append((place, sentence))
    return told
