"""纸质材料: where the papers of a case are, beside how far its data has come; told by 材料交接单 and nothing else.

A bag is on its way until those above say that they took it; nobody's data arriving says so.

Must not know: how it is shown.
"""

from typing import Any

from sync.casework.find_case import find_case
from sync.messages import _
from sync.node.node import Node
from sync.papers.offer_papers import paper_materials
from sync.records.bag_number import short_bag_number
from sync.store.ledger.bags import Bag, BagPaper, papers_of_cases

_AT_TOWNSHIP = ("taken", "short", "complete")


def place_papers(node: Node, case_id: str) -> list[dict[str, Any]]:
    """[{"material", "where", "sentence", "bag", "short_number"}], one for each paper, in the case's order; () for none.

    where    station, packed, on_the_way, township or missing;  bag, the id of the 交接单 that says so, "" for none
    raises   NotFound
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    latest: dict[str, tuple[BagPaper, Bag]] = {}
    for paper, bag in node.read(lambda reader: papers_of_cases(reader, [case_id])):
        if bag.status != "void":
            latest[paper.material] = (paper, bag)
    names = [str(one["name"]) for one in paper_materials(case.fields)]
    return [_placed(name, latest.get(name)) for name in dict.fromkeys((*names, *latest))]


def _placed(material: str, found: tuple[BagPaper, Bag] | None) -> dict[str, Any]:
    if found is None:
        return {
            "material": material,
            "where": "station",
            "sentence": _("at the village station"),
            "bag": "",
            "short_number": "",
        }
    paper, bag = found
    short = short_bag_number(bag.bag_number)
    where, sentence = _where(paper, bag, _("bag slip %(number)s", number=short))
    return {"material": material, "where": where, "sentence": sentence, "bag": bag.id, "short_number": short}


def _where(paper: BagPaper, bag: Bag, named: str) -> tuple[str, str]:
    if bag.status in _AT_TOWNSHIP:
        return (
            ("missing", _("missing, %(slip)s", slip=named))
            if paper.missing
            else ("township", _("at the township, %(slip)s", slip=named))
        )
    if bag.status == "handed":
        return "on_the_way", _("on its way, %(slip)s", slip=named)
    if bag.status == "given_back":
        return "station", _("given back to the village station, %(slip)s", slip=named)
    return "packed", _("at the village station, packed, %(slip)s", slip=named)
