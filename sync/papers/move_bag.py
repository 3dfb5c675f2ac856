"""A bag is packed, handed over, taken, made whole, given back or made void: one act, one event, one transaction each.

The law (`records/handover_table`) says who may; what arrived only those say who sit above the village.

Must not know: how a bag is found, routes.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer, act_on_record
from sync.node.acts.answer_once import Answer, answer_once
from sync.node.acts.name_version import version_of
from sync.node.acts.recording import Act, record
from sync.node.lists.handover_index import HANDOVER
from sync.node.node import Node
from sync.node.own_clock import note_time
from sync.node.sharing import ensure_homes
from sync.papers.find_bag import find_bag
from sync.papers.offer_papers import Loose, papers_away, papers_named
from sync.records.bag_number import format_bag_number, short_bag_number
from sync.records.clock import beijing
from sync.records.handover_table import HANDOVER_2, MOST_PAPERS
from sync.records.ids import RANDOM_BYTES, new_record_id
from sync.records.log import Record
from sync.store.ledger.bags import next_bag_serial
from sync.store.transaction import Transaction

CREATED = 201
Fill = Callable[[Record], tuple[str, Mapping[str, Any]]]


def pack_bag(node: Node, wanted: Sequence[str], doer: Doer) -> Answer:
    """Put papers into a bag and give it a number; durable on return.

    wanted   keys of what `offer_papers` offers; each must still be there
    returns  201 with {"id", "version", "bag_number", "short_number", "papers", "state", "state_name"}
    raises   Invalid naming `papers`; Forbidden where no villages' papers are packed; KeyReused
    """
    who, now_ms = node.identity, node.clock()
    if who.level != "village" or not who.sid or who.device is None:
        raise Forbidden(_("Bags are packed at village stations; this station cannot make a slip"))
    ensure_homes(node, who.sid)
    device, offered = who.device, papers_named(node, wanted)

    def work(tx: Transaction) -> Answer:
        def pack() -> dict[str, Any]:
            papers = _chosen(tx, offered, wanted)
            today = beijing(now_ms).date()
            number = format_bag_number(who.region, today, device, next_bag_serial(tx, device, today))
            bag_id = new_record_id(HANDOVER, who.sid, at_ms=now_ms, chance=secrets.token_bytes(RANDOM_BYTES))
            fields = {"bag_number": number, "papers": papers}
            act = Act(bag_id, "packed", fields, doer.by, now_ms, note_time(tx, now_ms), note=doer.reason)
            return _told(record(tx, node.documents, who, act, newborn=True))

        return answer_once(tx, doer.request, pack, status=CREATED, now_ms=now_ms)

    return node.write(work)


def hand_over(node: Node, bag_id: str, *, giver: str, carrier: str, doer: Doer) -> Answer:
    """交出: who gave it, who carries it, by their names as they sign."""
    return _act(node, bag_id, lambda bag: ("handed", {"giver_name": giver, "carrier_name": carrier}), doer)


def take_bag(
    node: Node, bag_id: str, *, found: Sequence[int], taker: str, bringer: str, doer: Doer, surplus: str = ""
) -> Answer:
    """接收: what was in it by the places of its list; what is not named is missing.

    surplus  多出的材料, in words: what was in it and is not on the list
    """

    def fill(bag: Record) -> tuple[str, Mapping[str, Any]]:
        missing = _missing(range(1, len(_papers(bag)) + 1), found)
        fields = {"missing": missing, "taker_name": taker, "bringer_name": bringer}
        if surplus:
            fields["surplus"] = surplus
        return ("taken_short" if missing else "taken"), fields

    return _act(node, bag_id, fill, doer)


def find_later(node: Node, bag_id: str, *, found: Sequence[int], finder: str, doer: Doer) -> Answer:
    """补到: of what was missing these came; raises Invalid where none is named."""

    def fill(bag: Record) -> tuple[str, Mapping[str, Any]]:
        before = bag.fields.get("missing", [])
        missing = _missing(before, found)
        if len(missing) == len(before):
            raise Invalid(_("Something is not filled in rightly"), fields=[("found", _("Tick what has turned up"))])
        return ("found_some" if missing else "found_later"), {"missing": missing, "finder_name": finder}

    return _act(node, bag_id, fill, doer)


def give_back(node: Node, bag_id: str, *, returner: str, carrier: str, doer: Doer) -> Answer:
    """退回: the papers go back to the village; raises Invalid without a reason."""
    if not doer.reason:
        raise Invalid(_("Something is not filled in rightly"), fields=[("reason", _("Say why it is given back"))])
    return _act(node, bag_id, lambda bag: ("given_back", {"returner_name": returner, "carrier_name": carrier}), doer)


def void_bag(node: Node, bag_id: str, doer: Doer) -> Answer:
    """作废: a bag that was not handed over; its papers may be packed anew."""
    return _act(node, bag_id, lambda bag: ("voided", {}), doer)


def bag_state_name(code: str) -> str:
    """What screens and papers call a state of a bag."""
    state = HANDOVER_2.states.get(code)
    return state.chinese if state else code


def _act(node: Node, bag_id: str, fill: Fill, doer: Doer) -> Answer:
    return act_on_record(
        node,
        lambda tx: find_bag(tx, node, bag_id),
        lambda tx, bag: fill(bag),
        lambda bag, event_type: _told(bag),
        doer,
    )


def _chosen(tx: Transaction, offered: Mapping[str, Loose], wanted: Sequence[str]) -> list[dict[str, Any]]:
    keys = list(dict.fromkeys(wanted))
    if not keys:
        raise Invalid(_("Something is not filled in rightly"), fields=[("papers", _("Tick at least one paper"))])
    if len(keys) > MOST_PAPERS:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("papers", _("A bag holds at most %(most)s papers, please use several", most=MOST_PAPERS))],
        )
    papers = [offered[key] for key in keys if key in offered]
    if len(papers) < len(keys) or papers_away(tx, papers):
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[
                (
                    "papers",
                    _("Some of the papers are in another bag already or not at this station any more, tick them again"),
                )
            ],
        )
    return [paper.json for paper in papers]


def _papers(bag: Record) -> list[Any]:
    papers = bag.fields.get("papers", [])
    return papers if isinstance(papers, list) else []


def _missing(among: Sequence[int], found: Sequence[int]) -> list[int]:
    if not set(found) <= set(among):
        raise Invalid(_("Something is not filled in rightly"), fields=[("found", _("The list has no such paper"))])
    return [place for place in among if place not in found]


def _told(bag: Record) -> dict[str, Any]:
    number = str(bag.fields.get("bag_number", ""))
    return {
        "id": bag.id,
        "version": version_of(bag),
        "bag_number": number,
        "short_number": short_bag_number(number),
        "papers": len(_papers(bag)),
        "state": bag.status,
        "state_name": bag_state_name(bag.status),
    }
