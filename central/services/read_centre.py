"""How the centre stands: itself, and in numbers the stations it has registered.

Must not know: how it is shown.
"""

from collections.abc import Mapping
from typing import Any

from central.services.back_up_centre import read_backup
from sync.casework.read_room import read_room
from sync.casework.read_status import read_status
from sync.node.node import Node
from sync.node.room import Room


def read_centre(node: Node, room: Room, stations: Mapping[str, int]) -> dict[str, Any]:
    """What `read_status` says, "room" (`read_room`), "backup" (`read_backup`), and "stations", as `count_stations`."""
    return {
        **read_status(node),
        "room": read_room(room),
        "backup": read_backup(node),
        "stations": stations,
    }
