"""One case as a screen shows it: fields with people masked, materials, log, and what may be done next.

Must not know: who may read it, routes.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from sync.casework.await_papers import why_withheld
from sync.casework.describe_case import act_name, level_name, state_name
from sync.casework.describe_dispute import describe_disputes
from sync.casework.describe_event import describe_log, told_with
from sync.casework.describe_steps import TOLD_APART, labels_of, step_value
from sync.casework.find_case import find_case
from sync.casework.hold_photos import held_here, photos_of
from sync.casework.missing_papers import lacking
from sync.casework.name_people import STRANGERS, People, account_of, assignee_called
from sync.casework.name_stations import station_name
from sync.casework.narrow_cases import levels_of
from sync.casework.pass_on_case import answering_of
from sync.casework.read_clocks import clocks_of, describe_clocks
from sync.casework.read_decision import decision_of
from sync.casework.tell_authority import authority_of
from sync.casework.trace_custody import custody_of, road_from
from sync.messages import _, pgettext
from sync.node.acts.name_version import version_of
from sync.node.node import Node
from sync.people.ask_consents import consents_lacking, told_kinds
from sync.records.agents import ON_RECORD
from sync.records.case_assignee import ASSIGNED_AT, Desk, desk_of
from sync.records.case_table import BEFORE_DECISION
from sync.records.case_table_2 import CASE_2
from sync.records.events import Event
from sync.records.ids import sid_of
from sync.records.items import Item
from sync.records.log import Record
from sync.records.masks import mask_text, masked
from sync.records.notices import late_gaps
from sync.records.signed_papers import signed_papers, unfiled_papers
from sync.records.situations import item_of_case, told_situations
from sync.records.states import context_of, open_acts
from sync.records.taken_as import COMPARED, taken_as
from sync.store.ledger.audit import Entry, append_entry

# Of these, what a screen is told in other words.
_TOLD_IN_WORDS = frozenset(("materials", "situations", ASSIGNED_AT, ON_RECORD))
# What may stand in a field that is told as it is, a text in all others. Whoever signs events may write anything, and
# what has another shape is not told.
_SHAPES: Mapping[str, type] = {
    "item_version": int,
    **dict.fromkeys(("on_the_spot", "tolerable", "station_may_reject"), bool),
    **dict.fromkeys(("prefilled", "bundle_cases"), list),  # of texts, and of objects
    **dict.fromkeys(("gaps", "special_days", "special_unit"), object),
}
_OF_PAPERS: Mapping[str, type] = {"kind": str, "copies": int, "on_file": str, COMPARED: bool}
# Pages and papers are drawn from these: told whatever a record has.
_ALWAYS_TEXT = ("receipt_number", "received_at", "item_name")


def read_case(
    node: Node, items: Mapping[str, Item], case_id: str, *, by: str, people: People = STRANGERS
) -> dict[str, Any]:
    """A case with everything but the secrets; that it was read is audited.

    by       who reads it, as the audit names actors
    people   what those are called who signed in here, where that is to be said
    raises   NotFound
    """
    return tell_case(node, items, look_at_case(node, case_id, by=by), by=by, people=people)


def look_at_case(node: Node, case_id: str, *, by: str) -> Record:
    """A case as it is kept; that it was read is audited, as by `read_case`. Raises NotFound."""
    case = node.read(lambda reader: find_case(reader, node, case_id))
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "case_read", case_id)))
    return case


def tell_case(
    node: Node, items: Mapping[str, Item], case: Record, *, by: str, people: People = STRANGERS
) -> dict[str, Any]:
    """A case that was read, as it stands or as it once stood; nothing is audited. As `read_case`."""
    fields, sid = case.fields, sid_of(case.id)
    item = node.catalogue.item_of(fields) or items.get(str(fields.get("item", "")))
    roots = {photo["blob"] for photo in photos_of(fields)}
    here = held_here(node, sid, roots)
    decision, desk = decision_of(case), desk_of(case)
    authority = authority_of(node, case)
    return {
        "id": case.id,
        "version": version_of(case),
        "station": sid,
        "station_name": station_name(node, sid),
        "state": case.status,
        "state_name": state_name(case.status),
        "decision": decision,
        "decision_name": state_name(decision) if decision else "",
        **_turn(node, sid, desk.turn),
        "clock": case.clock,
        "applicant": masked("applicant_name", str(fields.get("applicant_name") or "")),
        **_told_as_they_are(fields),
        **{name: str(fields.get(name, "")) for name in _ALWAYS_TEXT},
        "fields": [
            {"name": name, "label": label, "value": _value(fields, name, desk, people)}
            for name, label in labels_of(_with_holder(fields, desk), item).items()
        ],
        "situations": told_situations(item, fields.get("situations")),
        "materials": _materials(case, here),
        "signed_papers": list(signed_papers(fields)),
        "unfiled_papers": list(unfiled_papers(fields, on_record=authority is not None)),
        "authority_on_record": authority,
        "consents_missing": _consents_missing(node, case),
        "spared": spared(fields),
        "log": describe_log(case, case.events, people, item),
        "requests": list(case.requests),
        "disputes": describe_disputes(case, labels_of(fields, item)),
        **_acts(node, case),
        "understood": case.understood,
        "parked_edits": [_parked(case, one, item, people) for one in case.parked_edits],
        "parked_answering": answering_of(case, by, node.identity.level) if case.parked_edits else "",
        "custody": custody_of(node, road_from(node, sid), case, held=(len(here), len(roots))),
        "clocks": describe_clocks(clocks_of(node, case, node.catalogue.calendar()), case.status),
        "lacking": lacking(case, item),
        "late_gaps": [gap.sentence for gap in late_gaps(case, materials=_asked_for(item, fields))],
    }


def _told_as_they_are(fields: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted((TOLD_APART - _TOLD_IN_WORDS).intersection(fields))
    told = {name: fields[name] for name in names if _is_shaped(fields[name], _SHAPES.get(name, str))}
    rows = {"prefilled": str, "bundle_cases": dict}
    return {name: _rows(value, rows[name]) if name in rows else value for name, value in told.items()}


def _rows(value: Sequence[Any], shape: type) -> list[Any]:
    return [row for row in value if isinstance(row, shape)]


def _is_shaped(value: object, shape: type) -> bool:
    """Whether a value is of the shape; true and false are no numbers."""
    return isinstance(value, shape) and (shape is not int or type(value) is int)


def _turn(node: Node, sid: str, turn: str) -> dict[str, Any]:
    own = node.identity
    at_the_station = turn == "village"
    name = station_name(node, sid) if at_the_station else level_name(turn) if turn else ""
    return {
        "turn": turn,
        "turn_name": name,
        "turn_here": sid == own.sid if at_the_station else turn in levels_of(own.level),
    }


def spared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the citizen did not have to tell and to bring again: {"filled", "waived", "sentence"}; "" for nothing."""
    papers = fields.get("materials")
    prefilled = fields.get("prefilled")
    filled = len(prefilled) if isinstance(prefilled, list) else 0
    waived = sum(
        isinstance(paper, dict) and bool(paper.get("on_file")) for paper in (papers if isinstance(papers, list) else ())
    )
    return {"filled": filled, "waived": waived, "sentence": spared_sentence(filled, waived)}


