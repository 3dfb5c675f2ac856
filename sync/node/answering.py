"""What a node answers to an exchange from below.

Everything it says of itself is brought up to date first: a receipt given now covers whatever the
asker has just brought. When nothing changed, nothing is written.

Must not know: HTTP.
"""

from sync.custody.taking import take
from sync.errors import NotFound
from sync.node.holding import account_for
from sync.node.node import Node
from sync.node.sharing import held_among, home_databases, stations_below
from sync.node.statements import own_of, pinned_centre, statements_for_child
from sync.node.tending import tend
from sync.records.ids import PUBLIC
from sync.store.ledger.certificates import Known, all_certificates
from sync.store.ledger.contacts import contact, note_heard
from sync.store.transaction import Transaction
from sync.values.statements import Answer, Offer

# Hearing a station again a moment later is no news worth a write.
_WORTH_NOTING_MS = 60_000


def answer(node: Node, peer: Known, offer: Offer) -> Answer:
    """Take in what a node below us says, and tell it what it has not heard.

    raises  NotFound while we are not certified ourselves
    """
    centre_key = node.read(pinned_centre)
    if centre_key is None:
        raise NotFound("本节点尚未在中心登记")
    own = own_of(node.identity)
    if offer.statements:
        node.write(lambda tx: take(tx, own, offer.statements, centre_key=centre_key, now_ms=node.clock()))
    theirs = stations_below(peer.sid, node.read(all_certificates))
    tend(node, held_among(node, theirs))
    account_for(node, theirs)
    _note_heard(node, peer)
    statements, heard = node.read(
        lambda reader: statements_for_child(reader, peer, heard=offer.heard, life=node.identity.life)
    )
    return Answer(statements, heard, _positions(node, theirs, offer), node.clock())


def _positions(node: Node, theirs: frozenset[str], offer: Offer) -> tuple[tuple[str, str], ...]:
    shared = {PUBLIC, *home_databases(theirs)}.intersection(offer.databases, node.databases.names())
    return tuple((name, node.documents.database(name).info().update_seq) for name in sorted(shared))


def _note_heard(node: Node, peer: Known) -> None:
    now_ms = node.clock()
    known = node.read(lambda reader: contact(reader, peer.sid))
    if known is None or known.heard_ms is None or abs(now_ms - known.heard_ms) > _WORTH_NOTING_MS:

        def work(tx: Transaction) -> None:
            note_heard(tx, peer.sid, now_ms=now_ms)

        node.engine.post(work)
