"""Whether a statement may be believed: whose key it is, of whom its signer may speak, what contradicts it.

Must not know: what the statements say.
"""

from sync.custody.issuing import Own
from sync.errors import Unauthorized
from sync.store.ledger.alarms import Alarm, is_open_from, raise_alarm
from sync.store.ledger.certificates import Known, certificate_of, certificates_above
from sync.store.ledger.writers import held_hash
from sync.store.transaction import Transaction
from sync.trust.chain import digest_text
from sync.values.statements import Signed


def signer_of(tx: Transaction, own: Own, signed: Signed) -> Known:
    """Whoever signed, by certificate; ourselves we know without one."""
    if signed.signer == own.pair.writer:
        return Known(own.pair.writer, own.sid, "", "", "", "", own.pair.public, 0, False)
    known = certificate_of(tx, signed.signer)
    if known is None:
        raise Unauthorized("the signer has no certificate here")
    if known.revoked:
        raise Unauthorized("the signer's certificate is revoked")
    return known


def require_own_station(signer: Known, station: str, kind: str) -> None:
    """Raise Unauthorized when a statement is about another station than its signer's."""
    if station != signer.sid:
        raise Unauthorized(f"this statement of {kind} is about another station than its signer's")


def require_concern(tx: Transaction, signer: Known, station: str, kind: str) -> None:
    """Raise Unauthorized when a statement is about a station that is certainly not at or below its signer's.

    It would go down to that station. Where the way up from it is not known to the top, nobody can tell yet.
    """
    if station == signer.sid:
        return
    above = certificates_above(tx, station)
    if signer.sid not in {one.sid for one in above} and any(not one.parent for one in above):
        raise Unauthorized(f"this {kind} is about a station that is not below its signer's")


def compare_head(
    tx: Transaction, writer: str, life: str, *, number: int, head: bytes, source: str, now_ms: int
) -> None:
    """Hold a head somebody signed against the event we have under that number."""
    known = held_hash(tx, writer, life, number)
    if known is not None and known != head:
        note_two_heads(tx, writer, life, number, heads=(known, head), now_ms=now_ms, source=source)


def note_two_heads(
    tx: Transaction, writer: str, life: str, number: int, *, heads: tuple[bytes, bytes], now_ms: int, source: str = ""
) -> None:
    """Once for each who says so of a writer's life, until somebody has looked into it: a liar says it without end."""
    known, offered = (digest_text(head) for head in heads)
    if not is_open_from(tx, "two-heads", writer, life, source or writer):
        raise_alarm(tx, Alarm("two-heads", writer, life, number, known, offered, source or writer, now_ms))