def spared_sentence(filled: int, waived: int) -> str:
    """So many fields and papers in words; "" for nothing."""
    told = [
        *([_("%(fields)s fields filled in beforehand", fields=filled)] if filled else ()),
        *([_("%(papers)s papers waived", papers=waived)] if waived else ()),
    ]
    return pgettext("between clauses", ", ").join(told)


def _consents_missing(node: Node, case: Record) -> list[dict[str, str]]:
    """What the applicant has not agreed to, while the case is under way; nothing where that cannot be read."""
    kinds = consents_lacking(node, str(case.fields.get("person", ""))) if case.status in BEFORE_DECISION else None
    return told_kinds(kinds or ())


def _asked_for(item: Item | None, fields: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(material.name for material in item_of_case(item, fields).materials) if item else ()


def _value(fields: Mapping[str, Any], name: str, desk: Desk, people: People) -> Any:
    """A field as a screen shows it."""
    return assignee_called(desk, people) if name == "assignee" else step_value(name, fields[name])


def _with_holder(fields: Mapping[str, Any], desk: Desk) -> Mapping[str, Any]:
    """The fields of a case, with who has it though nobody gave it to him."""
    return {**fields, "assignee": desk.assignee} if desk.assignee else fields


def _materials(case: Record, here: Container[str]) -> list[dict[str, Any]]:
    told, number = [], 0
    papers = case.fields.get("materials", ())
    for paper in papers if isinstance(papers, list) else ():
        photos = []
        for photo in photos_of(paper if isinstance(paper, dict) else {}):
            number += 1
            photos.append(
                {
                    "number": number,
                    "type": photo.get("type", ""),
                    "size": photo.get("size", 0),
                    "held": photo["blob"] in here,
                }
            )
        named = paper if isinstance(paper, dict) else {}
        told.append(
            {
                "name": str(named.get("name", "")),
                **{key: named[key] for key, shape in _OF_PAPERS.items() if _is_shaped(named.get(key), shape)},
                "kind_name": taken_as(named),
                "photos": photos,
            }
        )
    return told


def _parked(case: Record, edit: Mapping[str, Any], item: Item | None, people: People) -> dict[str, Any]:
    """What somebody did who did not know that the case had been passed on, why, and what it would change."""
    event = next((one for one in case.events if one.hash == edit["event"]), None)
    after = event.set if event else {}
    return {
        "event": str(edit["event"]),
        "name": act_name(edit["type"]),
        "to_be_redone": bool(CASE_2.acts[edit["type"]].moves) if edit["type"] in CASE_2.acts else False,
        "note": _said_with(case, event, item, people) if event else "",
        "by": account_of(str(edit["by"])),
        "level": event.level if event else "",
        "at": edit["at"],
        "changes": [
            {
                "field": name,
                "label": label,
                "before": str(step_value(name, case.fields.get(name, ""))),
                "after": str(step_value(name, after[name])),
            }
            for name, label in labels_of(after, item).items()
        ],
    }


def _said_with(case: Record, event: Event, item: Item | None, people: People) -> str:
    """What a log says of an edit, but for which fields it puts right: these are told one by one."""
    return mask_text(event.note) if event.type == "corrected" else told_with(case, event, people, item)


def _acts(node: Node, case: Record) -> dict[str, list[dict[str, str]]]:
    """What this level may do next, in the table's order; and what its papers forbid yet, each with why."""
    if not case.understood or case.status not in CASE_2.states:
        return {"acts": [], "withheld_acts": []}
    acts = open_acts(CASE_2, case.status, level=node.identity.level, context=context_of(case.fields))
    told = [({"type": act.type, "name": act.chinese}, why_withheld(node, case, act.type)) for act in acts]
    return {
        "acts": [act for act, why in told if not why],
        "withheld_acts": [{**act, "why": why} for act, why in told if why],
    }
