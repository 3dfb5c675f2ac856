"""纸质材料: where the papers of a case are, beside how far its data has come; told by 材料交接单 and nothing else.

A bag is on its way until those above say that they took it; nobody's data arriving says so. A sheet that cases of a
一件事 share is where the list says that names it under any of them. What was handed in again is in no bag of before:
where the sheet of before is, is told beside it. What was counted as there is there, whatever a later list says that
was made by who did not know. That a bag was given back nobody signs at the village: it is said so, until its papers
are packed anew.

Must not know: how it is shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.casework.find_case import find_case
from sync.messages import _
from sync.node.node import Node
from sync.papers.offer_papers import given_back_last, paper_materials
from sync.papers.shared_sheets import sheets_of, with_kin
from sync.records.bag_number import short_bag_number
from sync.records.handover_table import COUNTED, LET_GO
from sync.records.receipt_number import short_number
from sync.store.ledger.bags import Bag, BagPaper, papers_of_cases

_Listed = tuple[BagPaper, Bag]


def place_papers(node: Node, case_id: str) -> list[dict[str, Any]]:
    """[{"material", "where", "sentence", "bag", "short_number", "listed_with", "earlier"}], one for each paper, in
    the case's order; () for none.

    where    station, packed, on_the_way, township, missing or given_back
    bag      the id of the 交接单 that says so, "" for none
    listed_with  the receipt number of the other case of its 一件事 with which that lists a sheet they share, or ""
    earlier  where the sheet is in whose place this one was handed in, as `sentence`; "" where there is none away
    raises   NotFound
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    sheets = sheets_of(case, with_kin(node, {case.id: case}))
    numbers = {one.case: one.receipt_number for sheet in sheets.values() for one in sheet.shared_with}
    listed: dict[str, list[_Listed]] = {}
    before: dict[str, list[_Listed]] = {}
    for paper, bag in node.read(lambda reader: papers_of_cases(reader, [case_id, *numbers])):
        sheet, is_own = sheets.get(paper.material), paper.case_id == case_id
        if sheet.is_in_bag(paper.case_id, bag.packed_at) if sheet else is_own:
            listed.setdefault(paper.material, []).append((paper, bag))
        elif bag.status not in LET_GO and is_own:
            before.setdefault(paper.material, []).append((paper, bag))
    names = dict.fromkeys((*(str(one["name"]) for one in paper_materials(case.fields)), *_ever_went(listed)))
    return [
        {
            **_placed(name, _latest(listed.get(name, ()), case_id), numbers),
            "earlier": _placed(name, _latest(before.get(name, ()), case_id), numbers)["sentence"]
            if name in before
            else "",
        }
        for name in names
    ]


def _ever_went(listed: Mapping[str, Sequence[_Listed]]) -> list[str]:
    """The names that stand in a bag which was not made void."""
    return [name for name, rows in listed.items() if any(bag.status != "void" for _paper, bag in rows)]


def is_there(paper: BagPaper, bag: Bag) -> bool:
    """Whether those above counted it as there."""
    return bag.status in COUNTED and not paper.missing


def _latest(listed: Sequence[_Listed], case_id: str) -> _Listed | None:
    """What says where a paper is: a bag that has it, one in which it was counted as there before all others, then the
    case's own row; where none has it, one that was given back and not packed anew."""
    having = [(paper, bag) for paper, bag in listed if bag.status not in LET_GO]
    if not having:
        return listed[-1] if given_back_last([bag for _paper, bag in listed]) else None
    ranks = [(is_there(paper, bag), paper.case_id == case_id) for paper, bag in having]
    return next(one for one, rank in zip(reversed(having), reversed(ranks), strict=True) if rank == max(ranks))


def _placed(material: str, found: _Listed | None, numbers: Mapping[str, str]) -> dict[str, Any]:
    told = {"material": material, "where": "station", "sentence": _("at the village station"), "bag": ""}
    if found is None:
        return {**told, "short_number": "", "listed_with": ""}
    paper, bag = found
    short, other = short_bag_number(bag.bag_number), numbers.get(paper.case_id, "")
    where, sentence = _where(paper, bag, _("bag slip %(number)s", number=short))
    if other:
        sentence = _("%(where)s (listed with %(number)s)", where=sentence, number=short_number(other))
    return {**told, "where": where, "sentence": sentence, "bag": bag.id, "short_number": short, "listed_with": other}


def _where(paper: BagPaper, bag: Bag, named: str) -> tuple[str, str]:
    if bag.status in COUNTED:
        return (
            ("missing", _("missing, %(slip)s", slip=named))
            if paper.missing
            else ("township", _("at the township, %(slip)s", slip=named))
        )
    if bag.status == "handed":
        return "on_the_way", _("on its way, %(slip)s", slip=named)
    if bag.status == "given_back":
        return "given_back", _("given back (not signed for at the village station), %(slip)s", slip=named)
    return "packed", _("at the village station, packed, %(slip)s", slip=named)
