"""A person registered at a station kept here: by id, or by the paper he was registered with.

Who was registered twice and merged is found as the one that goes on. Two that were merged into each other, unseen by
each other, go on as the one with the smaller id, at every node.

Must not know: who asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync.errors import NotFound
from sync.messages import _
from sync.node.acts.find_record import find_record
from sync.node.node import Node
from sync.people.errors import AlreadyRegistered
from sync.records.id_papers import canonical_number
from sync.records.ids import parse_record_id
from sync.records.log import Record
from sync.records.person_table import PERSON
from sync.store.ledger.people import PersonRow, people_by_paper, people_merged_into, person_row
from sync.store.transaction import Reader

MERGED, VOID = "merged", "void"
DECEASED = "deceased"
LIVING = ("registered", "moved")  # who may apply, and of whom something is filled in


def find_person(reader: Reader, node: Node, person_id: str) -> Record:
    """The person as the record stands; raises NotFound, in the same words whether it is elsewhere or nowhere."""
    return find_record(reader, node, person_id, record_type=PERSON, missing=_("There is no such person"))


def person_by_number(node: Node, kind: str, number: str) -> PersonRow | None:
    """Who is registered at this station by a paper; None when nobody is.

    kind, number  as somebody typed them; see `sync.records.id_papers`
    """
    return node.engine.read(lambda reader: row_by_number(reader, node.identity.sid, kind, number))


def first_by_number(node: Node, kinds: Iterable[str], number: str) -> PersonRow | None:
    """Who is registered at this station by one of these kinds of paper with that number; None when nobody is."""
    return node.engine.read(lambda reader: first_row(reader, node.identity.sid, kinds, number))


def first_row(reader: Reader, sid: str, kinds: Iterable[str], number: str) -> PersonRow | None:
    """`first_by_number` in a transaction, at any station. Of several that were never merged the first registered."""
    papers = [(kind, canonical_number(kind, number)) for kind in kinds]
    found = people_by_paper(reader, papers, sid=sid)
    by_kind = (row for kind, _number in papers for row in found if row.cert_kind == kind)
    rows = (going_on(reader, row) for row in by_kind)
    return next((row for row in rows if row.status != VOID), None)


def row_by_number(reader: Reader, sid: str, kind: str, number: str) -> PersonRow | None:
    """`person_by_number` in a transaction, at any station."""
    return first_row(reader, sid, (kind,), number)


def require_one_paper(reader: Reader, person: Record, told: Mapping[str, Any]) -> None:
    """Raise AlreadyRegistered when the paper told of a person is somebody else's at his station."""
    parts = parse_record_id(person.id)
    if parts is None or "cert_number" not in told:
        return
    known = row_by_number(reader, parts.sid, told["cert_kind"], told["cert_number"])
    if known is not None and known.id != person.id:
        raise AlreadyRegistered(known.id)


def going_on(reader: Reader, row: PersonRow) -> PersonRow:
    """The one as whom a person goes on: itself, unless it was merged into another."""
    passed: list[PersonRow] = []
    while row.status == MERGED:
        if row in passed:
            return min(passed[passed.index(row) :], key=lambda one: one.id)
        passed.append(row)
        into = person_row(reader, row.merged_into)
        if into is None:
            return row  # it has not arrived here yet
        row = into
    return row


def has_died(reader: Reader, person_id: str) -> bool:
    """Whether somebody, or whom he goes on as, is on record as having died; False where nothing of him is here."""
    row = person_row(reader, person_id)
    return row is not None and going_on(reader, row).status == DECEASED


def find_going_on(reader: Reader, node: Node, person_id: str) -> Record:
    """The record of whom a person goes on as; raises NotFound."""
    row = person_row(reader, person_id)
    return find_person(reader, node, going_on(reader, row).id if row else person_id)


def all_ids(reader: Reader, person_id: str) -> tuple[str, ...]:
    """A person's id, and those of all that were merged into him."""
    found = [person_id]
    for one in found:
        found += (other for other in people_merged_into(reader, one) if other not in found)
    return tuple(found)


def registrations_of(reader: Reader, node: Node, person: Record) -> Sequence[Record]:
    """A person's own record first, then those that were merged into it."""
    found = [person]
    for one in all_ids(reader, person.id)[1:]:
        try:
            found.append(find_person(reader, node, one))
        except NotFound:
            continue  # its row is here, the record is elsewhere
    return found
