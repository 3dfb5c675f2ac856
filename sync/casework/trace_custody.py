"""How far a case has come, hop by hop: our own disk, and beyond it what signed receipts say.

A hop below us or above us is named for nothing but its own receipt. Of ourselves we need none:
what was read here is here.

Must not know: how receipts travel, how a page shows them.
"""

from collections.abc import Sequence
from typing import Any

from sync.casework.describe_case import level_name
from sync.casework.find_case import find_case
from sync.casework.hold_photos import held_here, photos_of
from sync.custody.gathering import facts_of, heard_from, hops_above
from sync.custody.issuing import Own
from sync.custody.standing import Fact, Heard, Hop, Standing, Status, standing, whole_blobs
from sync.messages import _
from sync.node.identity import Identity
from sync.node.node import Node
from sync.node.vouching.statements import own_of
from sync.records.clock import time_text
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.store.ledger.reached import reached_ms
from sync.store.transaction import Reader
from sync.trust.chain import digest_text
from sync.typed import Value

_CENTRE = "centre"
_STATES = {Status.HELD: "held", Status.PARTLY: "records", Status.NOT_YET: "none"}


class Road(Value):
    """The hops from a station up, and what they have signed, as of one moment."""

    own: Own
    who: Identity
    hops: tuple[Hop, ...]
    heard: tuple[Heard, ...]


def trace_custody(node: Node, case_id: str) -> dict[str, Any]:
    """How far a case has come: {"hops": [...], "reached", "materials_held", "materials", "sentence"}.

    hops    own station first: {"level", "level_name", "name", "sid", "state", "since", "materials_held",
            "materials", "safe_since", "fell_back"}; state `held`, `records` (its photos are not all there) or `none`;
            safe_since, when we heard that all of it is also in that hop's backup, or null
    raises  NotFound
    """
    return trace_case(node, node.read(lambda reader: find_case(reader, node, case_id)))


def trace_case(node: Node, case: Record) -> dict[str, Any]:
    """What `trace_custody` says, of a case that is at hand."""
    road = road_from(node, sid_of(case.id))
    held = _held(node, case)
    hops = _hops(node, road, case, held)
    since = node.read(lambda reader: _since(reader, road, case))
    for hop in hops:
        if hop["state"] != "none" and hop["sid"] in since:
            hop["since"] = since[hop["sid"]]
    return {**_in_short(road, hops, held), "hops": hops}


def _since(reader: Reader, road: Road, case: Record) -> dict[str, str]:
    """When each hop first signed for everything of a case that it has to, {sid: time as events write it}.

    What we wrote ourselves is here since it was written. A hop of which it is not known is left out: before that was
    noted, receipts replaced each other.
    """
    facts = _receipted_to_us(road, facts_of(reader, road.own, case.events))
    height = {hop.sid: place for place, hop in enumerate(road.hops)}
    written = {event.hash: event.at for event in case.events if event.writer == road.own.pair.writer}
    found: dict[str, str] = {}
    for place, hop in enumerate(road.hops):
        asked = [fact for fact in facts if height.get(fact.sid, -1) < max(place, 1)]
        own = written if hop.sid == road.who.sid else {}
        times = [own.get(digest_text(fact.hash)) or _first(reader, hop.signers, fact) for fact in asked]
        if times and "" not in times:
            found[hop.sid] = max(times)
    return found


def _first(reader: Reader, signers: Sequence[str], fact: Fact) -> str:
    known = (reached_ms(reader, signer, fact.writer, fact.life, fact.number) for signer in signers)
    return min((time_text(at_ms) for at_ms in known if at_ms is not None), default="")


def road_from(node: Node, sid: str) -> Road:
    """The road from a station up; one of them serves every case of the station."""
    who = node.identity
    own = own_of(who)

    def work(reader: Reader) -> Road:
        hops = hops_above(reader, own, sid)
        return Road(own, who, hops, heard_from(reader, hops, {hop.sid for hop in hops}))

    return node.read(work)


def custody_of(node: Node, road: Road, case: Record, *, held: tuple[int, int] | None = None) -> dict[str, Any]:
    """The highest hop a case has reached, in short.

    held  how many of its photos are on our own disk, and how many there are; looked up where it is not given
    """
    held = held or _held(node, case)
    return _in_short(road, _hops(node, road, case, held), held)


def _in_short(road: Road, hops: Sequence[dict[str, Any]], held: tuple[int, int]) -> dict[str, Any]:
    reached = [hop for hop in hops if hop["state"] != "none"]
    if not reached:
        return summary(road.who.level, *held)
    top = reached[-1]
    return summary(top["level"], top["materials_held"], top["materials"])


def photos_at_centre(node: Node, record: Record) -> frozenset[str]:
    """Roots of those photos of a case, or a person, that the centre's receipts say it holds whole."""
    road = road_from(node, sid_of(record.id))
    if not road.hops or road.hops[-1].level != _CENTRE:
        return frozenset()
    facts = node.read(lambda reader: facts_of(reader, road.own, record.events))
    return whole_blobs(road.hops[-1], _receipted_to_us(road, facts), road.heard)


def summary(reached: str, held: int, photos: int) -> dict[str, Any]:
    """{"reached", "materials_held", "materials", "sentence"}.

    reached  a level;  held, how many of the photos are there
    """
    sentence = _("Arrived at %(place)s", place=level_name(reached))
    if photos:
        sentence = _("%(sentence)s (materials %(held)s/%(total)s)", sentence=sentence, held=held, total=photos)
    return {
        "reached": reached,
        "materials_held": held,
        "materials": photos,
        "sentence": sentence,
    }


def _hops(node: Node, road: Road, case: Record, held: tuple[int, int]) -> list[dict[str, Any]]:
    facts = node.read(lambda reader: facts_of(reader, road.own, case.events))
    return [_hop(road, one, held) for one in standing(road.hops, _receipted_to_us(road, facts), road.heard)]


def _receipted_to_us(road: Road, facts: Sequence[Fact]) -> list[Fact]:
    """The events we can know the road of: our own and those from below.

    Nobody tells us who holds what a station above us wrote (decision 7): asked for it, the hops beyond that
    station would seem to lose what they have signed for.
    """
    height = {hop.sid: position for position, hop in enumerate(road.hops)}
    ours = height.get(road.who.sid, len(height))
    return [fact for fact in facts if height.get(fact.sid, -1) <= ours]


def _hop(road: Road, one: Standing, on_our_disk: tuple[int, int]) -> dict[str, Any]:
    is_own = one.hop.sid == road.who.sid
    level = one.hop.level or (road.who.level if is_own else "")
    state, held, photos = _STATES[one.status], one.materials_held, one.materials
    if is_own:
        held, photos = on_our_disk
        state = "held" if held == photos else "records"
    return {
        "level": level,
        "level_name": level_name(level),
        "name": one.hop.name or (road.who.name if is_own else ""),
        "sid": one.hop.sid,
        "state": state,
        "since": None if state == "none" or one.heard_ms is None else time_text(one.heard_ms),
        "materials_held": held if state != "none" else 0,
        "materials": photos,
        "safe_since": None if one.safe_ms is None else time_text(one.safe_ms),
        "fell_back": one.fell_back,
    }


def _held(node: Node, case: Record) -> tuple[int, int]:
    """How many of the case's photos are on our own disk, and how many it names."""
    # A photo handed in for two papers is stored once, and counted once.
    roots = frozenset(photo["blob"] for photo in photos_of(case.fields))
    return len(held_here(node, sid_of(case.id), roots)), len(roots)
