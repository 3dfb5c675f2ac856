"""Signing what this node holds and what it has written, when that has changed.

An unchanged holding is not signed again, so an idle network comes to rest.

Must not know: who will read it.
"""

from collections.abc import Iterable
from itertools import groupby

from sync.custody.avowals import MOST_EVENTS, avowal_subject, make_avowal
from sync.custody.holdings import holdings_of
from sync.custody.receipts import DURABLE, RECEIPT, Holding, Receipt, make_receipt, read_receipt
from sync.custody.rosters import ROSTER, listed, make_roster, read_roster
from sync.custody.seals import SEAL, make_seal, read_seal
from sync.records.clock import time_text
from sync.store.ledger.accounts import all_accounts
from sync.store.ledger.certificates import certificate_of, certificates_of_station
from sync.store.ledger.custody import newest_statement, put_statement
from sync.store.ledger.lives import current_life
from sync.store.ledger.own_steps import OwnStep, forget_own_steps, own_steps
from sync.store.ledger.reached import note_reached
from sync.store.ledger.writers import Position, own_position
from sync.store.transaction import Reader, Transaction
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

_SEALED_MS = 24 * 3_600_000  # so long a seal stands while receipts say more


class Own(Value):
    """This node: its key, and the station it belongs to (certified or not yet)."""

    pair: KeyPair
    sid: str


def issue_receipts(tx: Transaction, own: Own, stations: Iterable[str], *, now_ms: int) -> tuple[Signed, ...]:
    """Sign what is held of the writers of some stations, where it changed since the last receipt of this life.

    returns  the new receipts, which are kept already
    """
    issued = (
        issue_receipt(tx, own, station, holdings_of_station(tx, own, station), grade=DURABLE, now_ms=now_ms)
        for station in sorted(set(stations))
    )
    return tuple(receipt for receipt in issued if receipt is not None)


def issue_receipt(
    tx: Transaction, own: Own, station: str, holds: tuple[Holding, ...], *, grade: str, now_ms: int
) -> Signed | None:
    """Sign that so much is held of the writers of a station, and keep it; None when that was signed in this life."""
    life = current_life(tx)
    subject = receipt_subject(station, grade)
    kept = newest_statement(tx, RECEIPT, own.pair.writer, subject=subject)
    last = None if kept is None else read_receipt(kept.signed.payload)
    issue = 1
    if last is not None and (last.life, last.epoch) == (life.life, life.epoch):
        if last.holds == holds:
            return None
        issue = last.issue + 1
    elif last is None and not holds:
        return None
    receipt = Receipt(own.pair.writer, life.life, life.epoch, issue, station, grade, time_text(now_ms), holds)
    signed = make_receipt(own.pair, receipt)
    put_statement(tx, signed, subject=subject, station=station, now_ms=now_ms)
    note_how_far(tx, receipt, now_ms=now_ms)
    return signed


def note_how_far(tx: Transaction, receipt: Receipt, *, now_ms: int) -> None:
    """When its holder has come so far: the receipts themselves are replaced, and with them the time of the first."""
    if receipt.grade != DURABLE:
        return
    for one in receipt.holds:
        first, last = next(iter(one.held_ranges()), (0, 0))
        number = last if first == 1 else 0
        note_reached(tx, receipt.holder, one.writer, one.life, number=number, now_ms=now_ms)


def issue_seal(tx: Transaction, own: Own, *, now_ms: int) -> Signed | None:
    """Seal our own chain as it stands, and keep the seal; None when there is nothing new to seal.

    What a receipt of ours says already is sealed with it: to sign it twice would be 90 bytes on every edit. Once a day
    it is said all the same, for it outlives the receipt.
    """
    position = own_position(tx)
    if position.head is None:
        return None
    kept = newest_statement(tx, SEAL, own.pair.writer, subject=position.life)
    if kept is not None:
        is_of_today = abs(now_ms - kept.heard_ms) < _SEALED_MS
        is_known = read_seal(kept.signed.payload).counter == position.number
        if is_known or (is_of_today and _is_in_receipt(tx, own, position)):
            return None
    signed = make_seal(own.pair, position.life, counter=position.number, head=position.head)
    put_statement(tx, signed, subject=position.life, station=own.sid, now_ms=now_ms)
    return signed


def _is_in_receipt(reader: Reader, own: Own, position: Position) -> bool:
    """Whether a receipt of ours names the last event that we wrote."""
    kept = newest_statement(reader, RECEIPT, own.pair.writer, subject=receipt_subject(own.sid, DURABLE))
    holding = None if kept is None else read_receipt(kept.signed.payload).holding(own.pair.writer, position.life)
    return holding is not None and (holding.counter, holding.head) == (position.number, position.head)


def issue_roster(tx: Transaction, own: Own, *, now_ms: int) -> Signed | None:
    """Sign what those are called who sign in here, and keep that; None when nothing of it changed."""
    people = listed((one.name, one.display_name) for one in all_accounts(tx))
    kept = newest_statement(tx, ROSTER, own.pair.writer, subject=own.sid)
    known = None if kept is None else read_roster(kept.signed.payload)
    if not own.sid or people == (known.people if known else ()):
        return None
    signed = make_roster(own.pair, own.sid, known.issue + 1 if known else 1, people)
    put_statement(tx, signed, subject=own.sid, station=own.sid, now_ms=now_ms)
    return signed


def issue_avowals(tx: Transaction, own: Own, *, now_ms: int) -> None:
    """Put our name to what we have written into other stations' records, and keep that."""
    for (station, life), group in groupby(own_steps(tx), key=_place_of):
        written = tuple(group)
        for begin in range(0, len(written), MOST_EVENTS):
            some = written[begin : begin + MOST_EVENTS]
            counter = some[-1].number
            signed = make_avowal(own.pair, life, station, counter=counter, events=[one.hash for one in some])
            put_statement(tx, signed, subject=avowal_subject(station, life, counter), station=station, now_ms=now_ms)
    forget_own_steps(tx)


def _place_of(step: OwnStep) -> tuple[str, str]:
    return step.station, step.life


def stations_of(reader: Reader, own: Own, writers: Iterable[str]) -> frozenset[str]:
    """The stations these writers belong to, as far as certificates tell."""
    known = (certificate_of(reader, writer) for writer in set(writers) - {own.pair.writer})
    ours = {own.sid} if own.pair.writer in writers else set()
    return frozenset(ours | {one.sid for one in known if one is not None}) - {""}


def holdings_of_station(reader: Reader, own: Own, station: str) -> tuple[Holding, ...]:
    """What this node holds of each writer of a station, by writer and life.

    Our own events count with our station before any certificate says so: a station that no network
    has reached yet keeps its own books.
    """
    writers = {known.writer for known in certificates_of_station(reader, station)}
    if own.sid == station:
        writers.add(own.pair.writer)
    return holdings_of(reader, writers)


def receipt_subject(station: str, grade: str) -> str:
    """What a receipt is about: one is kept per holder, station and grade."""
    return f"{station} {grade}"
