"""The papers an item asks for and a case has not got.

Must not know: what waits for them, routes.
"""

from typing import Any

from sync.records.case_table import BEFORE_DECISION
from sync.records.items import Item, Material
from sync.records.log import Record
from sync.records.situations import item_of_case


def lacking(case: Record, item: Item | None) -> list[dict[str, Any]]:
    """The papers asked for that a case has not got, while they may still be handed in: [{"name", "may_follow"}]."""
    if item is None or case.status not in BEFORE_DECISION:
        return []
    return [{"name": one.name, "may_follow": one.may_follow} for one in papers_lacking(case, item)]


def papers_lacking(case: Record, item: Item) -> list[Material]:
    """The papers a case has not got of those that its item asks for in its situation, necessary or to follow."""
    handed = papers_handed(case)
    asked_for = item_of_case(item, case.fields).materials
    return [one for one in asked_for if (one.required or one.may_follow) and one.name not in handed]


def promised_and_lacking(case: Record) -> list[str]:
    """The papers that were promised when a case was accepted with tolerance (容缺受理) and have not come."""
    promised = case.fields.get("tolerance_materials")
    handed = papers_handed(case)
    return [
        name
        for name in (promised if isinstance(promised, list) else ())
        if isinstance(name, str) and name not in handed
    ]


def papers_handed(case: Record) -> frozenset[str]:
    """The names of the papers a case has."""
    papers = case.fields.get("materials")
    names = (paper.get("name") for paper in (papers if isinstance(papers, list) else ()) if isinstance(paper, dict))
    return frozenset(name for name in names if isinstance(name, str))
