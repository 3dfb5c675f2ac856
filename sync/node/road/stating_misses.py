"""What was not found here goes up: each day that is over is stated once, before the node above is told anything else.

Nobody is called for it, it goes along when something else does, and a day on which nothing was missed says nothing: so
a network with nothing to say stays at rest.

Must not know: how anything is searched, by which road it travels.
"""

from sync.custody.misses import MISSES, make_misses
from sync.node.node import Node
from sync.store.ledger.custody import drop_statement, put_statement, statements_of
from sync.store.ledger.missed_days import MOST_DAYS, missed_on, note_stated, unstated_days
from sync.store.transaction import Transaction


def state_misses(node: Node) -> None:
    """Sign what was missed on the days that are over; nothing is written where there is nothing new."""
    who, today = node.identity, node.today().isoformat()
    days = node.read(lambda reader: unstated_days(reader, today=today)) if who.sid else ()
    if not days:
        return

    def work(tx: Transaction) -> None:
        for day in days:
            signed = make_misses(who.keys, who.sid, day, missed_on(tx, day))
            put_statement(tx, signed, subject=day, station=who.sid, now_ms=node.clock())
        note_stated(tx, days)
        for kept in statements_of(tx, MISSES, (who.writer,))[:-MOST_DAYS]:
            drop_statement(tx, MISSES, who.writer, subject=kept.subject)

    node.write(work)
