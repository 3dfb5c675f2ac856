"""How the cases this node keeps stand today: how many are late, near, due today; one look at the queue's index.

Must not know: how it is shown.
"""

from sync.casework.narrow_cases import mine
from sync.node.node import Node
from sync.store.ledger.case_queue import Lights, count_lights, count_turns
from sync.typed import Value


class DueNow(Value):
    """How many have which light on a day.

    all       of every station;  stations, {sid: of each that has any with a clock}
    """

    today: str
    all: Lights
    stations: dict[str, Lights]


def count_to_do(node: Node, *, by: str) -> dict[str, int]:
    """{state: how many cases wait in it for somebody here}: his own, and those nobody was given.

    by  who asks, as events name actors
    """
    who = node.identity
    return node.read(lambda reader: count_turns(reader, turn=who.level, own_sid=who.sid, assignees=mine(by)))


def count_due(node: Node) -> DueNow:
    """Count the lights of today."""
    today = node.today().isoformat()
    stations = node.read(lambda reader: count_lights(reader, today))
    every = tuple(stations.values())
    return DueNow(
        today,
        Lights(
            "",
            sum(one.red for one in every),
            sum(one.yellow for one in every),
            sum(one.green for one in every),
            sum(one.today for one in every),
            sum(one.unknown for one in every),
        ),
        stations,
    )
