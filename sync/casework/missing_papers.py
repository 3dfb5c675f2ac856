"""The papers an item asks for and a case has not got; and that nobody accepts it as complete without them.

Whether the state allows an act is the table's affair, and events of nodes that know no such rule stay valid: this one
is for whoever accepts here.

Must not know: who may ask, routes.
"""

from typing import Any

from sync.casework.read_clocks import clocks_of
from sync.errors import Forbidden
from sync.messages import _
from sync.node.node import Node
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
    papers = case.fields.get("materials", ())
    handed = {paper.get("name") for paper in papers if isinstance(paper, dict)} if isinstance(papers, list) else set()
    asked_for = item_of_case(item, case.fields).materials
    return [one for one in asked_for if (one.required or one.may_follow) and one.name not in handed]


def require_complete(node: Node, case: Record) -> None:
    """Refuse to accept a case that papers are missing of.

    Once the five working days of the answer have run out the application counts as accepted from its receipt
    (行政许可法 art. 32): then it may be written down, whatever is missing. What is asked for by an item that this
    node does not know, nobody can say.

    raises  Forbidden, saying what is missing and what may be done
    """
    item = node.catalogue.item_of(case.fields.get("item"), case.fields.get("item_version"))
    if item is None or case.status != "received":
        return
    missing = papers_lacking(case, item)
    if not missing or _counts_as_accepted(node, case):
        return
    names = _(", ").join(one.name for one in missing)
    if all(one.may_follow for one in missing):
        raise Forbidden(
            _(
                "It cannot be accepted as complete, still lacking: %(materials)s. Either accept it with tolerance, "
                "against a signed promise and a day; or tell the applicant at one time what is missing (ask to "
                "supplement)",
                materials=names,
            )
        )
    raise Forbidden(
        _(
            "It cannot be accepted, still lacking: %(materials)s. Tell the applicant at one time what is missing "
            "(ask to supplement)",
            materials=names,
        )
    )


def _counts_as_accepted(node: Node, case: Record) -> bool:
    clocks = clocks_of(node, case, node.catalogue.calendar())
    return clocks is not None and clocks.deemed_accepted
