"""Which papers at a village are to go into a bag: handed in with an application, and in no bag that counts.

What the village decides itself stays with it; of cases that were withdrawn or returned the citizen takes papers back.
The original of what an authority issued (身份证, 户口簿) is looked at and goes home with its holder: it may be packed,
and is not meant to be. A sheet that cases of a 一件事 share is one paper: it is offered with the first of them, and
lies in no second bag. What was handed in again is another sheet than the one that a bag of before holds.
What was given back is offered, and said to be so: nobody signs at the village that it is there, but for who packs it.

Must not know: how they are chosen, who carries them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sync.casework.find_case import find_cases
from sync.messages import _
from sync.node.lists.case_list import Narrow, list_cases
from sync.node.node import Node
from sync.papers.shared_sheets import Shared, Sheet, sheets_of, with_kin
from sync.records.bag_number import short_bag_number
from sync.records.case_table import BEFORE_DECISION
from sync.records.events import LEVELS
from sync.records.handover_table import LET_GO
from sync.records.ids import parse_record_id
from sync.records.items import Source
from sync.records.log import Record
from sync.records.masks import masked
from sync.records.taken_as import ORIGINAL, stays, taken_as
from sync.store.ledger.bags import Bag, papers_of_cases
from sync.store.transaction import Reader
from sync.typed import Value, replace
from sync.values.json_text import objects_in

MOST_CASES = 200  # of a page; a village has some fifteen a day, and papers go up within a week
_MOST_LOOKS = 5  # pages of cases that one request reads
_BETWEEN = "|"
# Papers of cases in these go up; of all others the applicant takes them back.
GOING = (
    *BEFORE_DECISION,
    *("approved", "denied", "completed", "delivered", "reviewed", "archived"),
)


class Loose(Value):
    """A paper that is at the village: of a case, its name there; key, by which a form or a client names it.

    kind_name  how it was taken, in words
    goes_home  whether its holder usually took it along
    sheet      which of that name it is, and the other cases for which it was handed in
    returning  the end of the number of the slip with which it was given back last, if it was not packed since; or ""
    offered_with  the receipt number of that one of them with which it is offered; "" where it is this one
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
    sheet: Sheet
    returning: str = ""
    offered_with: str = ""

    @property
    def key(self) -> str:
        """The case and the material."""
        return _key(self.case, self.material)

    @property
    def shared_with(self) -> tuple[Shared, ...]:
        """The other cases for which this same sheet was handed in."""
        return self.sheet.shared_with

    @property
    def keys(self) -> frozenset[str]:
        """The keys under which the same sheet may stand: its own, and those of the cases that share it."""
        return frozenset((self.key, *(_key(one.case, self.material) for one in self.shared_with)))

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
    narrow = Narrow(sid=node.identity.sid, states=GOING)
    for _look in range(_MOST_LOOKS):
        page = node.read(partial(list_cases, narrow=narrow, cursor=cursor, limit=MOST_CASES))
        cases = find_cases(node, [row.id for row in page.rows])
        known = with_kin(node, cases)
        rows = [row.id for row in reversed(page.rows) if row.id in cases]
        found = [paper for one in rows for paper in _papers(node, cases[one], known)]
        bags = node.read(partial(_bags_of, papers=found))
        papers = _each_once(
            replace(one, returning=_short(given_back_last(bags[one.key])))
            for one in found
            if not any(map(_has_it, bags[one.key]))
        )
        cursor = page.next
        if papers or not cursor:
            break
    return Offered(papers, cursor)


def papers_named(node: Node, keys: Iterable[str]) -> dict[str, Loose]:
    """{key: paper} of those that are to go of the ones named, whichever page they stand on."""
    wanted = frozenset(keys)
    ids = {key.partition(_BETWEEN)[0] for key in wanted}
    cases = find_cases(node, sorted(one for one in ids if _is_ours(one, node.identity.sid)))
    known = with_kin(node, cases)
    found = [paper for case in cases.values() if case.status in GOING for paper in _papers(node, case, known)]
    return {paper.key: paper for paper in found if paper.key in wanted}


def _is_ours(case_id: str, sid: str) -> bool:
    parts = parse_record_id(case_id)
    return parts is not None and (parts.type, parts.sid) == ("case", sid)


def papers_away(reader: Reader, papers: Iterable[Loose]) -> frozenset[str]:
    """The keys of those that are in a bag by now, under whichever case its list names them."""
    return frozenset(key for key, bags in _bags_of(reader, papers).items() if any(map(_has_it, bags)))


def given_back_last(bags: Sequence[Bag]) -> Bag | None:
    """The bag with which a sheet was given back, if it was packed into none since; the oldest comes first."""
    return bags[-1] if bags and bags[-1].status == "given_back" else None


def _bags_of(reader: Reader, papers: Iterable[Loose]) -> dict[str, list[Bag]]:
    """{key: the bags that sheet was ever in, the oldest first}, under whichever case their lists name it."""
    sought = list(papers)
    cases = {case for paper in sought for case in paper.sheet.spans}
    listed: dict[str, list[tuple[str, Bag]]] = {}
    for row, bag in papers_of_cases(reader, sorted(cases)) if cases else ():
        listed.setdefault(row.material, []).append((row.case_id, bag))
    return {
        one.key: [bag for case, bag in listed.get(one.material, ()) if one.sheet.is_in_bag(case, bag.packed_at)]
        for one in sought
    }


def _has_it(bag: Bag) -> bool:
    return bag.status not in LET_GO


def _short(bag: Bag | None) -> str:
    return short_bag_number(bag.bag_number) if bag else ""


def _key(case_id: str, material: str) -> str:
    return f"{case_id}{_BETWEEN}{material}"


def _each_once(papers: Iterable[Loose]) -> tuple[Loose, ...]:
    """The same papers; of a sheet that several share, all but the first say with which case it is offered."""
    first: dict[frozenset[str], str] = {}
    told = []
    for one in papers:
        number = first.setdefault(one.keys, one.receipt_number)
        told.append(one if number == one.receipt_number else replace(one, offered_with=number))
    return tuple(told)


def _papers(node: Node, case: Record, known: Mapping[str, Record]) -> Iterable[Loose]:
    fields = case.fields
    if fields.get("deciding_level") == LEVELS[0]:
        return
    issued, sheets = _issued(node, fields), sheets_of(case, known)
    for material in paper_materials(fields):
        name = str(material.get("name", ""))
        yield Loose(
            case.id,
            str(fields.get("receipt_number", "")),
            name,
            str(material.get("kind", "")),
            taken_as(material) or _("on paper"),
            int(material.get("copies") or 0),
            str(fields.get("item_name", "")),
            str(masked("applicant_name", fields.get("applicant_name", ""))),
            str(fields.get("received_at", "")),
            material.get("kind") == ORIGINAL and name in issued,
            sheets.get(name, Sheet((), {case.id: ("", "")})),
        )


def _issued(node: Node, fields: Mapping[str, Any]) -> frozenset[str]:
    """The names of the papers of a case that authorities issue."""
    item = node.catalogue.item_of(fields)
    return frozenset(one.name for one in item.materials if one.source is Source.GOVERNMENT) if item else frozenset()


def paper_materials(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The materials of a case of which paper stayed, each once by its name."""
    papers: dict[str, Mapping[str, Any]] = {}
    for one in objects_in(fields.get("materials")):
        if one.get("name") and stays(one):
            papers.setdefault(str(one["name"]), one)
    return list(papers.values())
