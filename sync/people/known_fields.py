"""少填: what a form need not ask, because the register knows it.

What two people wrote unseen by each other is not known, and of whoever died nothing is filled in.

Must not know: who fills the form in.
"""

from collections.abc import Callable, Mapping

from sync.node.node import Node
from sync.people.find_person import LIVING, find_person, going_on
from sync.records.applicant_paper import KIND, NUMBER, asked_with
from sync.records.form import PAPER_KIND
from sync.records.id_papers import PAPER_KINDS, citizen_number
from sync.records.items import Item
from sync.records.log import Record
from sync.store.ledger.people import PersonRow, people_in_household, person_row
from sync.store.transaction import Reader


def known_fields(node: Node, person_id: str, item: Item) -> dict[str, str]:
    """What the register knows of what an item's form asks: {name of the form's field: value}.

    person_id  of whoever applies; one that was merged is taken for whom he goes on as
    raises     NotFound
    """
    return node.read(lambda reader: _known(reader, node, person_id, item))


def _known(reader: Reader, node: Node, person_id: str, item: Item) -> dict[str, str]:
    asked = find_person(reader, node, person_id)
    row = person_row(reader, person_id)
    row = row and going_on(reader, row)
    if row is None or row.status not in LIVING:
        return {}
    person = asked if row.id == asked.id else find_person(reader, node, row.id)
    paper = _paper(reader, person, row, takes_any=any(field.kind == PAPER_KIND for field in item.fields))
    told: dict[str, str] = {}
    for field in item.fields:
        source = _SOURCES.get(field.name)
        value = source(reader, person, row) if source else paper.get(field.name, "")
        if value and len(value) <= asked_with(field, told).max_length:
            told[field.name] = value
    return told


def _told(name: str) -> Callable[[Reader, Record, PersonRow], str]:
    def read(reader: Reader, person: Record, row: PersonRow) -> str:
        value = person.fields.get(name)
        in_dispute = any(one.get("field") == name for one in person.disputes)
        return value if isinstance(value, str) and not in_dispute else ""

    return read


def _paper(reader: Reader, person: Record, row: PersonRow, *, takes_any: bool) -> dict[str, str]:
    """{field: value}: a 公民身份号码 alone, any other number with the kind of its paper, where the form takes such."""
    kind, number = _told("cert_kind")(reader, person, row), _told("cert_number")(reader, person, row)
    if citizen_number(kind, number):
        return {NUMBER: number}
    return {KIND: kind, NUMBER: number} if takes_any and number and kind in PAPER_KINDS else {}


def _members(reader: Reader, row: PersonRow) -> list[PersonRow]:
    return [one for one in people_in_household(reader, row.household) if one.status == "registered"]


def _household_size(reader: Reader, person: Record, row: PersonRow) -> str:
    size = len(_members(reader, row))
    return str(size) if size > 1 else ""  # one alone may be one who was entered first


def _spouse_name(reader: Reader, person: Record, row: PersonRow) -> str:
    pair = {"head": "spouse", "spouse": "head"}.get(row.household_role)
    found = [one.name for one in _members(reader, row) if one.household_role == pair and one.id != row.id]
    return found[0] if len(found) == 1 else ""


_SOURCES: Mapping[str, Callable[[Reader, Record, PersonRow], str]] = {
    "applicant_name": _told("name"),
    "phone": _told("phone"),
    "address": _told("address"),
    "bank_card": _told("bank_account"),
    "household_size": _household_size,
    "spouse_name": _spouse_name,
}
