"""The papers an item asks for and a case has not got, and those that a notice named and that have not come since.

Must not know: what waits for them, routes.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sync.records.case_table import BEFORE_DECISION
from sync.records.events import Event
from sync.records.items import Item, Material
from sync.records.log import Record
from sync.records.notices import NOTICE, Gap, gaps_of
from sync.records.signed_papers import SIGNED_PAPERS
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


def papers_that_belong(case: Record, item: Item) -> frozenset[str]:
    """The names of the papers that may be asked for and handed in: of its item, those it has, those signed since."""
    asked_for = {one.name for one in item_of_case(item, case.fields).materials}
    return papers_handed(case).union(asked_for, SIGNED_PAPERS)


def last_notice(case: Record) -> Event | None:
    """The newest 补正告知 of a case."""
    return next((event for event in reversed(case.events) if event.type == NOTICE), None)


def gaps_left(case: Record) -> list[Gap]:
    """What the last notice names and has not come since; of what names no material nobody can tell, and it stays."""
    notice = last_notice(case)
    if notice is None:
        return []
    before = _papers(case.events[: case.events.index(notice) + 1])
    came = {name for name, paper in _papers(case.events).items() if paper != before.get(name)}
    return [gap for gap in gaps_of(notice) if gap.material not in came]


def still_asked_for(case: Record, item: Item | None, brought: Collection[str] = ()) -> list[str]:
    """The papers the last notice names that have come neither since nor with those brought now.

    One that may follow (可容缺) holds nothing up where the notice names others; a promise has a day of its own.
    """
    notice = last_notice(case)
    named = [gap.material for gap in gaps_of(notice) if gap.material] if notice else []
    may_follow = {one.name for one in item_of_case(item, case.fields).materials if one.may_follow} if item else set()
    awaited = [name for name in named if name not in may_follow] or named
    left = {gap.material for gap in gaps_left(case)}.difference(brought)
    return [name for name in awaited if name in left]


def _papers(events: Sequence[Event]) -> dict[str, Mapping[str, Any]]:
    """The papers of a case by name, as the last of these events leaves them."""
    rows: object = next((event.set["materials"] for event in reversed(events) if "materials" in event.set), [])
    return {str(row.get("name", "")): row for row in rows if isinstance(row, dict)} if isinstance(rows, list) else {}
