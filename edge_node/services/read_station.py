"""How a station stands: what every node says of itself, and how it spares its link.

Must not know: how it is shown.
"""

from typing import Any

from edge_node.services.spare_link import PhotoMeter
from sync.casework.read_status import read_status
from sync.node.node import Node


def read_station(node: Node, photos: PhotoMeter) -> dict[str, Any]:
    """What `read_status` says, and "photo_lane": what `PhotoMeter.standing` says."""
    return {**read_status(node), "photo_lane": photos.standing()}
