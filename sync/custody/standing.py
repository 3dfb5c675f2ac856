"""How far a case has come, hop by hop: only what receipts say, never what a request returned.

A hop holds a case when receipts by that hop's own certified key cover every event of the case that
was written below it; what it wrote itself it need not have received, and what the centre decides
comes down past the hops the case has already reached and does not undo 已到乡镇. The first hop is
asked for its own events. Whatever origin is unknown is asked of every hop. A photo counts when no
receipt lacks it.

The screen may be late; it is never ahead: each doubt counts as "not yet".

Must not know: ledgers, where receipts came from, clocks, words shown to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from sync.custody.receipts import DURABLE, SAFE, Holding, Receipt
from sync.typed import Value


class Fact(Value):
    """One event of a case.

    hash       32 bytes
    sid        the station its writer is certified for; "" when unknown
    materials  root hashes of the blobs it names, in the order of `materials_of`
    """

    writer: str
    life: str
    number: int
    hash: bytes
    sid: str
    materials: tuple[str, ...] = ()


class Hop(Value):
    """One stop on the way up: a station and the writer ids whose receipts count for it."""

    sid: str
    level: str
    name: str
    signers: tuple[str, ...]


class Heard(Value):
    """A verified receipt, when it was heard, and the one it fell behind, if it did."""

    receipt: Receipt
    heard_ms: int
    fallen_from: Receipt | None = None


class Status(StrEnum):
    """What a hop has of a case."""

    HELD = "held"  # every event and every blob
    PARTLY = "partly"  # every event, not every blob
    NOT_YET = "not_yet"


class Standing(Value):
    """What one hop has of a case.

    events, materials  how many it holds, of how many
    heard_ms           when its newest receipt came; None when it was never heard of
    safe_ms            when it was heard that all of this is also in its backup; None while that is not so
    fell_back          it once signed for something of this case that it no longer has: it was restored
    """

    hop: Hop
    status: Status
    events_held: int
    events: int
    materials_held: int
    materials: int
    heard_ms: int | None
    safe_ms: int | None = None
    fell_back: bool = False


def standing(hops: Sequence[Hop], facts: Iterable[Fact], heard: Iterable[Heard]) -> tuple[Standing, ...]:
    """Say how far a case has come.

    hops   own station first, then the one above it, … the centre
    facts  every event of the case
    heard  newest receipts of whichever holders; those of other holders than the hops' are passed over
    """
    facts, heard = tuple(facts), tuple(heard)
    height = {hop.sid: position for position, hop in enumerate(hops)}
    return tuple(
        _standing(hop, [fact for fact in facts if height.get(fact.sid, -1) < max(position, 1)], heard)
        for position, hop in enumerate(hops)
    )


def whole_blobs(hop: Hop, facts: Iterable[Fact], heard: Iterable[Heard]) -> frozenset[str]:
    """Roots of the blobs that a hop holds whole, of those that some of a case's events name."""
    facts = tuple(facts)
    holdings = _by_chain(one.receipt for one in heard if one.receipt.holder in hop.signers)
    held = [fact for fact in facts if _covers(holdings, fact)]
    return frozenset(root for fact in facts for root in fact.materials) - _missing(facts, held, holdings)


def _standing(hop: Hop, facts: Sequence[Fact], heard: Sequence[Heard]) -> Standing:
    mine = [one for one in heard if one.receipt.holder in hop.signers]
    holdings = _by_chain(one.receipt for one in mine)
    held = [fact for fact in facts if _covers(holdings, fact)]
    # A blob named by two events is one photo on the screen, and whole only when neither receipt lacks it.
    roots = {root for fact in facts for root in fact.materials}
    missing = _missing(facts, held, holdings)
    status = _status(facts, held, missing)
    return Standing(
        hop=hop,
        status=status,
        events_held=len(held),
        events=len(facts),
        materials_held=len(roots - missing),
        materials=len(roots),
        heard_ms=_heard_ms(mine, facts, status),
        safe_ms=_safe_ms([one for one in mine if one.receipt.grade == SAFE], facts),
        fell_back=_fell_back(mine, holdings, facts),
    )


def _missing(
    facts: Sequence[Fact], held: Sequence[Fact], holdings: Mapping[tuple[str, str], list[Holding]]
) -> set[str]:
    return {root for fact in facts for root in (fact.materials if fact not in held else _lacking(holdings, fact))}


def _heard_ms(mine: Sequence[Heard], facts: Sequence[Fact], status: Status) -> int | None:
    """When the newest receipt came that says so; of those about the disk, where they say it all."""
    on_disk = [one for one in mine if one.receipt.grade == DURABLE]
    if len(on_disk) < len(mine) and status is not Status.NOT_YET:
        holdings = _by_chain(one.receipt for one in on_disk)
        if all(_covers(holdings, fact) and not _lacking(holdings, fact) for fact in facts):
            mine = on_disk
    return max((one.heard_ms for one in mine), default=None)


def _status(facts: Sequence[Fact], held: Sequence[Fact], missing: set[str]) -> Status:
    if not facts or len(held) < len(facts):
        return Status.NOT_YET
    return Status.PARTLY if missing else Status.HELD


def _safe_ms(safe: Sequence[Heard], facts: Sequence[Fact]) -> int | None:
    holdings = _by_chain(one.receipt for one in safe)
    is_safe = facts and all(_covers(holdings, fact) and not _lacking(holdings, fact) for fact in facts)
    return max(one.heard_ms for one in safe) if is_safe else None


def covers(receipt: Receipt, fact: Fact) -> bool:
    """Whether a receipt says that this very event is held."""
    return _covers(_by_chain([receipt]), fact)


def covered(receipt: Receipt, fact: Fact) -> frozenset[str]:
    """Those of an event's blobs that a receipt says are whole; none when it does not cover the event."""
    holdings = _by_chain([receipt])
    return frozenset(fact.materials).difference(_lacking(holdings, fact)) if _covers(holdings, fact) else frozenset()


def _fell_back(mine: Sequence[Heard], holdings: Mapping[tuple[str, str], list[Holding]], facts: Sequence[Fact]) -> bool:
    former = _by_chain(one.fallen_from for one in mine if one.fallen_from is not None)
    return any(
        _covers(former, fact)
        and (not _covers(holdings, fact) or set(_lacking(holdings, fact)) - set(_lacking(former, fact)))
        for fact in facts
    )


def _by_chain(receipts: Iterable[Receipt]) -> dict[tuple[str, str], list[Holding]]:
    found: dict[tuple[str, str], list[Holding]] = {}
    for receipt in receipts:
        for holding in receipt.holds:
            found.setdefault((holding.writer, holding.life), []).append(holding)
    return found


def _covers(holdings: Mapping[tuple[str, str], list[Holding]], fact: Fact) -> bool:
    return any(_has(holding, fact) for holding in holdings.get((fact.writer, fact.life), ()))


def _has(holding: Holding, fact: Fact) -> bool:
    # The head tells whether it is this very event; below it the chain does.
    return holding.holds(fact.number) and (holding.counter != fact.number or holding.head == fact.hash)


def _lacking(holdings: Mapping[tuple[str, str], list[Holding]], fact: Fact) -> tuple[str, ...]:
    """Blobs of a held event that every receipt covering it lacks."""
    covering = [one for one in holdings.get((fact.writer, fact.life), ()) if _has(one, fact)]
    return tuple(
        root
        for material, root in enumerate(fact.materials)
        if all((fact.number, material) in holding.lacks for holding in covering)
    )
