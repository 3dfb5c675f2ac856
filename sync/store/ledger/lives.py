"""The node's key and its lives: one continuous existence of a data directory each.

A life begins at `init`, at `restore`, and when a directory finds itself copied. It counts its own
events from 1 and has no device code, so neither an event number nor a receipt number of the life it
came from is ever given again.

`epoch` orders what different lives of one key have signed: each life's is higher than its
parent's. Two lives begun from one backup have the same; the second learns of the first when
its receipts come back from a peer, and steps over it (`raise_epoch`).

Must not know: which directory or machine it is on; the fingerprint is an argument.
"""

import secrets
from collections.abc import Callable

from sync.errors import Conflict, NotFound
from sync.store.ledger.fingerprint import same_place
from sync.store.transaction import Reader, Transaction
from sync.trust import keys
from sync.trust.keys import KeyPair
from sync.typed import Value

LIFE_BYTES = 8
Chance = Callable[[int], bytes]


class Life(Value):
    """One life of this directory.

    ordinal         1 for the first in this directory
    life            16 hexadecimal digits of chance
    reason          `init`, `restore`, `copy`, or `turned-back` where others have from us what is not here
    parent          the life before; None for the first. parent_counter and parent_head, where its events stood then
    """

    ordinal: int
    life: str
    reason: str
    epoch: int
    parent: str | None
    parent_counter: int
    parent_head: bytes | None
    begun_ms: int


CURRENT = "(SELECT life FROM lives ORDER BY ordinal DESC LIMIT 1)"  # the life we live, within another statement
_COLUMNS = "ordinal, life, reason, epoch, parent, parent_counter, parent_head, begun_ms"


def found_node(
    tx: Transaction, pair: KeyPair, *, fingerprint: str, now_ms: int, chance: Chance = secrets.token_bytes
) -> Life:
    """Give a new directory its key and first life; raises Conflict when it has them already."""
    if tx.one("SELECT 1 FROM node_key") is not None:
        raise Conflict("this data directory has a key already")
    tx.execute("INSERT INTO node_key VALUES (1, ?, ?, ?)", (pair.private, pair.public, pair.writer))
    return begin_life(tx, "init", fingerprint=fingerprint, now_ms=now_ms, chance=chance)


def node_key(reader: Reader) -> KeyPair:
    """The node's key; raises NotFound in a directory that was never initialised."""
    row = reader.one("SELECT private FROM node_key")
    if row is None:
        raise NotFound("this data directory has no key yet", remedy="Run init first.")
    return keys.load(row[0])


def begin_life(
    tx: Transaction, reason: str, *, fingerprint: str, now_ms: int, chance: Chance = secrets.token_bytes
) -> Life:
    """Begin a new life, which has no device code and no events yet.

    reason  as in `Life`
    """
    parent = _newest(tx)
    counter, head = (0, None) if parent is None else _own_chain(tx, parent.life)
    life = chance(LIFE_BYTES).hex()
    epoch = 1 if parent is None else parent.epoch + 1
    tx.execute(
        f"INSERT INTO lives ({_COLUMNS}, fingerprint) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        (life, reason, epoch, parent and parent.life, counter, head, now_ms, fingerprint),
    )
    tx.execute("INSERT INTO own_chain VALUES (?, 0, NULL)", (life,))
    return current_life(tx)


def begin_life_here(tx: Transaction, reason: str, *, now_ms: int) -> Life:
    """Begin a new life in the same place, while its owner works on."""
    place = tx.execute("SELECT fingerprint FROM lives WHERE ordinal = ?", (current_life(tx).ordinal,))[0][0]
    return begin_life(tx, reason, fingerprint=place, now_ms=now_ms)


def settle_life(tx: Transaction, *, fingerprint: str, now_ms: int, turned_back: bool = False) -> Life:
    """To be called at every opening: the current life, or a new one when the directory is a copy.

    turned_back  whether an older state was found in the old place; see `sync.store.claim`
    raises       NotFound in a directory that was never initialised
    """
    life = current_life(tx)
    known = tx.execute("SELECT fingerprint FROM lives WHERE ordinal = ?", (life.ordinal,))[0][0]
    if same_place(known, fingerprint) and not turned_back:
        return life
    return begin_life(tx, "copy", fingerprint=fingerprint, now_ms=now_ms)


def move_life(tx: Transaction, *, old: str, new: str) -> None:
    """Go on living in another file, which takes the place of the old one; who was not at home there stays a copy."""
    life = _newest(tx)
    if life is None:
        return
    known = tx.execute("SELECT fingerprint FROM lives WHERE ordinal = ?", (life.ordinal,))[0][0]
    if same_place(known, old):
        tx.execute("UPDATE lives SET fingerprint = ? WHERE ordinal = ?", (new, life.ordinal))


def current_life(reader: Reader) -> Life:
    """The life we live; raises NotFound in a directory that was never initialised."""
    life = _newest(reader)
    if life is None:
        raise NotFound("this data directory has no life yet", remedy="Run init first.")
    return life


def all_lives(reader: Reader) -> tuple[Life, ...]:
    """Every life of this directory, oldest first."""
    return tuple(Life(*row) for row in reader.execute(f"SELECT {_COLUMNS} FROM lives ORDER BY ordinal"))


def raise_epoch(tx: Transaction, above: int) -> None:
    """Put the current life above an epoch that another life of our key was heard to use."""
    life = current_life(tx)
    if life.epoch <= above:
        tx.execute("UPDATE lives SET epoch = ? WHERE ordinal = ?", (above + 1, life.ordinal))


def _newest(reader: Reader) -> Life | None:
    row = reader.one(f"SELECT {_COLUMNS} FROM lives ORDER BY ordinal DESC LIMIT 1")
    return None if row is None else Life(*row)


def _own_chain(reader: Reader, life: str) -> tuple[int, bytes | None]:
    counter, head = reader.execute("SELECT counter, head FROM own_chain WHERE life = ?", (life,))[0]
    return counter, head
