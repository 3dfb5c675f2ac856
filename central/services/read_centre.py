"""How the centre stands: itself, and in numbers the stations it has registered.

Must not know: how it is shown.
"""

from typing import Any

from central.fan_in.stations import list_stations
from central.services.back_up_centre import read_backup
from sync.casework.read_room import read_room
from sync.casework.read_status import read_status
from sync.node.node import Node
from sync.node.room import Room


def read_centre(node: Node, room: Room, *, silent_days: int) -> dict[str, Any]:
    """What `read_status` says, "room" (`read_room`), "backup" (`read_backup`), and "stations".

    stations  {"registered", "enrolled", "silent", "behind"}: how many

    silent  not heard for `silent_days`;  behind, with steps or photos the centre still lacks
    """
    rows = list_stations(node, silent_days=silent_days)
    counts = {
        "registered": len(rows),
        "enrolled": sum(row["enrolled"] for row in rows),
        "silent": sum(row["silent"] for row in rows),
        "behind": sum(any(row["backlog"].values()) for row in rows),
    }
    return {**read_status(node), "room": read_room(room), "backup": read_backup(node), "stations": counts}
