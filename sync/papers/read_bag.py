"""A bag as a screen and its printed list show it, and the bags a node knows.

Must not know: who may read it, routes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sync.casework.describe_case import level_name, state_name
from sync.casework.find_case import find_cases
from sync.casework.name_stations import station_name, station_names
from sync.messages import _
from sync.node.acts.name_version import unseen_events, version_of
from sync.node.node import Node
from sync.papers.find_bag import find_bag
from sync.papers.move_bag import bag_state_name
from sync.papers.offer_papers import GOING, paper_materials
from sync.papers.place_papers import is_there
from sync.papers.shared_sheets import Sheet, sheets_of, with_kin
from sync.records.bag_number import short_bag_number
from sync.records.events import Event
from sync.records.handover_table import COUNTED, HANDOVER_2
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.masks import mask_text, masked
from sync.records.states import Context, open_acts
from sync.records.taken_as import taken_as
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.bags import Bag, BagPaper, count_by_status, list_bags, papers_of_cases
from sync.typed import asdict
from sync.values.json_text import objects_in

_ROWS = 20
_UNKNOWN = Sheet((), {})
_TAKES = ("taken", "taken_short")
_NAMES = ("giver_name", "carrier_name", "taker_name", "bringer_name", "finder_name", "returner_name")


def read_bag(node: Node, bag_id: str, *, by: str) -> dict[str, Any]:
    """One bag; that it was read is audited.

    returns  {"id", "version", "bag_number", "short_number", "station", "station_name", "state", "state_name",
             "packed_at", "papers": [{"place", "case", "receipt_number", "item_name", "applicant", "material", "kind",
             "kind_name", "copies", "missing", "counted_with", "stopped", "shared_with": [{"case", "receipt_number"}]}],
             "missing": [place, …], "surplus" in words, "void_unseen", names as they signed, "log", "acts", "code"};
             stopped is the state of a case that goes no further, whose applicant gets the paper back, or "";
             counted_with is the short number of another slip with which this sheet was counted as there, or "";
             void_unseen, whether it was made void beside being taken, neither knowing of the other; code is what its
             QR code holds: number and id, nothing of a person
    raises   NotFound
    """
    bag = node.read(lambda reader: find_bag(reader, node, bag_id))
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "bag_read", bag_id)))
    sid, number = sid_of(bag_id), str(bag.fields.get("bag_number", ""))
    acts = open_acts(HANDOVER_2, bag.status, level=node.identity.level, context=Context()) if bag.understood else ()
    return {
        "id": bag.id,
        "version": version_of(bag),
        "bag_number": number,
        "short_number": short_bag_number(number),
        "station": sid,
        "station_name": station_name(node, sid),
        "state": bag.status,
        "state_name": bag_state_name(bag.status),
        "packed_at": bag.events[0].at,
        "papers": _papers(node, bag, sid),
        "missing": list(bag.fields.get("missing", ())),
        "surplus": _surplus(bag),
        "void_unseen": bag.status in COUNTED and any(event.type == "voided" for event in bag.events),
        **{name: str(bag.fields.get(name, "")) for name in _NAMES},
        "log": [_step(event) for event in bag.events],
        "acts": [{"type": act.type, "name": act.chinese} for act in acts],
        "understood": bag.understood,
        "code": f"{number} {bag.id}",
    }


def _surplus(bag: Record) -> str:
    """What was in the bag and not on its list, as whoever took it wrote; of an act without effect it is nothing.

    The law knows no such field, so that nodes of before carry it; it is read where only those above may write.
    """
    undone = {one["event"] for one in bag.noted}
    said = [one.set.get("surplus", "") for one in bag.events if one.type in _TAKES and one.hash not in undone]
    return next((mask_text(one.strip()) for one in reversed(said) if isinstance(one, str)), "")


def steps_since(node: Node, bag_id: str, version: str) -> list[dict[str, Any]]:
    """What was done that whoever saw this version has not seen, as the log of `read_bag`; raises NotFound."""
    bag = node.read(lambda reader: find_bag(reader, node, bag_id))
    return [_step(event) for event in unseen_events(bag, version)]


def show_bags(node: Node, *, states: Sequence[str] = (), after: str = "", limit: int = _ROWS) -> dict[str, Any]:
    """A page of bags, the newest first: {"bags": [...], "next": cursor or None}.

    states  only those in one of these; none for all
    after   from the page before; "" for the first
    raises  BadRequest on a cursor that is none
    """
    bags = node.read(lambda reader: list_bags(reader, statuses=states, after=after, limit=limit + 1))
    names = station_names(node)
    return {
        "bags": [_row(bag, names) for bag in bags[:limit]],
        "next": bags[limit - 1].id if len(bags) > limit else None,
    }


def count_bags(node: Node) -> dict[str, int]:
    """{state: how many bags are in it}."""
    return node.read(count_by_status)


def _row(bag: Bag, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": bag.id,
        "bag_number": bag.bag_number,
        "short_number": short_bag_number(bag.bag_number),
        "station": bag.sid,
        "station_name": names.get(bag.sid, bag.sid),
        "packed_at": bag.packed_at,
        "state": bag.status,
        "state_name": bag_state_name(bag.status),
        "papers": bag.papers,
        "missing": bag.missing,
    }


def _papers(node: Node, bag: Record, sid: str) -> list[dict[str, Any]]:
    """The list, each paper with what this node knows of its case; a case may come after the list."""
    listed = objects_in(bag.fields.get("papers"))
    lacking = bag.fields.get("missing", ())
    ids = {one["case"] for one in listed if sid_of(one["case"]) == sid}
    cases = with_kin(node, find_cases(node, sorted(ids)))
    sheets = {one: sheets_of(cases[one], cases, packed_at=bag.events[0].at) for one in ids if one in cases}
    keys = {(one["case"], one.get("material")) for one in listed}
    elsewhere = _counted_elsewhere(
        node, bag.id, {case for one in sheets.values() for of in one.values() for case in of.spans}
    )
    told = []
    for place, one in enumerate(listed, start=1):
        case = cases.get(one["case"])
        fields = case.fields if case else {}
        sheet = sheets.get(one["case"], {}).get(str(one.get("material")), _UNKNOWN)
        told.append(
            {
                "place": place,
                **one,
                "kind_name": _kind_name(one, fields),
                "item_name": str(fields.get("item_name", "")),
                "applicant": masked("applicant_name", str(fields.get("applicant_name", ""))),
                "known": bool(fields),
                "shared_with": [
                    asdict(other)
                    for other in sheet.shared_with
                    if (other.case, one.get("material")) not in keys  # it has a row of its own
                ],
                "missing": place in lacking,
                "stopped": _stopped([case, *(cases[other.case] for other in sheet.shared_with)]) if case else "",
                "counted_with": _counted_with(elsewhere, sheet, one.get("material")),
            }
        )
    return told


def _stopped(cases: Sequence[Record]) -> str:
    """The state of the first of the cases that a sheet is for, in words, if none of them goes any further."""
    goes_on = any(case.status in GOING or not case.understood for case in cases)
    return "" if goes_on else state_name(cases[0].status)


def _counted_elsewhere(node: Node, bag_id: str, cases: Collection[str]) -> list[tuple[BagPaper, Bag]]:
    """The papers of cases that were counted as there in other bags: a list may be made by who does not know of it."""
    if not cases:
        return []
    rows = node.read(lambda reader: papers_of_cases(reader, sorted(cases)))
    return [(paper, bag) for paper, bag in rows if bag.id != bag_id and is_there(paper, bag)]


def _counted_with(counted: Iterable[tuple[BagPaper, Bag]], sheet: Sheet, material: object) -> str:
    """The short number of the first bag in which a sheet was counted as there; "" for none."""
    numbers = (
        bag.bag_number
        for paper, bag in counted
        if paper.material == material and sheet.is_in_bag(paper.case_id, bag.packed_at)
    )
    return short_bag_number(next(numbers, ""))


def _kind_name(listed: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    """How it was taken; that its original was compared stands in the case, for the list has no room for it."""
    known = next((one for one in paper_materials(fields) if one["name"] == listed.get("material")), {})
    kind = listed.get("kind", "")
    return taken_as(known if known.get("kind", "") == kind else {"kind": kind}) or _("on paper")


def _step(event: Event) -> dict[str, Any]:
    act = HANDOVER_2.acts.get(event.type)
    named = _(", ").join(str(event.set[name]) for name in _NAMES if event.set.get(name))
    return {
        "type": event.type,
        "name": act.chinese if act else event.type,
        "at": event.at,
        "by": event.by.removeprefix("acct:"),
        "level": event.level,
        "level_name": level_name(event.level),
        "names": named,
        "note": mask_text(event.note),
    }
