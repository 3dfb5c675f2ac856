"""The paper that somebody signed for a consent is photographed: with the consent, or later.

The photo is made fit, its chunks go into the station's photos and its name into the person's record, in one
transaction; so it travels and is signed for as those of cases are.

Must not know: how it was brought, which consents there are.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _
from edge_node.services.prepare_application import Material, Photo, named_material, photo_problems
from edge_node.services.take_photos import PhotoIntake, Taken, keep_chunks
from sync.errors import Forbidden, Invalid
from sync.messages import N_
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, earlier_answer
from sync.node.node import Node
from sync.people.give_consent import add_consent_photos, give_consent
from sync.records.application import MAX_PHOTOS
from sync.records.ids import blobs_database, sid_of
from sync.store.transaction import Transaction
from sync.typed import Value, replace
from sync.values.documents import Document

_ONLY_A_PHOTO = N_("Signed paper photographed and filed")


class Terms(Value):
    """On which terms a consent is given together with its paper: as `give_consent` has them."""

    means: str
    until: str = ""
    agent: str = ""
    agent_id_number: str = ""
    scope: str = ""


def file_signed_paper(
    node: Node,
    person_id: str,
    kind: str,
    photos: Sequence[Photo],
    doer: Doer,
    *,
    intake: PhotoIntake,
    photos_refused: str = "",
    item: str = "",
    terms: Terms | None = None,
) -> Answer:
    """Keep photos of a signed paper with its consent; see `act_on_person`.

    kind, item  which consent, the item with 代办委托;  terms, to give it now; None where it was given before
    photos_refused  why no photos can be kept now
    raises  Invalid naming every wrong field; NoRoomForPhotos; Forbidden where another station registered the person
    """
    if not photos or len(photos) > MAX_PHOTOS:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("photos", _("Take or choose photos, at most %(most)s", most=MAX_PHOTOS))],
        )
    paper = Material(_("Signed paper"), tuple(photos))
    problems = photo_problems((paper,), intake.largest_bytes)
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=_placed(problems))
    earlier = earlier_answer(node, doer.request)
    if earlier is not None:
        return earlier
    own = node.identity.sid
    if sid_of(person_id) != own:
        raise Forbidden(_("Signed papers are photographed by the station that registered the person"))
    if photos_refused:
        raise NoRoomForPhotos(photos_refused)
    node.ensure_database(blobs_database(own))
    with ExitStack() as stack:
        taken = _taken(stack, intake, paper)
        chunks: dict[str, Document] = {}
        named: Sequence[Mapping[str, Any]] = named_material(taken.materials[0], chunks)["photos"]

        def file(tx: Transaction) -> Sequence[Mapping[str, Any]]:
            keep_chunks(tx, node, own, tuple(chunks.values()))
            taken.claim(tx, person_id)
            return named

        if terms is None:
            told = replace(doer, reason=doer.reason or _(_ONLY_A_PHOTO))
            return add_consent_photos(node, person_id, kind, told, item=item, file=file)
        errand = {
            "item": item,
            "agent": terms.agent,
            "agent_id_number": terms.agent_id_number,
            "scope": terms.scope,
        }
        return give_consent(node, person_id, kind, doer, means=terms.means, until=terms.until, errand=errand, file=file)


def _taken(stack: ExitStack, intake: PhotoIntake, paper: Material) -> Taken:
    try:
        return stack.enter_context(intake.taken((paper,)))
    except Invalid as refusal:
        raise Invalid(refusal.reason, fields=_placed(refusal.fields)) from None


def _placed(problems: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """By the names a client sent them under."""
    return [(place.removeprefix("materials.0."), sentence) for place, sentence in problems]
