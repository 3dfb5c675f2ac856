"""Bringing a file up to date: named steps, each applied in the same transaction as its record.

A new file gets all of them in one, and is flushed once for it. A file that is in use gets each in its own, so that what
took long is not done again after a power cut.

Must not know: what the steps do.
"""

from collections.abc import Sequence
from contextlib import nullcontext

from sync.errors import NewerStore
from sync.messages import _
from sync.store.connection import Connection, translated
from sync.store.index_steps import STEPS as INDEXES
from sync.store.ledger.tables import STEPS as LEDGER
from sync.store.letting_go import STEPS as LETTING_GO
from sync.store.schema import STEPS as DOCUMENTS
from sync.store.steps import Step

STEPS: tuple[Step, ...] = (*DOCUMENTS, *LEDGER, *INDEXES, *LETTING_GO)

_STEPS_TABLE = """
    CREATE TABLE IF NOT EXISTS steps (
        position INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    ) STRICT
"""


def migrate(connection: Connection, steps: Sequence[Step] = STEPS) -> tuple[str, ...]:
    """Apply the steps a file lacks, in order.

    returns  names of the steps applied now
    raises   NewerStore when the file holds a step unknown here; nothing is changed then
    """
    require_known(connection, steps)
    with translated():
        done = _applied(connection)
        lacking = [step for step in steps if step.name not in done]
        with nullcontext() if done else connection:
            for step in lacking:
                _apply(connection, step)
        return tuple(step.name for step in lacking)


def require_known(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """Raise NewerStore when the file holds a step unknown here; reads only."""
    with translated():
        unknown = _applied(connection) - {step.name for step in steps}
    if unknown:
        raise NewerStore(
            _(
                "These data were opened by a newer version of the program (%(steps)s); this one does not understand "
                "them, and has changed nothing",
                steps=", ".join(sorted(unknown)),
            ),
            remedy=_(
                "Install that version, or a newer one. To go back to this version, bring the backup back that was made "
                "before the upgrade: yizhan restore."
            ),
        )


def is_up_to_date(connection: Connection, steps: Sequence[Step] = STEPS) -> bool:
    """Whether the file has every step; reads only."""
    with translated():
        return _applied(connection) >= {step.name for step in steps}


def _applied(connection: Connection) -> set[str]:
    known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'steps'").fetchall()
    if not known:
        return set()
    return {str(name) for (name,) in connection.execute("SELECT name FROM steps").fetchall()}


def _apply(connection: Connection, step: Step) -> None:
    with connection:
        connection.execute(_STEPS_TABLE)
        connection.execute(step.sql)
        connection.execute("INSERT INTO steps (name) VALUES (?)", (step.name,))
