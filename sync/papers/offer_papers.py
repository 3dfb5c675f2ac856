"""Which papers at a village are to go into a bag: handed in with an application, and in no bag that counts.

What the village decides itself stays with it; of cases that were withdrawn or returned the citizen takes papers back.
The original of what an authority issued (身份证, 户口簿) is looked at and goes home with its holder: it may be packed,
and is not meant to be.

Must not know: how they are chosen, who carries them.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sync.casework.find_case import find_cases
from sync.messages import _
from sync.node.lists.case_list import Narrow, list_cases
from sync.node.node import Node
from sync.records.case_table import BEFORE_DECISION
from sync.records.events import LEVELS
from sync.records.handover_table import LET_GO
from sync.records.ids import parse_record_id
from sync.records.items import Source
from sync.records.log import Record
from sync.records.masks import masked
from sync.records.taken_as import ORIGINAL, stays, taken_as
from sync.store.ledger.bags import papers_of_cases
from sync.store.transaction import Reader
from sync.typed import Value

MOST_CASES = 200  # of a page; a village has some fifteen a day, and papers go up within a week
_MOST_LOOKS = 5  # pages of cases that one request reads
_BETWEEN = "|"
_STATES = (
    *BEFORE_DECISION,
    *("approved", "denied", "completed", "delivered", "reviewed", "archived"),
)


class Loose(Value):
    """A paper that is at the village: of a case, its name there; key, by which a form or a client names it.

    kind_name  how it was taken, in words
    goes_home  whether its holder usually took it along
    """

    case: str
    receipt_number: str
    material: str
    kind: str
    kind_name: str
    copies: int
    item_name: str
    applicant: str
    received_at: str
    goes_home: bool

    @property
    def key(self) -> str:
        """The case and the material."""
        return f"{self.case}{_BETWEEN}{self.material}"

    @property
    def json(self) -> dict[str, Any]:
        """As a bag's list has it: no name, no number of a person."""
        told = {"case": self.case, "receipt_number": self.receipt_number, "material": self.material}
        return {**told, "kind": self.kind, "copies": self.copies}


class Offered(Value):
    """A page of papers, the earliest receipt first; next, where older ones are to be looked for, "" for nowhere."""

    papers: tuple[Loose, ...]
    next: str


def offer_papers(node: Node, *, cursor: str = "") -> Offered:
    """Papers that are to go: of the newest cases, or of those that a page before this one led to.

    Cases of which nothing is left are passed over; after a thousand of these in a row a page is empty and goes on.

    cursor  the `next` of the page before; "" for the first
    raises  BadRequest on a cursor that is none
    """
    narrow = Narrow(sid=node.identity.sid, states=_STATES)
    for _look in range(_MOST_LOOKS):
        page = node.read(partial(list_cases, narrow=narrow, cursor=cursor, limit=MOST_CASES))
        cases = find_cases(node, [row.id for row in page.rows])
        found = [paper for row in reversed(page.rows) if row.id in cases for paper in _papers(node, cases[row.id])]
        away = node.read(partial(papers_away, papers=found))
        papers, cursor = tuple(paper for paper in found if paper.key not in away), page.next
        if papers or not cursor:
            break
    return Offered(papers, cursor)


def papers_named(node: Node, keys: Iterable[str]) -> dict[str, Loose]:
    """{key: paper} of those that are to go of the ones named, whichever page they stand on."""
    wanted = frozenset(keys)
    ids = {key.partition(_BETWEEN)[0] for key in wanted}
    cases = find_cases(node, sorted(one for one in ids if _is_ours(one, node.identity.sid)))
    found = [paper for case in cases.values() if case.status in _STATES for paper in _papers(node, case)]
    return {paper.key: paper for paper in found if paper.key in wanted}


def _is_ours(case_id: str, sid: str) -> bool:
    parts = parse_record_id(case_id)
    return parts is not None and (parts.type, parts.sid) == ("case", sid)


def papers_away(reader: Reader, papers: Iterable[Loose]) -> frozenset[str]:
    """The keys of those that are in a bag by now."""
    by_key = {paper.key: paper.case for paper in papers}
    rows = papers_of_cases(reader, sorted(set(by_key.values()))) if by_key else ()
    packed = (f"{paper.case_id}{_BETWEEN}{paper.material}" for paper, bag in rows if bag.status not in LET_GO)
    return frozenset(key for key in packed if key in by_key)  # a case may have others that are here yet


def _papers(node: Node, case: Record) -> Iterable[Loose]:
    fields = case.fields
    if fields.get("deciding_level") == LEVELS[0]:
        return
    issued = _issued(node, fields)
    for material in paper_materials(fields):
        yield Loose(
            case.id,
            str(fields.get("receipt_number", "")),
            str(material.get("name", "")),
            str(material.get("kind", "")),
            taken_as(material) or _("on paper"),
            int(material.get("copies") or 0),
            str(fields.get("item_name", "")),
            str(masked("applicant_name", fields.get("applicant_name", ""))),
            str(fields.get("received_at", "")),
            material.get("kind") == ORIGINAL and material.get("name") in issued,
        )


def _issued(node: Node, fields: Mapping[str, Any]) -> frozenset[str]:
    """The names of the papers of a case that authorities issue."""
    item = node.catalogue.item_of(fields)
    return frozenset(one.name for one in item.materials if one.source is Source.GOVERNMENT) if item else frozenset()


def paper_materials(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The materials of a case of which paper stayed, each once by its name."""
    listed = fields.get("materials", ())
    papers: dict[str, Mapping[str, Any]] = {}
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("name") and stays(one):
            papers.setdefault(str(one["name"]), one)
    return list(papers.values())
