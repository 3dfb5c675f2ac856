"""How far another node is known to be with our feeds, and what we can tell it of how far we are with its.

Nothing can be asked of whom a volume is for. So only that is left out of which it has said itself that it has it, in
the life it lives now: in its own volumes, or over a network. Of several such positions each holds; the furthest spares
most. Which that is only the feed itself can tell, for a position means nothing to anybody else.

Must not know: how anything is written or taken in.
"""

import itertools
from collections.abc import Iterable, Mapping

from sync.bundle.header import Header, Marks
from sync.carrying.addressing import Counterpart
from sync.custody.receipts import RECEIPT, read_receipt
from sync.errors import BadRequest
from sync.node.node import Node
from sync.node.road.marks import Marks as NetworkMarks
from sync.node.road.taken import taken_of
from sync.node.sharing import UPSTREAM
from sync.replication.stretches import read_position
from sync.store.ledger.contacts import contact
from sync.store.ledger.custody import statements_of
from sync.store.ledger.volumes import (
    Lived,
    acknowledged,
    forget_acknowledged,
    lived,
    marks_taken,
    newest_told_ms,
    note_acknowledged,
    note_lived,
    positions_taken,
    volumes_of,
)
from sync.store.transaction import Reader, Transaction
from sync.values.changes import START

# How statements are called beside databases; their position is the arrival of the last.
STATEMENTS = ""
_LONGEST_ARRIVAL = 15
# What every feed understands, and none has given anybody for a position.
_NOWHERE = (START, "now")


def life_of(reader: Reader, writer: str) -> Lived | None:
    """How a node lives now, by its volumes and its receipts; None when nothing of it was heard."""
    found = lived(reader, writer)
    for kept in statements_of(reader, RECEIPT, [writer]):
        receipt = read_receipt(kept.signed.payload)
        found = _later(found, Lived(receipt.life, receipt.epoch, doubtful=False))
    return found


