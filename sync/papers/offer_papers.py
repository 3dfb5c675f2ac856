"""Which papers at a village are to go into a bag: handed in with an application, and in no bag that counts.

What the village decides itself stays with it; of cases that were withdrawn or returned the citizen takes papers back.

Must not know: how they are chosen, who carries them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sync.casework.find_case import find_cases
from sync.node.case_list import Narrow, list_cases
from sync.node.node import Node
from sync.records.events import LEVELS
from sync.records.handover_table import LET_GO
from sync.records.log import Record
from sync.records.masks import masked
from sync.store.ledger.bags import papers_of_cases
from sync.store.transaction import Reader

MOST_CASES = 200  # the newest; a village has some fifteen a day, and papers go up within a week
_STATES = (
    *("received", "supplement_before", "accepted", "tolerance", "in_review", "special", "supplement"),
    *("approved", "denied", "completed", "delivered", "reviewed", "archived"),
)
_PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Loose:
    """A paper that is at the village: of a case, its name there; key, by which a form or a client names it."""

    case: str
    receipt_number: str
    material: str
    kind: str
    copies: int
    item_name: str
    applicant: str
    received_at: str

    @property
    def key(self) -> str:
        """The case and the material."""
        return f"{self.case}|{self.material}"

    @property
    def json(self) -> dict[str, Any]:
        """As a bag's list has it: no name, no number of a person."""
        told = {"case": self.case, "receipt_number": self.receipt_number, "material": self.material}
        return {**told, "kind": self.kind, "copies": self.copies}


def offer_papers(node: Node) -> list[Loose]:
    """Every paper that is to go, the earliest receipt first."""
    narrow = Narrow(sid=node.identity.sid, states=_STATES)
    rows = node.read(lambda reader: list_cases(reader, narrow, limit=MOST_CASES)).rows
    cases = find_cases(node, [row.id for row in rows])
    found = [paper for row in reversed(rows) if row.id in cases for paper in _papers(cases[row.id])]
    away = node.read(lambda reader: papers_away(reader, found))
    return [paper for paper in found if paper.key not in away]


def papers_away(reader: Reader, papers: Iterable[Loose]) -> frozenset[str]:
    """The keys of those that are in a bag by now."""
    by_key = {paper.key: paper.case for paper in papers}
    rows = papers_of_cases(reader, sorted(set(by_key.values()))) if by_key else ()
    packed = (f"{paper.case_id}|{paper.material}" for paper, bag in rows if bag.status not in LET_GO)
    return frozenset(key for key in packed if key in by_key)  # a case may have others that are here yet


def _papers(case: Record) -> Iterable[Loose]:
    fields = case.fields
    if fields.get("deciding_level") == LEVELS[0]:
        return
    for material in paper_materials(fields):
        yield Loose(
            case.id,
            str(fields.get("receipt_number", "")),
            str(material.get("name", "")),
            str(material.get("kind", "")),
            int(material.get("copies") or 0),
            str(fields.get("item_name", "")),
            str(masked("applicant_name", fields.get("applicant_name", ""))),
            str(fields.get("received_at", "")),
        )


def paper_materials(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The materials of a case that are paper, each once by its name; what was only photographed is none."""
    listed = fields.get("materials", ())
    papers: dict[str, Mapping[str, Any]] = {}
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("name") and one.get("kind", "") != _PHOTO:
            papers.setdefault(str(one["name"]), one)
    return list(papers.values())
