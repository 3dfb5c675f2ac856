"""Gathering from the ledger what `standing` needs: the hops above a station, a case's facts, receipts heard.

Must not know: words shown to people.
"""

from collections.abc import Iterable, Sequence

from sync.custody.issuing import Own, receipt_subject
from sync.custody.materials import materials_of
from sync.custody.receipts import DURABLE, RECEIPT, SAFE, Receipt, read_receipt
from sync.custody.standing import Fact, Heard, Hop, Standing, standing
from sync.records.events import Event
from sync.store.ledger.certificates import certificate_of, certificates_of_station
from sync.store.ledger.custody import Kept, newest_statement
from sync.store.ledger.writers import held_hash
from sync.store.transaction import Reader
from sync.trust.chain import read_digest
from sync.typed import replace

_MOST_HOPS = 8  # village, township, county, centre; a loop in the certificates ends here


def case_standing(reader: Reader, own: Own, station: str, events: Iterable[Event]) -> tuple[Standing, ...]:
    """How far a case of a station has come, own station first, the centre last.

    events  every event of the case, as the record's log lists them
    """
    hops = hops_above(reader, own, station)
    facts = facts_of(reader, own, events)
    return standing(hops, facts, heard_from(reader, hops, {fact.sid for fact in facts}))


def hops_above(reader: Reader, own: Own, station: str) -> tuple[Hop, ...]:
    """The way from a station up to the centre, as far as certificates tell."""
    hops: list[Hop] = []
    while station and len(hops) < _MOST_HOPS:
        certified = certificates_of_station(reader, station)
        signers = {one.writer for one in certified if not one.revoked}
        if own.sid == station:
            signers.add(own.pair.writer)
        # Of several nodes of a station the one certified last says what it is called and what is above it. One that
        # is revoked still says so when there is no other: the way goes on, only nobody signs for this stop.
        newest = max(certified, key=lambda one: (not one.revoked, one.issue), default=None)
        if newest is None:
            return (*hops, Hop(station, "", "", tuple(sorted(signers)))) if signers else tuple(hops)
        hops.append(Hop(station, newest.level, newest.name, tuple(sorted(signers))))
        station = newest.parent
    return tuple(hops)


def facts_of(reader: Reader, own: Own, events: Iterable[Event]) -> tuple[Fact, ...]:
    """A case's events as `standing` wants them."""
    events = tuple(events)
    sids = {writer: _sid_of(reader, own, writer) for writer in {event.writer for event in events}}
    return tuple(
        Fact(
            event.writer,
            event.life,
            event.number,
            read_digest(event.hash),
            sids[event.writer],
            materials_of(event.set),
        )
        for event in events
    )


def heard_from(reader: Reader, hops: Sequence[Hop], stations: Iterable[str]) -> tuple[Heard, ...]:
    """Receipts of the hops' signers about these stations, without what contradicts the events we hold ourselves.

    Receipts were verified when they were taken in; a signer revoked since is no hop's signer any more. What a holder
    said of its backup counts for the life in which it signs for its disk: one that was restored may have lost that too.
    """
    subjects = [receipt_subject(station, grade) for station in sorted(set(stations)) for grade in (DURABLE, SAFE)]
    kept = (
        newest_statement(reader, RECEIPT, signer, subject=subject)
        for hop in hops
        for signer in hop.signers
        for subject in subjects
    )
    heard = [_heard(reader, one) for one in kept if one is not None]
    lives = {_place(one.receipt): _life(one.receipt) for one in heard if one.receipt.grade == DURABLE}
    return tuple(one for one in heard if lives.get(_place(one.receipt), _life(one.receipt)) == _life(one.receipt))


def _place(receipt: Receipt) -> tuple[str, str]:
    return receipt.holder, receipt.station


def _life(receipt: Receipt) -> tuple[int, str]:
    return receipt.epoch, receipt.life


def _heard(reader: Reader, kept: Kept) -> Heard:
    former = None if kept.fallen_from is None else read_receipt(kept.fallen_from)
    return Heard(plausible(reader, read_receipt(kept.signed.payload)), kept.heard_ms, former)


def _sid_of(reader: Reader, own: Own, writer: str) -> str:
    known = certificate_of(reader, writer)
    if known is not None:
        return known.sid
    return own.sid if writer == own.pair.writer else ""


def plausible(reader: Reader, receipt: Receipt) -> Receipt:
    """A holding whose head is not the event we hold under that number is of another chain: an alarm, no proof."""
    holds = tuple(
        one for one in receipt.holds if held_hash(reader, one.writer, one.life, one.counter) in (None, one.head)
    )
    return replace(receipt, holds=holds)