def known_of(node: Node, peer: Counterpart, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """(the peer's life that said so, {database: position up to which it has everything}); ("", {}) for nothing.

    `STATEMENTS` is among the names. A database that is not there is one of which everything is to be told.
    """
    now = node.read(lambda reader: life_of(reader, peer.writer))
    if now is None or now.doubtful:
        return "", {}
    own = node.identity.life
    here = node.read(lambda reader: lived(reader, peer.writer))
    told = {}
    if here is not None and (here.life, here.doubtful) == (now.life, False):
        told = node.read(lambda reader: acknowledged(reader, peer.writer, own))
    network = NetworkMarks(node)
    is_upstream = peer.is_above and network.peer_life() == now.life
    found: dict[str, str] = {}
    for name in (STATEMENTS, *names):
        pushed = _pushed(network, name) if is_upstream else ""
        position = furthest(node, name, *(one for one in (told.get(name, ""), pushed) if one))
        if position:
            found[name] = position
    return (now.life, found) if found else ("", {})


def held_of(node: Node, peer: Counterpart, names: Iterable[str]) -> tuple[str, Marks]:
    """(the peer's life, what we have of its feeds in that life): what volumes to it acknowledge."""
    network = NetworkMarks(node)
    now = node.read(lambda reader: life_of(reader, peer.writer))
    # It may have signed nothing yet. Should that life be another node's, what is told of it says nothing to this one.
    life = now.life if now is not None else network.peer_life() if peer.is_above else ""
    taken = node.read(lambda reader: positions_taken(reader, peer.writer, life))
    for name, position in _heard_over_network(node, peer, life, names).items():
        if position not in taken.get(name, ()):
            taken[name] = (*taken.get(name, ()), position)
    return life, taken


def _heard_over_network(node: Node, peer: Counterpart, life: str, names: Iterable[str]) -> dict[str, str]:
    """{database: position in the feed of a peer's life up to which the network brought us everything}."""
    network = NetworkMarks(node)
    if peer.is_above and network.peer_life() == life:
        heard = {name: network.pulled(name) for name in names}
        heard[STATEMENTS] = network.heard().partition(":")[2]
    else:
        heard = dict(node.read(lambda reader: taken_of(reader, peer.writer, life, names)))
    return {name: position for name, position in heard.items() if position}


def note_header(node: Node, peer: Counterpart, header: Header) -> bool:
    """Take note of what a volume says of its sender; whether it is from the life that this lives now.

    A life that ended says nothing any more of what its node holds.
    """
    told = Lived(header.life, header.epoch, doubtful=False)
    now = _later(node.read(lambda reader: life_of(reader, peer.writer)), told)
    here = node.read(lambda reader: lived(reader, peer.writer))
    if here != now:
        node.engine.write(lambda tx: note_lived(tx, peer.writer, now))
    if now.life != header.life:
        return False
    if not now.doubtful and header.holds_of == node.identity.life:
        newest_ms = node.read(lambda reader: newest_told_ms(reader, peer.writer, header.life))
        _note_holds(node, peer, header, is_newest=header.at_ms >= newest_ms)
    return True


def marks_that_count(node: Node, peer: Counterpart, header: Header, marks: Mapping[str, str]) -> dict[str, str]:
    """Of the positions a volume brought us to those before which we have everything.

    It leaves out what this life of ours has said once that it has. One whose disk was put back has lost that: where
    such a volume leads says nothing of what came before, and what we say next that we hold is less.
    """
    if header.rests_on not in ("", node.identity.life):
        return {}
    taken = node.read(lambda reader: marks_taken(reader, peer.writer, header.life))
    names = [name for name in header.since if name != STATEMENTS]
    for name, position in _heard_over_network(node, peer, header.life, names).items():
        taken.setdefault(name, set()).add(position)
    here = {name: {_in_the_feed(one) for one in positions} for name, positions in taken.items()}
    since = {name: header.since.get(name, "") for name in marks}
    return {name: one for name, one in marks.items() if not since[name] or since[name] in here.get(name, ())}


def spare_the_network_below(node: Node, peer: Counterpart, header: Header) -> None:
    """What came down by hand need not come down by the network again.

    Only of a set that goes on where the network stood it is known that it goes further.
    """
    network = NetworkMarks(node)
    now = node.read(lambda reader: life_of(reader, peer.writer))
    if not peer.is_above or now is None or now.doubtful or not network.peer_life() == now.life == header.life:
        return
    came = node.read(lambda reader: volumes_of(reader, peer.writer, header.life, header.number))
    stands: dict[str, set[str]] = {}
    for number in itertools.count(1):
        if number not in came:
            return
        for name, position in came[number].marks.items():
            passed = stands.setdefault(name, {header.since.get(name, "")})
            if name and network.pulled(name) in passed:
                network.note_pulled(name, position)
            passed.add(position)
        if not came[number].whole:
            return


def furthest(node: Node, name: str, *positions: str) -> str:
    """Of some positions in one of our feeds the one with the least behind it; "" for none that is one."""
    best, least = "", -1
    for position in dict.fromkeys(_in_the_feed(one) for one in positions):
        left = _left_behind(node, name, position)
        if left is not None and (least < 0 or left < least):
            best, least = position, left
    return best


def _in_the_feed(position: str) -> str:
    """A position as a sequence: one of photos that overtook each other says more, which nothing here can use."""
    try:
        return read_position(position).base
    except BadRequest:
        return position


def _note_holds(node: Node, peer: Counterpart, header: Header, *, is_newest: bool) -> None:
    """What a peer says that it holds: the newest word counts, be it less than before; of older ones what is more.

    One that says less in the life that it lives was put back to an earlier image. Statements are told it from the
    beginning then: among them are its own, and it finds out.
    """
    own = node.identity.life
    known = node.read(lambda reader: acknowledged(reader, peer.writer, own))
    ours = {STATEMENTS, *node.databases.among(header.holds)}  # a header names twenty thousand as easily as three
    told = {name: furthest(node, name, *positions) for name, positions in header.holds.items() if name in ours}
    has_fallen = is_newest and _falls_short(node, peer, header, told, known)
    moved: dict[str, str] = {}
    for name, position in told.items():
        before = "" if is_newest else known.get(name, "")
        best = furthest(node, name, before, position) if before and position else position
        if best and best != before and not (has_fallen and name == STATEMENTS):
            moved[name] = best

    def work(tx: Transaction) -> None:
        if is_newest:
            forget_acknowledged(tx, [peer.writer])
        note_acknowledged(tx, peer.writer, own, moved)
        if has_fallen and peer.is_above:
            NetworkMarks(node).forget_all(tx)

    if moved or is_newest:
        node.engine.write(work)
    if peer.is_above:
        _spare_the_network(node, moved, life_above=_life_named(node, peer))


def _falls_short(
    node: Node, peer: Counterpart, header: Header, told: Mapping[str, str], known: Mapping[str, str]
) -> bool:
    """Whether a peer's newest word is less than what it said before, or than the network has known of it since."""
    before = [*known.items()]
    network = NetworkMarks(node)
    if peer.is_above and network.peer_life() == header.life:
        met = node.read(lambda reader: contact(reader, UPSTREAM))
        if met is not None and header.at_ms > (met.succeeded_ms or 0) + (met.offset_ms or 0):
            before += [(name, _pushed(network, name)) for name in told]
    return any(position and _is_behind(node, name, told.get(name, ""), position) for name, position in before)


def _is_behind(node: Node, name: str, position: str, other: str) -> bool:
    """Whether a position in one of our feeds has more behind it than another."""
    best = furthest(node, name, *(one for one in (position, other) if one))
    return bool(best) and best != _in_the_feed(position)


def _spare_the_network(node: Node, moved: Mapping[str, str], *, life_above: str) -> None:
    """What went up by hand need not go up by the network again."""
    network = NetworkMarks(node)
    if not life_above or network.peer_life() != life_above:
        return
    for name, position in moved.items():
        pushed = network.pushed(name) if name else ""
        if pushed and pushed != position and furthest(node, name, pushed, position) == position:
            network.note_pushed(name, position)


def _life_named(node: Node, peer: Counterpart) -> str:
    now = node.read(lambda reader: life_of(reader, peer.writer))
    return "" if now is None or now.doubtful else now.life


def _left_behind(node: Node, name: str, position: str) -> int | None:
    """How much of our feed lies behind a position; None where it is no position of ours."""
    if name == STATEMENTS:
        lawful = position.isascii() and position.isdigit() and len(position) <= _LONGEST_ARRIVAL
        return 10**_LONGEST_ARRIVAL - int(position) if lawful else None
    if not node.databases.among([name]) or position in _NOWHERE:
        return None
    try:
        page = node.documents.database(name).changes(position, limit=1)
    except BadRequest:
        return None
    return len(page.results) + (page.pending or 0)


def _pushed(network: NetworkMarks, name: str) -> str:
    return network.pushed(name) if name else str(network.sent() or "")


def _later(known: Lived | None, heard: Lived) -> Lived:
    """Of two lives of a node the later; two of one epoch were begun from one backup, and neither is believed."""
    if known is None or heard.epoch > known.epoch:
        return heard
    if heard.epoch == known.epoch and heard.life != known.life:
        return Lived(heard.life, heard.epoch, doubtful=True)
    return known
