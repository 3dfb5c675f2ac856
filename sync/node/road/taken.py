"""How far a node below us has told us of each database, kept so that after a cut it need not tell it again.

Only the teller looks into a position; we keep it by the teller's life, for a restored node counts anew.

Must not know: how it is told.
"""

from collections.abc import Iterable

from sync.node.node import Node
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.values.conversation import Mark

_TAKEN = "downward.taken."


def note_taken(node: Node, writer: str, life: str, mark: Mark) -> None:
    """Everything up to this mark of a writer's life is on disk; that it is will be in a moment.

    Nobody waits for it: should it be lost, what it spoke of is told once more.
    """

    def work(tx: Transaction) -> None:
        put_settings(tx, {_key(writer, life, mark.name): mark.position})

    node.engine.post(work)


def taken_of(reader: Reader, writer: str, life: str, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(name, position) of those databases of which anything was taken, as far as that was noted."""
    kept = ((name, setting(reader, _key(writer, life, name))) for name in names)
    return tuple((name, position) for name, position in kept if position)


def _key(writer: str, life: str, name: str) -> str:
    return f"{_TAKEN}{writer}.{life}.{name}"
