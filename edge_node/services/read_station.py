"""How a station stands: what every node says of itself, how it spares its link, and what is running out.

Must not know: how it is shown.
"""

from typing import Any

from edge_node.services.spare_link import PhotoMeter
from sync.casework.describe_catalogue import describe_catalogue
from sync.casework.read_room import read_room
from sync.casework.read_status import read_status
from sync.node.node import Node
from sync.node.road.shut_lanes import shut_above
from sync.node.room import Room
from sync.records.ids import blobs_database


def read_station(node: Node, photos: PhotoMeter, room: Room) -> dict[str, Any]:
    """What `read_status` says, "room" (`read_room`), "catalogue" (`describe_catalogue`) and "photo_lane".

    photo_lane  what `PhotoMeter.standing` says, and "shut": why the node above takes in no photos of ours now, or ""
    """
    shut = node.read(shut_above)
    lane = {**photos.standing(), "shut": shut.get(blobs_database(node.identity.sid), "") if node.identity.sid else ""}
    return {**read_status(node), "photo_lane": lane, "room": read_room(room), "catalogue": describe_catalogue(node)}
