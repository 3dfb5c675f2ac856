"""A device loses the centre's trust, and may get it back.

A device that was lost, stolen or copied is revoked: its certificate is signed anew, revoked, and goes to every station
before all else. From where it has arrived nobody exchanges anything with that device, and believes nothing it signs.
What had come from it before stays, with the receipts given for it; what it has not sent lies on it, and comes when it
is reinstated. A code that nobody has used yet can be revoked, too: it may have been overheard.

Must not know: Flask, the command line.
"""

from central.messages import _
from central.registry.certifying import certify_revoked
from central.registry.registered import is_revoked, issued_device
from sync.errors import Conflict, Invalid
from sync.node.node import Node
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.certificates import certificate_of
from sync.store.ledger.stations import Issued, note_revoked
from sync.store.transaction import Transaction

LONGEST_REASON = 200


def revoke(tx: Transaction, node: Node, sid: str, device: str, *, why: str, by: str) -> None:
    """Revoke a device, or a code that nobody has used.

    device   its code, such as `01`; every other code that the same key used goes with it
    why      kept with the device and in the audit;  by, who does it, as the audit names actors
    raises   Invalid naming `why`; NotFound; Conflict when it is revoked already
    """
    why = why.strip()
    if not 0 < len(why) <= LONGEST_REASON or not why.isprintable():
        reason = _("Say why, in 1 to %(most)s characters", most=LONGEST_REASON)
        raise Invalid(_("Something is not filled in rightly"), fields=[("why", reason)])
    issued, now_ms = issued_device(tx, sid, device), node.clock()
    _turn(tx, node, issued, revoked=True, now_ms=now_ms)
    note_revoked(tx, sid, issued.device, at_ms=now_ms, why=why)
    append_entry(tx, Entry(now_ms, by, "device_revoked", sid, f"{issued.device} {why}"))


def reinstate(tx: Transaction, node: Node, sid: str, device: str, *, by: str) -> None:
    """Take a revocation back. Raises NotFound; Conflict when the device is not revoked."""
    issued, now_ms = issued_device(tx, sid, device), node.clock()
    _turn(tx, node, issued, revoked=False, now_ms=now_ms)
    note_revoked(tx, sid, issued.device, at_ms=None)
    append_entry(tx, Entry(now_ms, by, "device_reinstated", sid, issued.device))


def _turn(tx: Transaction, node: Node, issued: Issued, *, revoked: bool, now_ms: int) -> None:
    if is_revoked(issued, certificate_of(tx, issued.writer)) == revoked:
        raise Conflict(_("This device is revoked already") if revoked else _("This device is not revoked"))
    if issued.writer:
        certify_revoked(tx, node.identity, issued.writer, revoked=revoked, now_ms=now_ms)
