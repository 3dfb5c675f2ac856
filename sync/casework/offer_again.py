"""What was set aside is offered again: to the guard here, or to the node above that refused it; and its bytes are read.

What was wrong may have been put right meanwhile, by a certificate, a new catalogue, a new version of the software.

Must not know: who may do this, how it is shown.
"""

from typing import Any

from sync.errors import BadRequest, Conflict, NotFound
from sync.messages import N_, _
from sync.node.node import Node
from sync.node.sharing import UPSTREAM, SharedDatabases, offerer_above, offerer_below, stations_under
from sync.records.guard import Offerer
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.certificates import certificate_of, certificates_below
from sync.store.ledger.set_aside import Item, bring_forward, find_aside
from sync.store.ledger.set_aside import settle_aside as settle
from sync.store.transaction import Transaction
from sync.values.documents import Document
from sync.values.json_text import parse_object
from sync.wire.documents import read_replica

TAKEN, REFUSED, DUE = "taken", "refused", "due"
_TAKEN_WHY = N_("Offered once more and taken")
_SENTENCES = {
    TAKEN: N_("It is taken now"),
    REFUSED: N_("Still not as it has to be, it was not taken"),
    DUE: N_("It is sent once more with the next call to the node above"),
}


def read_bytes(node: Node, item: int, *, by: str) -> bytes:
    """What was set aside, as it came; that somebody read it is noted. Raises NotFound."""
    now_ms = node.clock()

    def work(tx: Transaction) -> bytes:
        found = _found(find_aside(tx, item))
        append_entry(tx, Entry(now_ms, by, "aside_read", f"aside:{item}"))
        return found.document

    return node.engine.write(work)


def offer_again(node: Node, item: int, *, by: str, why: str = "") -> dict[str, Any]:
    """Offer it again; `why`, for the audit.

    returns  {"item", "outcome": `taken`, `refused` or `due`, "sentence"}; `due`, when it is for the node above to take
    raises   NotFound; Conflict where it has been dealt with, cannot be read, or whoever brought it is trusted no more
    """
    found = _found(node.engine.read(lambda reader: find_aside(reader, item)))
    if found.settled_ms is not None:
        raise Conflict(_("This file was dealt with before"), remedy=_("Look at it after loading the page again."))
    outcome = DUE if found.next_ms is not None else _judged(node, found)
    now_ms = node.clock()

    def work(tx: Transaction) -> None:
        if outcome == DUE:
            bring_forward(tx, item, now_ms=now_ms)
        if outcome == TAKEN:
            settle(tx, item, now_ms=now_ms, by=by, why=_(_TAKEN_WHY))
        append_entry(tx, Entry(now_ms, by, "aside_offered", f"aside:{item}", f"{outcome} {why}".strip()))

    node.engine.write(work)
    return {"item": item, "outcome": outcome, "sentence": _(_SENTENCES[outcome])}


def _found(item: Item | None) -> Item:
    if item is None:
        raise NotFound(_("There is no such file"))
    return item


def _judged(node: Node, item: Item) -> str:
    """What the guard says to it now; what it lets in is written."""
    document, offerer = _read(item), _offerer(node, item)
    (outcome,) = SharedDatabases(node, (item.database,), offerer).open(item.database).graft([document])
    return TAKEN if outcome.error is None else REFUSED


def _read(item: Item) -> Document:
    unreadable = Conflict(
        _("Its contents cannot be read, it cannot be taken"), remedy=_("Have the other side send it anew.")
    )
    if not item.revision:  # it was none when it came
        raise unreadable
    try:
        return read_replica(parse_object(item.document))
    except BadRequest:
        raise unreadable from None


def _offerer(node: Node, item: Item) -> Offerer:
    """Whoever brought it, with what it may carry today."""
    if item.offered_by == UPSTREAM:
        return offerer_above(node)
    if item.offered_by == node.identity.writer:
        raise Conflict(
            _("This is what this machine did not give away, nobody brought it"),
            remedy=_("Check the disk of this machine first, then the other side fetches it again."),
        )
    known = node.read(lambda reader: certificate_of(reader, item.offered_by))
    under = node.read(lambda reader: stations_under(reader, node.identity.sid))
    if known is None or known.revoked or known.sid not in under:
        raise Conflict(
            _("The device that brought it is trusted no more, it cannot be taken"),
            remedy=_("Have the station send it anew with the device it has now."),
        )
    return offerer_below(node, known, node.read(lambda reader: certificates_below(reader, known.sid)))
