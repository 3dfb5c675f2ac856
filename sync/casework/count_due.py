"""How the cases this node keeps stand today: how many are late, near, due today; one look at the queue's index.

Must not know: how it is shown.
"""

from sync.casework.narrow_cases import at_work
from sync.node.node import Node
from sync.store.ledger.case_queue import Lights, count_disputed, count_lights_together, count_parked, count_turns


def count_to_do(node: Node, *, by: str) -> dict[str, int]:
    """{state: how many cases wait in it for somebody here}: his own, and those on nobody's desk here.

    by  who asks, as events name actors
    """
    who = node.identity
    return node.read(
        lambda reader: count_turns(reader, turn=who.level, own_sid=who.sid, others=at_work(reader, but=by))
    )


def count_in_dispute(node: Node, *, sid: str = "") -> int:
    """Count the cases in which two wrote different things unseen by each other, of every station or of one."""
    return node.read(lambda reader: count_disputed(reader, sid=sid))


def count_waiting_edits(node: Node, *, sid: str = "") -> int:
    """Count the cases in which edits wait to be taken or left, of every station or of one."""
    return node.read(lambda reader: count_parked(reader, sid=sid))


def count_due(node: Node, *, sid: str = "") -> Lights:
    """Count the lights of today, of every station or of one."""
    return node.read(lambda reader: count_lights_together(reader, node.today().isoformat(), sid=sid))
