"""Papers with their photos go into a case, in the transaction of the act that brings them.

Papers and photos stand beside those handed in before; nothing handed in is ever taken away. Only the station that
received a case files photos of it: they lie among its own.

Must not know: which act it is, how papers were brought.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from edge_node.errors import NoRoomForPhotos
from edge_node.messages import _
from edge_node.services.prepare_application import Material, named_material, photo_problems
from edge_node.services.take_photos import PhotoIntake, keep_chunks
from sync.casework.act_on_case import Fill
from sync.errors import Forbidden, Invalid
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, earlier_answer
from sync.node.node import Node
from sync.records.application import MAX_PHOTOS
from sync.records.ids import blobs_database, sid_of
from sync.records.log import Record
from sync.records.taken_as import joined
from sync.store.transaction import Transaction
from sync.typed import Value
from sync.values.documents import Document


class Filing(Value):
    """Papers that are ready: as records name them, and what puts them into the case, for the act that brings them."""

    named: tuple[Mapping[str, Any], ...]
    fill: Fill


@contextmanager
def filing(
    node: Node, case_id: str, materials: Sequence[Material], *, photos: PhotoIntake, photos_refused: str = ""
) -> Iterator[Filing]:
    """Make the photos of lawful papers fit, to be filed by an act within the block.

    photos_refused  why no photos can be kept now; papers are taken without
    raises  Forbidden where another station took the application; NoRoomForPhotos; Invalid naming a photo
    """
    own = node.identity.sid
    if sid_of(case_id) != own:
        raise Forbidden(_("More materials are handed in at the station that received the case"))
    if photos_refused and any(material.photos for material in materials):
        raise NoRoomForPhotos(photos_refused)
    node.ensure_database(blobs_database(own))
    with photos.taken(materials) as taken:
        chunks: dict[str, Document] = {}
        brought = tuple(named_material(material, chunks) for material in taken.materials)

        def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
            keep_chunks(tx, node, own, tuple(chunks.values()))
            taken.claim(tx, case_id)
            return joined_papers(case, brought)

        yield Filing(brought, fill)


def act_with_paper(
    node: Node,
    case_id: str,
    paper: Material,
    act: Callable[[Fill], Answer],
    doer: Doer,
    *,
    photos: PhotoIntake,
    photos_refused: str = "",
) -> Answer:
    """Do something to a case, and file the paper that was signed for it in the same step.

    act     does it, and sets beside its own fields what it is given
    raises  Invalid naming `photos` of the first paper; as `filing` and the act
    """
    problems = photo_problems((paper,), photos.largest_bytes)
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    earlier = earlier_answer(node, doer.request)
    if earlier is not None:
        return earlier
    with filing(node, case_id, (paper,), photos=photos, photos_refused=photos_refused) as filed:
        return act(filed.fill)


def joined_papers(case: Record, brought: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The field of a case with its papers and those brought now; raises Invalid for too many photos of one."""
    return {"materials": _joined(case.fields.get("materials"), brought)}


def _joined(before: object, brought: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The papers of a case with those brought now; photos of the same paper stand together."""
    papers = [dict(paper) for paper in before if isinstance(paper, dict)] if isinstance(before, list) else []
    for one in brought:
        known = next((paper for paper in papers if paper.get("name") == one["name"]), None)
        if known is None:
            papers.append(dict(one))
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
        papers[papers.index(known)] = {**joined(known, one), "photos": photos}
    return papers
