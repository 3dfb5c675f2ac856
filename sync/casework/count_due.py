"""How the cases this node keeps stand today: how many are late, near, due today; one look at the queue's index.

Must not know: how it is shown.
"""

from dataclasses import dataclass

from sync.node.node import Node
from sync.records.clock import beijing
from sync.store.ledger.case_queue import Lights, count_lights


@dataclass(frozen=True, slots=True)
class DueNow:
    """How many have which light on a day.

    all       of every station;  stations, {sid: of each that has any with a clock}
    """

    today: str
    all: Lights
    stations: dict[str, Lights]


def count_due(node: Node) -> DueNow:
    """Count the lights of today."""
    today = beijing(node.clock()).date().isoformat()
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
