"""补交材料: what was missing when the application was taken, or was asked for since, is brought to the station.

Where the case waits for it, it goes on with that (补正提交); else the papers are added and nothing moves. A paper that
was signed in the course of the case is nothing it waits for.
Papers and photos stand beside those handed in before; nothing handed in is ever taken away.

Must not know: how it was brought.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _
from edge_node.services.prepare_application import Material, named_material, photo_problems
from edge_node.services.take_photos import PhotoIntake, keep_chunks
from sync.casework.act_on_case import act_on_case
from sync.casework.missing_papers import papers_handed
from sync.errors import Forbidden, Invalid
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, earlier_answer
from sync.node.node import Node
from sync.records.application import MAX_PHOTOS
from sync.records.ids import blobs_database, sid_of
from sync.records.log import Record
from sync.records.signed_papers import SIGNED_PAPERS
from sync.records.situations import item_of_case
from sync.store.transaction import Transaction
from sync.values.documents import Document

_WAITING = ("supplement_before", "supplement", "tolerance")


def supplement_case(
    node: Node,
    case_id: str,
    materials: Sequence[Material],
    doer: Doer,
    *,
    photos: PhotoIntake,
    photos_refused: str = "",
) -> Answer:
    """Add papers to a case of this station; see `act_on_case`.

    doer    its reason says what was brought, where there is no paper to name
    photos_refused  why no photos can be kept now; papers are taken without
    raises  Invalid naming every wrong field, a paper that the item does not ask for in this situation among them;
            NoRoomForPhotos; Forbidden where another station took the application
    """
    problems = photo_problems(materials, photos.largest_bytes)
    if not materials and not doer.reason:
        problems.append(("materials", _("Tick the materials that are handed in, or say in the remark what is")))
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    earlier = earlier_answer(node, doer.request)
    if earlier is not None:
        return earlier
    own = node.identity.sid
    if sid_of(case_id) != own:
        raise Forbidden(_("More materials are handed in at the station that received the case"))
    if photos_refused and any(material.photos for material in materials):
        raise NoRoomForPhotos(photos_refused)
    node.ensure_database(blobs_database(own))
    node.catalogue.items()  # within the transaction it is taken as last read
    with photos.taken(materials) as taken:
        chunks: dict[str, Document] = {}
        brought = [named_material(material, chunks) for material in taken.materials]

        def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
            if not brought:
                return {}
            _require_asked_for(node, case, brought)
            keep_chunks(tx, node, own, tuple(chunks.values()))
            taken.claim(tx, case_id)
            return {"materials": _joined(case.fields.get("materials"), brought)}

        only_signed = bool(brought) and all(one["name"] in SIGNED_PAPERS for one in brought)
        return act_on_case(node, case_id, _filing if only_signed else _supplementing, doer, fill=fill)


def _require_asked_for(node: Node, case: Record, brought: Sequence[Mapping[str, Any]]) -> None:
    """Refuse papers that belong to another case; those of an item that is not known here nobody can tell."""
    item = node.catalogue.item_of(case.fields)
    if item is None:
        return
    asked_for = {one.name for one in item_of_case(item, case.fields).materials}
    names = asked_for | papers_handed(case) | set(SIGNED_PAPERS)
    strange = [
        (f"materials.{row}.name", _("The item needs no material “%(name)s”", name=one["name"]))
        for row, one in enumerate(brought)
        if one["name"] not in names
    ]
    if strange:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=strange)


def _supplementing(case: Record) -> str:
    return "supplemented" if case.status in _WAITING else "materials_added"


def _filing(case: Record) -> str:
    return "materials_added"


def _joined(before: object, brought: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The papers of a case with those brought now; photos of the same paper stand together."""
    papers = [dict(paper) for paper in before if isinstance(paper, dict)] if isinstance(before, list) else []
    for one in brought:
        known = next((paper for paper in papers if paper.get("name") == one["name"]), None)
        if known is None:
            papers.append(one)
            continue
        photos = [*known.get("photos", ()), *one["photos"]]
        if len(photos) > MAX_PHOTOS:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[
                    (
                        "materials",
                        _(
                            "The photos of %(paper)s are more than %(most)s together",
                            paper=one["name"],
                            most=MAX_PHOTOS,
                        ),
                    )
                ],
            )
        known |= {**one, "photos": photos}
    return papers
