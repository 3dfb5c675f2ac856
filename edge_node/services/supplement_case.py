"""补交材料: what was missing when the application was taken, or was asked for since, is brought to the station.

Where the case waits for it, it goes on with that (补正提交); else the papers are added and nothing moves. While papers
that the notice names are missing, it waits on: what came is kept, and its clock does not run before the rest has come,
or a remark alone says why it may go on without. A paper that was signed in the course of the case is nothing it waits
for. What stands on a paper and was left open in the form (the number of a 银行卡) may be filled in with it.

A paper that several cases of a 一件事 lack is brought once: those that are named get it in the same step.

Must not know: how it was brought.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from edge_node.messages import _
from edge_node.services.file_papers import filing, joined_papers
from edge_node.services.prepare_application import Material, photo_problems
from edge_node.services.take_photos import PhotoIntake
from sync.casework.act_on_case import BesideCase, act_on_case
from sync.casework.correct_case import fields_to_keep
from sync.casework.find_case import find_case
from sync.casework.missing_papers import lacking, last_notice, papers_that_belong, still_asked_for
from sync.errors import Invalid
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer, earlier_answer
from sync.node.node import Node
from sync.papers.shared_sheets import kin_of
from sync.records.log import Record
from sync.records.notices import gaps_of
from sync.records.paper_fields import fields_on
from sync.records.signed_papers import SIGNED_PAPERS
from sync.store.transaction import Transaction

_TOLD_OF_GAPS = ("supplement_before", "supplement")
_WAITING = (*_TOLD_OF_GAPS, "tolerance")


def supplement_case(
    node: Node,
    case_id: str,
    materials: Sequence[Material],
    doer: Doer,
    *,
    photos: PhotoIntake,
    photos_refused: str = "",
    fields: Mapping[str, str] = MappingProxyType({}),
    also_for: Collection[str] = (),
) -> Answer:
    """Add papers to a case of this station; see `act_on_case`.

    doer    its reason says what was brought, where there is no paper to name
    photos_refused  why no photos can be kept now; papers are taken without
    fields  {name: what was filled in} of the form, of what stands on these papers and was left open
    also_for  ids of other cases of its 一件事: each gets what it lacks of these papers, or nothing
    returns  as `act_on_case`, and `also`: what was done to each of those that got something
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
    node.catalogue.items()  # within the transaction it is taken as last read
    others = _others(node, case_id, also_for)
    with filing(node, case_id, materials, photos=photos, photos_refused=photos_refused) as filed:
        brought = filed.named

        def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
            if not brought:
                return _filled_in(node, case, (), fields)
            _require_asked_for(node, case, brought)
            return {**filed.fill(tx, case), **_filled_in(node, case, brought, fields)}

        def fill_other(tx: Transaction, case: Record) -> Mapping[str, Any]:
            came, first = _lacked(node, case, brought), find_case(tx, node, case_id)
            return {**joined_papers(case, came), **_filled_alike(node, case, came, fields, first)}

        def choose_other(case: Record) -> str:
            came = _lacked(node, case, brought)
            return _act_by(node, case, came) if came else ""

        return act_on_case(
            node,
            case_id,
            lambda case: _act_by(node, case, brought),
            doer,
            fill=fill,
            beside=[BesideCase(one, choose_other, fill_other) for one in others],
        )


def _others(node: Node, case_id: str, also_for: Collection[str]) -> list[str]:
    """The other cases that get it, too, in the order of the 一件事; raises Invalid naming those that are none of it."""
    if not also_for:
        return []
    case = node.read(lambda reader: find_case(reader, node, case_id))
    ids = kin_of(case)
    strange = [
        (f"also_for.{row}", _("This case does not belong to the same bundle"))
        for row, one in enumerate(also_for)
        if one not in ids
    ]
    if strange:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=strange)
    return [one for one in ids if one in also_for]


def _lacked(node: Node, case: Record, brought: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a case lacks of the papers that were brought."""
    names = {one["name"] for one in lacking(case, node.catalogue.item_of(case.fields))}
    return [one for one in brought if one["name"] in names]


def _act_by(node: Node, case: Record, brought: Sequence[Mapping[str, Any]]) -> str:
    """What it is called that papers came to a case, which says whether it goes on."""
    only_signed = bool(brought) and all(one["name"] in SIGNED_PAPERS for one in brought)
    if only_signed or case.status not in _WAITING or (brought and _waits_on(node, case, brought)):
        return "materials_added"
    return "supplemented"


def _waits_on(node: Node, case: Record, brought: Sequence[Mapping[str, Any]]) -> bool:
    """Whether papers the last notice names are missing yet, these brought."""
    item = node.catalogue.item_of(case.fields)
    return case.status in _TOLD_OF_GAPS and bool(still_asked_for(case, item, [one["name"] for one in brought]))


def _require_asked_for(node: Node, case: Record, brought: Sequence[Mapping[str, Any]]) -> None:
    """Refuse papers that belong to another case; those of an item that is not known here nobody can tell."""
    item = node.catalogue.item_of(case.fields)
    if item is None:
        return
    notice = last_notice(case)  # one of before may name what no item asks for
    told = {gap.material for gap in gaps_of(notice)} if notice else set()
    names = papers_that_belong(case, item) | told
    strange = [
        (f"materials.{row}.name", _("The item needs no material “%(name)s”", name=one["name"]))
        for row, one in enumerate(brought)
        if one["name"] not in names
    ]
    if strange:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=strange)


def _filled_in(
    node: Node, case: Record, brought: Sequence[Mapping[str, Any]], fields: Mapping[str, str]
) -> Mapping[str, str]:
    """What was filled in with the papers that it stands on, as records keep it."""
    typed = {name: text for name, text in fields.items() if text.strip()}
    if not typed:
        return {}
    item = node.catalogue.item_of(case.fields)
    filled = [name for name, value in case.fields.items() if value != ""]
    named = {field.name for one in brought for field in (fields_on(one["name"], item, filled) if item else ())}
    strange = [
        (f"fields.{name[:20]}", _("This is filled in with the material it stands on, and only where nothing is yet"))
        for name in typed
        if name not in named
    ]
    if strange:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=strange)
    return fields_to_keep(node, case, typed, node.today())


def _filled_alike(
    node: Node, case: Record, came: Sequence[Mapping[str, Any]], fields: Mapping[str, str], first: Record
) -> Mapping[str, str]:
    """Of what was filled in with papers of the first case, what another one left open and asks for alike."""
    item, asked_first = node.catalogue.item_of(case.fields), node.catalogue.item_of(first.fields)
    if item is None or asked_first is None:
        return {}
    filled = [name for name, value in case.fields.items() if value != ""]
    alike = {
        field.name
        for one in came
        for field in fields_on(one["name"], item, filled)
        if any(field.name == other.name and field.asks_as(other) for other in asked_first.fields)
    }
    typed = {name: text for name, text in fields.items() if name in alike and text.strip()}
    return fields_to_keep(node, case, typed, node.today()) if typed else {}
