"""Who applies, where he is registered at this station: found by the number typed or read, what is known filled in.

Only what is empty is filled in, and once: what somebody takes out again stays out. When the number turns out to be
another's, what was filled in of the first goes, and what he agreed to. Of somebody who died it is said at once.

Must not know: how people are kept, templates.
"""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for

from edge_node.services.draft import Draft, Typed
from edge_node.services.find_applicant import death_sentence, registered_as
from edge_node.services.matter import Matter
from edge_node.station import Station
from sync.case_api.asking import asker
from sync.people.ask_consents import consents_lacking
from sync.people.describe_person import describe_row
from sync.people.find_person import DECEASED, LIVING, first_by_number
from sync.people.known_fields import known_fields
from sync.people.materials_on_file import OnFile, materials_on_file
from sync.records.applicant_paper import NUMBER, papers_of
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.people import PersonRow
from sync.typed import Value, replace


class Applicant(Value):
    """Whoever applies: masked as lists show him, and where his page is.

    other_name  whether another name is typed than the one he is registered by
    """

    summary: Mapping[str, Any]
    href: str
    other_name: bool = False


def applicant_of(station: Station, draft: Draft) -> Applicant | None:
    """Who is registered by the number on a draft, and may apply."""
    row = _row(station, draft.typed)
    if row is None:
        return None
    summary, href = describe_row(row, station.node.today()), url_for("people_pages.person", person_id=row.id)
    return Applicant(summary, href, bool(registered_as(row, draft.typed.fields.get("applicant_name", ""))))


def death_told(station: Station, draft: Draft) -> str:
    """That whoever is registered by the number on a draft has died, and what to do; "" where he has not."""
    row = _registered(station, draft.typed)
    return death_sentence(station.node, row) if row is not None and row.status == DECEASED else ""


def asked_consents(station: Station, draft: Draft) -> tuple[str, ...]:
    """Which consents whoever applies is to be asked for; none where the register cannot be read just now."""
    row = _row(station, draft.typed)
    return consents_lacking(station.node, row.id if row is not None else "") or ()


def fill_in(station: Station, matter: Matter, draft: Draft) -> Draft:
    """Fill in what the register knows of whoever applies; that it was asked is in the audit.

    Nothing where another number has been kept since: whoever sent that asks for it himself.
    """
    row = _row(station, draft.typed)
    person = row.id if row is not None else ""
    if person == draft.typed.person:
        return draft
    known = _known(station, matter, row) if row is not None else {}
    if row is not None:
        entry = Entry(station.node.clock(), asker().actor, "person_prefilled", row.id)
        station.node.engine.write(lambda tx: append_entry(tx, entry))
    asked_for = _number(draft.typed)
    return station.drafts.change(
        draft.account,
        draft.id,
        lambda typed: _filled(typed, person, known) if _number(typed) == asked_for else typed,
    )


def papers_on_file(station: Station, matter: Matter, draft: Draft) -> dict[str, OnFile]:
    """The papers of whoever applies that need not be handed in again: {paper: where it is}."""
    row = _row(station, draft.typed)
    if row is None:
        return {}
    days = station.settings.on_file_days
    found: dict[str, OnFile] = {}
    for item in matter.items:
        found |= materials_on_file(station.node, row.id, item, most_days=days)
    return found


def _number(typed: Typed) -> tuple[Collection[str], str]:
    """The number of whoever applies, with the kinds of papers it may be of."""
    return papers_of(typed.fields), typed.fields.get(NUMBER, "").strip()


def _row(station: Station, typed: Typed) -> PersonRow | None:
    row = _registered(station, typed)
    return row if row is not None and row.status in LIVING else None


def _registered(station: Station, typed: Typed) -> PersonRow | None:
    """Whoever is registered by the number, in whatever state."""
    papers, number = _number(typed)
    return first_by_number(station.node, papers, number) if number else None


def _known(station: Station, matter: Matter, row: PersonRow) -> dict[str, str]:
    """{field of the form: what the register says}."""
    return {
        matter.keys[item.code, name]: value
        for item in matter.items
        for name, value in known_fields(station.node, row.id, item).items()
        if (item.code, name) in matter.keys
    }


def _filled(typed: Typed, person: str, known: Mapping[str, str]) -> Typed:
    left = {name for name, value in typed.prefilled.items() if typed.fields.get(name) == value}
    fields = {name: value for name, value in typed.fields.items() if name not in left}
    new = {name: value for name, value in known.items() if not fields.get(name, "").strip()}
    # What one who is registered agreed to, another has not.
    consents = {} if typed.person else typed.consents
    return replace(typed, fields={**fields, **new}, person=person, prefilled=new, consents=consents)
