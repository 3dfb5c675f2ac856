"""What this node holds, noted and signed: the facts behind 已到….

Must not know: who asks for it.
"""

from collections.abc import Callable, Collection, Iterable
from functools import partial

from sync.blobs.reading import held_whole
from sync.custody.holdings import follow, is_followed
from sync.custody.issuing import issue_avowals, issue_receipts, issue_roster, issue_seal, stations_of
from sync.node.node import Node
from sync.node.sharing import held_among, home_databases, is_whole
from sync.node.vouching.statements import own_of
from sync.store.ledger.blobs import note_complete
from sync.store.ledger.let_go import note_looked_at
from sync.store.ledger.lost_photos import lost_photos, settle_lost
from sync.store.ledger.own_steps import own_steps
from sync.store.ledger.wanted_photos import settle_wanted, wanted_photos
from sync.store.transaction import Transaction

STAYS_MS = 7 * 24 * 3_600_000  # who looked at a photo that was let go may well look again


def account_for(node: Node, stations: Iterable[str], *, is_ending: Callable[[], bool] = lambda: False) -> None:
    """Follow some stations' databases to their end, then sign receipts, a seal and a roster where something changed.

    stations   receipts about them are looked at even when no new event came, because a certificate may have
    is_ending  asked before each page of changes: what is left, and the signing, is done after the next start
    """
    with node.upkeep:
        own, asked = own_of(node.identity), frozenset(stations)
        writers: frozenset[str] = frozenset()
        for name in _unfollowed(node, home_databases(held_among(node, asked))):
            writers |= _follow_to_the_end(node, name, is_ending)
        if is_ending():
            return

        # A township writes into its villages' records, too, and has noted so as it wrote.
        writers |= {own.pair.writer}
        also = held_among(node, node.read(lambda reader: stations_of(reader, own, writers)) - asked)

        def work(tx: Transaction) -> None:
            issue_receipts(tx, own, asked | also, now_ms=node.clock())
            issue_seal(tx, own, now_ms=node.clock())
            issue_roster(tx, own, now_ms=node.clock())

        node.write(work)


def find_again(node: Node, names: Collection[str]) -> None:
    """See which photos of some databases are whole, after pieces have come: those that were lost are signed for again,
    and those that somebody waits for stay a while."""
    _end_waiting(node, names)
    lost = [one for one in node.read(lost_photos) if one.database in names]
    whole = [one for one in lost if is_whole(node, one.database, one.root)]
    if not whole:
        return
    own = own_of(node.identity)

    def work(tx: Transaction) -> None:
        writers: set[str] = set()
        for one in whole:
            settle_lost(tx, one.database, one.root)
            writers.update(note_complete(tx, one.database, one.root))
        issue_receipts(tx, own, stations_of(tx, own, writers), now_ms=node.clock())

    with node.upkeep:
        node.write(work)


def _end_waiting(node: Node, names: Collection[str]) -> None:
    wanted = [one for one in node.read(wanted_photos) if one.database in names]
    here = [one for one in wanted if held_whole(node.documents.database(one.database), one.root)]
    until_ms = node.clock() + STAYS_MS

    def work(tx: Transaction) -> None:
        for one in here:
            settle_wanted(tx, one)
            note_looked_at(tx, one.record, until_ms=until_ms)

    if here:
        node.write(work)


def avow(node: Node) -> None:
    """Put our name to what we have written into others' records, before it goes down to them; once for all of it."""
    if node.engine.look(own_steps):
        own = own_of(node.identity)
        node.write(lambda tx: issue_avowals(tx, own, now_ms=node.clock()))


def _unfollowed(node: Node, names: Iterable[str]) -> list[str]:
    """Those of some databases that may have something to be followed; one look for all of them."""
    databases = [node.documents.database(name) for name in names]
    return node.read(lambda reader: [one.name for one in databases if not is_followed(reader, one)])


def _follow_to_the_end(node: Node, name: str, is_ending: Callable[[], bool]) -> frozenset[str]:
    """The writers of whom something new is held."""
    database = node.documents.database(name)
    writers: frozenset[str] = frozenset()
    more = True
    while more and not is_ending():
        noted = follow(node.engine, database, now_ms=node.clock(), is_complete=partial(is_whole, node))
        writers |= noted.writers
        more = noted.more
    return writers
