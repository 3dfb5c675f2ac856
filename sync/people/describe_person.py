"""How people read on a screen: enough to recognise who stands at the desk, too little to carry away.

Seeing more is an act of its own (`reveal_person`).

Must not know: cases, roles, routes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sync.messages import N_, _
from sync.node.acts.name_version import unseen_events, version_of
from sync.node.lists.people_index import row_of
from sync.node.node import Node
from sync.people.ask_consents import missing_consents, told_kinds
from sync.people.find_person import DECEASED, LIVING, all_ids, find_person, going_on, has_died
from sync.people.leave_register import DIED_ON
from sync.people.relate_people import living_relations
from sync.people.standing_consents import Consent, consents_of
from sync.records.events import Event
from sync.records.id_papers import PAPER_KINDS
from sync.records.log import Record
from sync.records.masks import mask_text, masked
from sync.records.people import mask_bank_card, mask_id_number, mask_name, mask_phone
from sync.records.person_table import PERSON_2, RELATION
from sync.records.person_words import (
    CONSENTS,
    ERRAND,
    LABELS,
    MEANS,
    PROOFS_TOLD,
    RELATIONS,
    ROLES,
    SOURCES,
    person_act_name,
    person_state_name,
    word_of,
)
from sync.records.states import Context, open_acts
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.people import PersonRow, people_by_paper, people_in_household, person_row
from sync.store.ledger.people_named import ties_to
from sync.store.transaction import Reader

_CONSENT_STATES = {
    "stands": N_("in force"),
    "withdrawn": N_("taken back"),
    "ended": N_("expired"),
    "disputed": N_("in dispute"),
    "unwritten": N_("by word of mouth alone: no authority"),
    "lapsed": N_("ended by death"),
}
# What families of fields are called, by how their names begin.
_FAMILIES = {"relation": N_("Family relation"), "consent": N_("Consent")}
_NAMED_BY: Mapping[str, Mapping[str, str]] = {"cert_kind": PAPER_KINDS, "source": SOURCES, "proof": PROOFS_TOLD}


def describe_row(row: PersonRow, today: date) -> dict[str, Any]:
    """A person as lists show him, masked.

    returns  {"id", "station", "name", "cert_kind", "cert_kind_name", "cert_number", "sex", "age" or None, "phone",
             "household_role", "household_role_name", "state", "state_name", "disputes"}
    """
    return {
        "id": row.id,
        "station": row.sid,
        "name": mask_name(row.name),
        "cert_kind": row.cert_kind,
        "cert_kind_name": word_of(PAPER_KINDS, row.cert_kind),
        "cert_number": mask_id_number(row.cert_number),
        "sex": row.sex,
        "age": _age(row.birthday, today),
        "phone": mask_phone(row.phone),
        "household_role": row.household_role,
        "household_role_name": word_of(ROLES, row.household_role),
        "state": row.status,
        "state_name": person_state_name(row.status),
        "disputes": row.disputes,
    }


def describe_person(node: Node, person_id: str, *, by: str) -> dict[str, Any]:
    """One person, masked; that he was read is audited.

    by       who reads it, as the audit names actors
    returns  what `describe_row` does, and "version", "fields": [{"name", "label", "value", "verified"}], "going_on_as",
             "also" (ids merged into this one), "same_paper" (ids registered by the same paper), "household": [rows],
             "relations", "named_by" (who names him as theirs), "consents" (those of whoever was merged into him, too),
             "consents_missing" [{"kind", "kind_name"}], "log", "fields_in_dispute", "acts", "understood"
    raises   NotFound
    """
    today, now_ms = node.today(), node.clock()

    def work(reader: Reader) -> dict[str, Any]:
        person = find_person(reader, node, person_id)
        row = person_row(reader, person_id) or row_of(person)  # it has arrived and is not listed yet
        return {
            **_from_the_list(reader, row, today),
            "version": version_of(person),
            "fields": _fields(person),
            "relations": _relations(reader, person, today),
            "named_by": _named_by(reader, person.id, today),
            "consents": [_consent(node, one) for one in consents_of(reader, node, person, today)],
            "consents_missing": told_kinds(missing_consents(reader, node, person, today)),
            "log": [_told(event) for event in person.events],
            "fields_in_dispute": [_in_dispute(one) for one in person.disputes],
            "acts": _acts(person, node.identity.level),
            "understood": person.understood,
        }

    told = node.read(work)
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "person_read", person_id)))
    return told


def changes_of_person(node: Node, person_id: str, version: str) -> list[dict[str, Any]]:
    """What was done to a person that whoever saw this version has not seen, as `describe_person` tells the log.

    raises  NotFound
    """
    person = node.read(lambda reader: find_person(reader, node, person_id))
    return [_told(event) for event in unseen_events(person, version)]


def _from_the_list(reader: Reader, row: PersonRow, today: date) -> dict[str, Any]:
    same = people_by_paper(reader, [(row.cert_kind, row.cert_number)], sid=row.sid)
    members = [one for one in people_in_household(reader, row.household) if one.id != row.id]
    return {
        **describe_row(row, today),
        "going_on_as": going_on(reader, row).id,
        "also": list(all_ids(reader, row.id)[1:]),
        "same_paper": [one.id for one in same if one.id != row.id and one.status not in ("merged", "void")],
        "household": [describe_row(one, today) for one in members],
    }


def _age(birthday: str, today: date) -> int | None:
    try:
        born = date.fromisoformat(birthday)
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _fields(person: Record) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": _(label), "value": _shown(name, value), "verified": name in person.verified}
        for name, label in LABELS.items()
        if isinstance(value := person.fields.get(name), str) and value
    ]


def _shown(name: str, value: str) -> str:
    if name in _NAMED_BY:
        return word_of(_NAMED_BY[name], value)
    return _MASKS[name](value) if name in _MASKS else str(masked(name, value))


def _known(words: Mapping[str, str], code: object) -> str:
    """What a code is called; "" for one that is not known."""
    return _(words[code]) if isinstance(code, str) and code in words else ""


def _relations(reader: Reader, person: Record, today: date) -> list[dict[str, Any]]:
    living = living_relations(person, today)
    told = []
    for name, said in sorted(person.fields.items()):
        if not name.startswith(RELATION) or not isinstance(said, dict):
            continue
        other = name.removeprefix(RELATION)
        row = person_row(reader, other)
        told.append(
            {
                "person": other,
                "name": mask_name(row.name) if row else "",
                "kind": said.get("kind", ""),
                "kind_name": _known(RELATIONS, said.get("kind")),
                "until": said.get("until", ""),
                "means_name": _known(MEANS, said.get("by")),
                "stands": other in living and person.status != DECEASED and not has_died(reader, other),
            }
        )
    return told


def _named_by(reader: Reader, person_id: str, today: date) -> list[dict[str, Any]]:
    """Who has named a person, or one who was merged into him, as a relative of his."""
    told = []
    for tie in ties_to(reader, all_ids(reader, person_id)):
        row = person_row(reader, tie.person)
        going = going_on(reader, row) if row else None
        if going is not None and going.id != person_id:
            told.append(
                {
                    "person": going.id,
                    "name": mask_name(going.name),
                    "kind": tie.kind,
                    "kind_name": word_of(RELATIONS, tie.kind),
                    "until": tie.until,
                    "stands": tie.until >= today.isoformat() and going.status in LIVING,
                }
            )
    return told


def _consent(node: Node, one: Consent) -> dict[str, Any]:
    said = one.said
    item = node.catalogue.items().get(one.item) if one.item else None
    return {
        "kind": one.kind,
        "kind_name": word_of(CONSENTS, one.kind),
        "state": one.standing,
        "state_name": word_of(_CONSENT_STATES, one.standing),
        "at": said.get("at", said.get("withdrawn_at", "")),
        "until": said.get("until", ""),
        "means_name": _known(MEANS, said.get("by")),
        "read_by": mask_text(said["read_by"]) if isinstance(said.get("read_by"), str) else "",
        "photos": [{"blob": str(photo.get("blob", "")), "size": photo.get("size", 0)} for photo in one.photos],
        "unfiled": one.is_unfiled,
        **({"item": one.item, "item_name": item.name if item else one.item} if one.kind == ERRAND else {}),
        **{key: mask(said[key]) for key, mask in _OF_ERRANDS.items() if isinstance(said.get(key), str)},
    }


def _told(event: Event) -> dict[str, Any]:
    return {
        "type": event.type,
        "name": person_act_name(event.type),
        "at": event.at,
        "clock": event.clock,
        "by": event.by.removeprefix("acct:"),
        "level": event.level,
        "fields": _said(event),
        "note": mask_text(event.note),
    }


def _said(event: Event) -> list[str]:
    """The fields an event changed, by what they are called; of who joined a household, what he is in it."""
    if event.type == "registered":
        return []
    if event.set.get(DIED_ON):
        return [_("on %(day)s", day=event.set[DIED_ON])]
    role = str(event.set.get("household_role", ""))
    return [_(LABELS[name]) for name in LABELS if name in event.set] + ([word_of(ROLES, role)] if role else [])


def _in_dispute(dispute: Mapping[str, Any]) -> dict[str, Any]:
    """A field that two people set unseen by each other; whoever corrects it has settled it."""
    name = str(dispute.get("field", ""))
    family = name.partition(":")[0]
    values: Sequence[Any] = dispute.get("values", ())
    return {
        "field": family,
        "label": word_of(_FAMILIES, family) if family in _FAMILIES else word_of(LABELS, name),
        "values": [_shown(name, one["value"]) for one in values if isinstance(one.get("value"), str)],
    }


def _acts(person: Record, level: str) -> list[dict[str, str]]:
    """What may be done next, in the table's order."""
    if not person.understood or person.status not in PERSON_2.states:
        return []
    acts = open_acts(PERSON_2, person.status, level=level, context=Context())
    return [{"type": act.type, "name": act.chinese} for act in acts]


def _year(birthday: str) -> str:
    return f"{birthday[:4]}-**-**"


_OF_ERRANDS: Mapping[str, Callable[[str], str]] = {
    "agent": mask_name,
    "agent_id_number": mask_id_number,
    "scope": mask_text,
}
_MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "cert_number": mask_id_number,
    "phone": mask_phone,
    "bank_account": mask_bank_card,
    "birthday": _year,
}
