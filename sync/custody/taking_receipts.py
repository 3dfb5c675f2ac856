"""Taking in receipts: the newest of a holder stands, a fall is noticed, two that cannot both be its own are an alarm.

Must not know: who brought them, where they go next.
"""

from sync.custody.believing import compare_head, note_two_heads, require_concern, signer_of
from sync.custody.issuing import Own, note_how_far, receipt_subject
from sync.custody.receipts import DURABLE, RECEIPT, Receipt, fell, lost_events, read_receipt, verify_receipt
from sync.errors import Unauthorized
from sync.store.ledger.alarms import Alarm, raise_repeated
from sync.store.ledger.certificates import certificate_of
from sync.store.ledger.custody import Kept, newest_statement, put_statement
from sync.store.ledger.lives import all_lives, current_life, raise_epoch
from sync.store.transaction import Transaction
from sync.values.statements import Signed


def take_receipt(tx: Transaction, own: Own, signed: Signed, *, now_ms: int) -> bool:
    """Whether it says anything new; raises Refused."""
    signer = signer_of(tx, own, signed)
    receipt = verify_receipt(signed, public_key=signer.public_key)
    subject = receipt_subject(receipt.station, receipt.grade)
    kept = newest_statement(tx, RECEIPT, signed.signer, subject=subject)
    if kept is not None and kept.signed == signed:
        return False
    if signed.signer == own.pair.writer:
        return _own_receipt(tx, receipt, now_ms=now_ms)
    require_concern(tx, signer, receipt.station, RECEIPT)
    _require_writers_of(tx, receipt)
    known = None if kept is None else read_receipt(kept.signed.payload)
    if known is not None:
        _compare_heads(tx, known, receipt, now_ms=now_ms)
    if known is not None and not _newer_receipt(tx, known, receipt, now_ms=now_ms):
        return False
    for one in receipt.holds:
        compare_head(tx, one.writer, one.life, number=one.counter, head=one.head, source=signed.signer, now_ms=now_ms)
    note_how_far(tx, receipt, now_ms=now_ms)
    former = _former(kept, receipt)
    put_statement(tx, signed, subject=subject, station=receipt.station, now_ms=now_ms, fallen_from=former)
    return True


def _own_receipt(tx: Transaction, receipt: Receipt, *, now_ms: int) -> bool:
    """A receipt of our own key coming back: we keep ours, but step over a life that was not one of ours.

    Such a life is a second restore of the same backup, dead or alive; alive, it is a twin, hence the alarm.
    """
    life = current_life(tx)
    if receipt.epoch >= life.epoch and receipt.life != life.life:
        raise_epoch(tx, receipt.epoch)
        if receipt.life not in {one.life for one in all_lives(tx)}:
            raise_repeated(tx, _two_lives(receipt.holder, life.life, receipt.life, now_ms=now_ms))
    return False


def _compare_heads(tx: Transaction, known: Receipt, offered: Receipt, *, now_ms: int) -> None:
    """Two last events under one number are two chains, which a twin writes; neither need have arrived here."""
    for one in offered.holds:
        before = known.holding(one.writer, one.life)
        if before is not None and before.counter == one.counter and before.head != one.head:
            heads = before.head, one.head
            note_two_heads(tx, one.writer, one.life, one.counter, heads=heads, now_ms=now_ms, source=offered.holder)


def _newer_receipt(tx: Transaction, known: Receipt, offered: Receipt, *, now_ms: int) -> bool:
    """Whether a receipt replaces the one known; two that cannot both be a holder's are an alarm.

    Two lives of one epoch were begun from one backup. Which came later nobody can tell, so the one heard last
    stands until its holder has heard of the other and stepped over it.
    """
    if known.epoch == offered.epoch and known.life != offered.life:
        raise_repeated(tx, _two_lives(known.holder, known.life, offered.life, now_ms=now_ms))
        return True
    if known.order == offered.order and known.holds != offered.holds:
        number, about = offered.issue, f"{offered.station} {offered.grade}"
        raise_repeated(tx, Alarm("two-receipts", known.holder, known.life, number, "", "", about, now_ms))
    return offered.order > known.order


def _two_lives(holder: str, known: str, offered: str, *, now_ms: int) -> Alarm:
    return Alarm("two-lives", holder, offered, 0, known, offered, holder, now_ms)


def _former(kept: Kept | None, receipt: Receipt) -> bytes | None:
    """The earlier payload that this receipt falls short of, until one reaches it again."""
    if kept is None:
        return None
    former = kept.fallen_from or kept.signed.payload
    return former if fell(read_receipt(former), receipt) else None


def has_fallen(tx: Transaction, signed: Signed) -> bool:
    """Whether its holder has, by what was kept of it a moment ago, less on its disk than it once signed for."""
    receipt = read_receipt(signed.payload)
    if receipt.grade != DURABLE:  # a backup that is gone takes nothing from the disk
        return False
    kept = newest_statement(tx, RECEIPT, signed.signer, subject=receipt_subject(receipt.station, receipt.grade))
    if kept is None or kept.fallen_from is None:
        return False
    former = read_receipt(kept.fallen_from)
    # Of photos that it lost in the life it lives it names what is to be sent again.
    return (former.epoch, former.life) != (receipt.epoch, receipt.life) or lost_events(former, receipt)


def _require_writers_of(tx: Transaction, receipt: Receipt) -> None:
    """Raise Unauthorized when a receipt speaks of a writer who is certainly another station's."""
    for one in receipt.holds:
        known = certificate_of(tx, one.writer)
        if known is not None and known.sid != receipt.station:
            raise Unauthorized("this receipt is about another station's writers")
