"""Everybody registered at the stations a node keeps, to be found by number, name and sound.

Derived from the records and from nothing else: it can be dropped and built anew at any time, and is written in the
transaction that writes the record, or as a record arrives.

Must not know: who may see whom.
"""

from collections.abc import Mapping
from typing import Any

from sync.custody.materials import materials_of
from sync.records.applicant_paper import number_key, paper_kind
from sync.records.events import Event
from sync.records.id_papers import CITIZEN_KINDS
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.people import birth_in
from sync.records.person_table import RELATION
from sync.records.readings.spelling import name_spellings
from sync.records.search_words import person_words
from sync.store.ledger.people import PersonRow, person_row, put_case_person, put_person
from sync.store.ledger.people_named import Tie, put_photos, put_ties
from sync.store.transaction import Transaction
from sync.typed import replace

_TOLD = ("name", "cert_kind", "cert_number", "phone", "household", "household_role", "merged_into")


def index_person(tx: Transaction, record: Record) -> None:
    """Put a person into the list as the record stands now."""
    row = row_of(record)
    put_person(tx, row, _words(row))
    put_ties(tx, record.id, _ties(record.fields))
    put_photos(tx, record.id, frozenset(root for event in record.events for root in materials_of(event.set)))


def index_person_words(tx: Transaction, person_id: str) -> None:
    """Whoever is in the list already is found by the words of this version; the row knows all of them."""
    row = person_row(tx, person_id)
    if row is not None:
        put_person(tx, replace(row, sound=name_spellings(row.name).joined), _words(row))


def _words(row: PersonRow) -> tuple[str, ...]:
    return person_words(name=row.name, cert_number=row.cert_number, phone=row.phone)


def row_of(record: Record) -> PersonRow:
    """A person's row in the list, by the record alone."""
    fields = record.fields
    told = {name: _text(fields, name) for name in _TOLD}
    birth, sex = birth_in(told["cert_number"]) if told["cert_kind"] in CITIZEN_KINDS else ("", "")
    return PersonRow(
        id=record.id,
        sid=sid_of(record.id),
        sound=name_spellings(told["name"]).joined,
        status=record.status,
        sex=sex or _text(fields, "sex"),
        birthday=birth or _text(fields, "birthday"),
        registered_at=_began(record.events),
        disputes=len(record.disputes),
        **told,
    )


def index_whose(tx: Transaction, case_id: str, fields: Mapping[str, Any]) -> None:
    """Note whose case it is, by what its record says now."""
    person, number, received_at = (_text(fields, name) for name in ("person", "id_number", "received_at"))
    key = number_key(paper_kind(fields), number)
    put_case_person(tx, case_id, person=person, number=key, received_at=received_at)


def _ties(fields: Mapping[str, Any]) -> frozenset[Tie]:
    told = ((name.removeprefix(RELATION), said) for name, said in fields.items() if name.startswith(RELATION))
    return frozenset(
        Tie(other, _text(said, "kind"), _text(said, "until")) for other, said in told if isinstance(said, dict)
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _began(events: tuple[Event, ...]) -> str:
    return next((event.at for event in events if event.type == "registered"), "")
