"""Taking in statements that others signed: verified, compared with what is known, kept byte for byte.

A statement that cannot be believed is data, not an exception: one bad one in an exchange delays
nothing. What contradicts another signature is kept as an alarm.

Must not know: who brought them, where they go next.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from sync.custody.avowals import AVOWAL, avowal_subject, read_avowal, verify_avowal
from sync.custody.believing import compare_head, note_two_heads, require_concern, require_own_station, signer_of
from sync.custody.certificates import CERTIFICATE, as_known, verify_certificate
from sync.custody.issuing import Own, receipt_subject
from sync.custody.misses import MISSES, read_misses, verify_misses
from sync.custody.quittances import QUITTANCE, quittance_subject, read_quittance, verify_quittance
from sync.custody.receipts import RECEIPT, read_receipt, verify_receipt
from sync.custody.rosters import ROSTER, read_roster, verify_roster
from sync.custody.seals import SEAL, Seal, read_seal, verify_seal
from sync.custody.sightings import SIGHTING, read_sighting, verify_sighting
from sync.custody.stating import FalseSignature
from sync.custody.taking_receipts import has_fallen, take_receipt
from sync.errors import Forbidden, Refused, Unauthorized
from sync.records.missed_words import may_be_noted
from sync.store.ledger.alarms import Alarm, raise_alarm
from sync.store.ledger.certificates import (
    Known,
    certificates_below,
    put_certificate,
)
from sync.store.ledger.custody import (
    Kept,
    count_of_unborn,
    count_unborn,
    drop_statement,
    newest_statement,
    put_statement,
    statements_of,
)
from sync.store.ledger.lives import Life, begin_life_here, current_life
from sync.store.ledger.missed_days import MOST_DAYS
from sync.store.ledger.missed_words import drop_missed, put_missed
from sync.store.ledger.volumes import forget_acknowledged
from sync.store.ledger.writers import held_any, held_hash, own_position
from sync.store.place import renew_epoch
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.statements import Signed

# Lives a writer may have sealed of which no event is here, as at a new node: more restores than any machine sees.
_MOST_UNBORN = 64
# Of such lives so many avowals, or quittances: a centre that was restored has one for each of some thousand stations.
_MOST_OF_UNBORN = 10_000
_FIRST = (CERTIFICATE, SEAL, RECEIPT)  # certificates tell the keys that the others are verified with


class Taker(Protocol):
    """How statements of a kind are taken in; each may raise Refused."""

    def __call__(self, tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
        """Whether it says anything new."""
        ...


class Taken(Value):
    """What became of some statements.

    kept     new ones;  passed_over, genuine ones that were known, or are older than what was known
    refused  (statement, reason); an unknown signer may become known with a later certificate
    fallen   holders that no longer have on their disk what they once signed for: it is to be sent again
    reborn   whether we live a new life now: somebody has from us what we do not remember having signed
    """

    kept: tuple[Signed, ...] = ()
    refused: tuple[tuple[Signed, str], ...] = ()
    fallen: frozenset[str] = frozenset()
    reborn: bool = False
    passed_over: tuple[Signed, ...] = ()


def take(tx: Transaction, own: Own, statements: Iterable[Signed], *, centre_key: bytes, now_ms: int) -> Taken:
    """Take in statements; what the fallen acknowledged is forgotten.

    Our own of the life we live, when they are newer than ours, tell that our disk was put back behind our back, or that
    a twin is alive. Numbers given since would come twice, so we go on in a new life from here.

    centre_key  the centre's public key as pinned at enrolment
    """
    kept: list[Signed] = []
    passed_over: list[Signed] = []
    refused: list[tuple[Signed, str]] = []
    fallen: set[str] = set()
    forgotten = False
    for signed in sorted(statements, key=_turn):
        try:
            forgotten = forgotten or _is_beyond_us(tx, own, signed)
            if signed.kind == CERTIFICATE:
                new = _take_certificate(tx, signed, centre_key=centre_key, now_ms=now_ms)
            elif signed.kind == RECEIPT:
                new = take_receipt(tx, own, signed, now_ms=now_ms)
                if new and has_fallen(tx, signed):
                    fallen.add(signed.signer)
            elif signed.kind in _TAKERS:
                new = _TAKERS[signed.kind](tx, signed, signer_of(tx, own, signed), now_ms=now_ms)
            else:
                raise Unauthorized(f"{signed.kind} is no statement this node knows")
        except Refused as error:
            if isinstance(error, FalseSignature) and signed.kind != CERTIFICATE:
                _note_false(tx, signed, now_ms=now_ms)
            refused.append((signed, error.reason))
            continue
        (kept if new else passed_over).append(signed)
    forget_acknowledged(tx, fallen)
    if forgotten:
        _go_on_in_a_new_life(tx, own, now_ms=now_ms)
    return Taken(tuple(kept), tuple(refused), frozenset(fallen), forgotten, tuple(passed_over))


def _turn(signed: Signed) -> int:
    return _FIRST.index(signed.kind) if signed.kind in _FIRST else len(_FIRST)


def _is_beyond_us(tx: Transaction, own: Own, signed: Signed) -> bool:
    """Whether we have signed this in the life we live, and do not remember it."""
    if signed.signer != own.pair.writer:
        return False
    life, public_key = current_life(tx), own.pair.public
    if signed.kind == SEAL:
        seal = verify_seal(signed, public_key=public_key)
        return seal.life == life.life and _is_of_another(tx, seal.writer, life, seal.counter, seal.head)
    if signed.kind == AVOWAL:
        avowal = verify_avowal(signed, public_key=public_key)
        return avowal.life == life.life and _is_of_another(tx, avowal.writer, life, avowal.counter, avowal.events[-1])
    if signed.kind == QUITTANCE:
        quittance = verify_quittance(signed, public_key=public_key)
        return quittance.life == life.life and quittance.counter > own_position(tx).number
    if signed.kind != RECEIPT:
        return False
    receipt = verify_receipt(signed, public_key=public_key)
    if (receipt.epoch, receipt.life) != (life.epoch, life.life):
        return False
    ours = receipt.holding(own.pair.writer, life.life)
    if ours is not None and _is_of_another(tx, own.pair.writer, life, ours.counter, ours.head):
        return True
    kept = newest_statement(tx, RECEIPT, own.pair.writer, subject=receipt_subject(receipt.station, receipt.grade))
    return kept is None or (kept.signed != signed and receipt.order >= read_receipt(kept.signed.payload).order)


def _is_of_another(tx: Transaction, writer: str, life: Life, number: int, head: bytes) -> bool:
    """Whether this is not our event under that number of the life we live, however many we have written since."""
    own = own_position(tx)
    known = own.head if number == own.number else held_hash(tx, writer, life.life, number)
    return number > own.number or known not in (None, head)


def _go_on_in_a_new_life(tx: Transaction, own: Own, *, now_ms: int) -> None:
    before = current_life(tx)
    renew_epoch(tx)
    life = begin_life_here(tx, "turned-back", now_ms=now_ms)
    number = own_position(tx).number
    alarm = Alarm("turned-back", own.pair.writer, before.life, number, before.life, life.life, own.sid, now_ms)
    raise_alarm(tx, alarm)


def has_gone_back(reader: Reader, said: Iterable[Signed], life: str) -> bool:
    """Whether a node in this life, in what it says of itself now, has less behind it than it once had."""
    receipts = (read_receipt(one.payload) for one in said if one.kind == RECEIPT and _is_known_better(reader, one))
    return any(receipt.life == life for receipt in receipts)


def _is_known_better(reader: Reader, signed: Signed) -> bool:
    receipt = read_receipt(signed.payload)
    kept = newest_statement(reader, RECEIPT, signed.signer, subject=receipt_subject(receipt.station, receipt.grade))
    return kept is not None and kept.signed != signed and receipt.order <= read_receipt(kept.signed.payload).order


def _take_certificate(tx: Transaction, signed: Signed, *, centre_key: bytes, now_ms: int) -> bool:
    certificate = verify_certificate(signed, centre_key=centre_key)
    known = as_known(certificate)
    if not put_certificate(tx, known):
        return False
    put_statement(tx, signed, subject=certificate.writer, station=certificate.sid, now_ms=now_ms)
    return True


def _take_seal(tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
    seal = verify_seal(signed, public_key=signer.public_key)
    compare_head(tx, seal.writer, seal.life, number=seal.counter, head=seal.head, source=signed.signer, now_ms=now_ms)
    kept = newest_statement(tx, SEAL, signed.signer, subject=seal.life)
    if kept is None:
        _require_few_lives(tx, seal)
    elif not _newer_seal(tx, read_seal(kept.signed.payload), seal, now_ms=now_ms):
        return False
    put_statement(tx, signed, subject=seal.life, station=signer.sid, now_ms=now_ms)
    return True


def _require_few_lives(tx: Transaction, seal: Seal) -> None:
    """Raise Forbidden for yet another life that nothing is here of: seals are kept for good, and cost nothing to sign.

    The first event of that life opens the door. No seal that is known is let go of instead: of a head that was
    forgotten nobody could say that it contradicts another.
    """
    if held_any(tx, seal.writer, seal.life) or count_unborn(tx, SEAL, seal.writer) < _MOST_UNBORN:
        return
    raise Forbidden("seals of more lives than a node lives, and nothing of them is here")


def _require_few_of(tx: Transaction, kind: str, writer: str, life: str) -> None:
    """The same for what is kept by station and life; raises Forbidden."""
    if held_any(tx, writer, life):
        return
    lives, number = count_of_unborn(tx, kind, writer, but=life)
    if lives >= _MOST_UNBORN or number >= _MOST_OF_UNBORN:
        raise Forbidden(f"{kind}s of more lives than a node lives, and nothing of them is here")


def _newer_seal(tx: Transaction, known: Seal, offered: Seal, *, now_ms: int) -> bool:
    if known.counter == offered.counter and known.head != offered.head:
        note_two_heads(tx, known.writer, known.life, known.counter, heads=(known.head, offered.head), now_ms=now_ms)
    return offered.counter > known.counter


def _take_avowal(tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
    avowal = verify_avowal(signed, public_key=signer.public_key)
    require_concern(tx, signer, avowal.station, AVOWAL)
    subject = avowal_subject(avowal.station, avowal.life, avowal.counter)
    kept = newest_statement(tx, AVOWAL, signed.signer, subject=subject)
    # One that ends with the same event and begins with a later one says nothing new.
    if kept is not None and len(read_avowal(kept.signed.payload).events) >= len(avowal.events):
        return False
    if kept is None:
        _require_few_of(tx, AVOWAL, avowal.writer, avowal.life)
    put_statement(tx, signed, subject=subject, station=avowal.station, now_ms=now_ms)
    return True


def _take_misses(tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
    told = verify_misses(signed, public_key=signer.public_key)
    require_own_station(signer, told.station, MISSES)
    kept = newest_statement(tx, MISSES, signed.signer, subject=told.day)
    if kept is not None and read_misses(kept.signed.payload).times >= told.times:
        return False
    days = [one.subject for one in statements_of(tx, MISSES, (signed.signer,))]
    oldest = sorted({*days, told.day}, reverse=True)[:MOST_DAYS][-1]
    if told.day < oldest:  # told again by a slow road
        return False
    put_statement(tx, signed, subject=told.day, station=told.station, now_ms=now_ms)
    words = ((text, times) for text, times in told.words if may_be_noted(text))
    put_missed(tx, signed.signer, told.day, sid=told.station, words=words)
    for day in (one for one in days if one < oldest):
        drop_statement(tx, MISSES, signed.signer, subject=day)
        drop_missed(tx, signed.signer, day)
    return True


def _take_quittance(tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
    quittance = verify_quittance(signed, public_key=signer.public_key)
    require_concern(tx, signer, quittance.station, QUITTANCE)
    subject = quittance_subject(quittance.station, quittance.life)
    kept = newest_statement(tx, QUITTANCE, signed.signer, subject=subject)
    if kept is not None and read_quittance(kept.signed.payload).counter >= quittance.counter:
        return False
    if kept is None:
        _require_few_of(tx, QUITTANCE, quittance.writer, quittance.life)
    put_statement(tx, signed, subject=subject, station=quittance.station, now_ms=now_ms)
    return True


def _take_sighting(tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
    told = verify_sighting(signed, public_key=signer.public_key)
    if told.station not in {known.sid for known in certificates_below(tx, signer.sid)} - {signer.sid}:
        raise Unauthorized("this sighting is of a station that is not below its signer's")
    kept = newest_statement(tx, SIGHTING, signed.signer, subject=told.station)
    if kept is not None and (kept.signed == signed or sighted_ms(kept) >= min(told.at_ms, now_ms)):
        return False
    put_statement(tx, signed, subject=told.station, station=told.station, now_ms=now_ms)
    return True


def _take_roster(tx: Transaction, signed: Signed, signer: Known, *, now_ms: int) -> bool:
    told = verify_roster(signed, public_key=signer.public_key)
    require_own_station(signer, told.station, ROSTER)
    kept = newest_statement(tx, ROSTER, signed.signer, subject=told.station)
    if kept is not None and read_roster(kept.signed.payload).issue >= told.issue:
        return False
    put_statement(tx, signed, subject=told.station, station=told.station, now_ms=now_ms)
    return True


def sighted_ms(kept: Kept) -> int:
    """When the station of a sighting was heard, and no later than the word of it arrived: its clock may be ahead."""
    return min(read_sighting(kept.signed.payload).at_ms, kept.heard_ms)


def _note_false(tx: Transaction, signed: Signed, *, now_ms: int) -> None:
    """Somebody we know did not sign what bears his name: one alarm for each such kind, however much of it comes."""
    raise_alarm(tx, Alarm("false-signature", signed.signer, "", 0, signed.kind, "", signed.kind, now_ms))


# Whatever its signer says of itself, by the certificate it has; the others are taken in ways of their own.
_TAKERS: Mapping[str, Taker] = {
    SEAL: _take_seal,
    AVOWAL: _take_avowal,
    MISSES: _take_misses,
    QUITTANCE: _take_quittance,
    SIGHTING: _take_sighting,
    ROSTER: _take_roster,
}
