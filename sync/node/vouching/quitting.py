"""Letting go of avowals: a writer says which of its own are needed no more, and whoever keeps some lets go of old ones.

What a centre wrote is safe when it is in its newest backup; what a station below wrote, when the centre's two words,
of its disk and of its backup, cover it: then the centre has it, and gives it back unasked.

Must not know: when it is done.
"""

from contextlib import suppress
from pathlib import Path

from sync.custody.avowals import AVOWAL, read_avowal
from sync.custody.quittances import (
    QUITTANCE,
    Vowed,
    due_quittances,
    is_past,
    make_quittance,
    quittance_subject,
    read_quittance,
)
from sync.custody.safe import word_of
from sync.errors import NotFound, StorageError
from sync.node.centre_key import pinned_centre
from sync.node.node import Node
from sync.node.vouching.safety import newest_backup
from sync.node.vouching.statements import own_of
from sync.store.backup import reading
from sync.store.ledger.custody import Kept, forget_statement, put_statement, statements_of, statements_of_kind
from sync.store.ledger.writers import held_of
from sync.store.transaction import Reader, Transaction
from sync.trust.keys import writer_id


def tidy_avowals(node: Node) -> int:
    """Say what is needed no more of our own, and let go of what others need no more; returns how many went."""
    own = own_of(node.identity)
    vowed = node.read(lambda reader: [_vowed(one) for one in statements_of(reader, AVOWAL, [own.pair.writer])])
    safe = _safe_up_to(node) if vowed else {}
    now_ms = node.clock()

    def work(tx: Transaction) -> int:
        said = statements_of(tx, QUITTANCE, [own.pair.writer])
        said_ms = {(one.station, read_quittance(one.signed.payload).life): one.heard_ms for one in said}
        for (station, life), counter in due_quittances(vowed, safe, said_ms, now_ms=now_ms).items():
            signed = make_quittance(own.pair, life, station, counter=counter)
            put_statement(tx, signed, subject=quittance_subject(station, life), station=station, now_ms=now_ms)
        return _let_go(tx, now_ms=now_ms)

    return node.write(work)


def _let_go(tx: Transaction, *, now_ms: int) -> int:
    quit_up_to = {}
    for one in statements_of_kind(tx, QUITTANCE):
        told = read_quittance(one.signed.payload)
        quit_up_to[(told.writer, told.station, told.life)] = told.counter
    going = []
    for writer in {writer for writer, _, _ in quit_up_to}:
        for one in statements_of(tx, AVOWAL, [writer]):
            vowed = _vowed(one)
            if is_past(vowed, quit_up_to.get((writer, vowed.station, vowed.life), 0), now_ms=now_ms):
                going.append(one)
    for one in going:
        forget_statement(tx, one)
    return len(going)


def _safe_up_to(node: Node) -> dict[str, int]:
    """{life of ours: number up to which all we wrote in it is safe}."""
    own = own_of(node.identity)
    if not node.identity.upstream:
        known = node.read(newest_backup)
        if known is not None:
            with suppress(NotFound, StorageError, OSError), reading(Path(known.file), node.keys) as copy:
                return _without_a_gap(copy, own.pair.writer)
        return {}

    def work(reader: Reader) -> dict[str, int]:
        centre_key = pinned_centre(reader)
        word = None if centre_key is None else word_of(reader, writer_id(centre_key), own.sid)
        if word is None:
            return {}
        safe: dict[str, int] = {}
        for one in word.safe.holds:
            also = word.durable.holding(one.writer, one.life)
            if one.writer == own.pair.writer and also is not None:
                firsts = [next(iter(held.held_ranges()), (0, 0)) for held in (one, also)]
                safe[one.life] = min(last if first == 1 else 0 for first, last in firsts)
        return safe

    return node.read(work)


def _without_a_gap(reader: Reader, writer: str) -> dict[str, int]:
    return {held.life: held.missing[0][0] - 1 if held.missing else held.counter for held in held_of(reader, [writer])}


def _vowed(kept: Kept) -> Vowed:
    avowal = read_avowal(kept.signed.payload)
    return Vowed(avowal.station, avowal.life, avowal.counter, kept.heard_ms)
