"""What is running out on a node, as screens and operators are told.

Must not know: how it is measured, how it is shown.
"""

from typing import Any

from sync.node.budgets import Level
from sync.node.room import Room

_NAMES = {Level.WARN: "warn", Level.STOP_BLOBS: "stop_blobs", Level.STOP_PHOTOS: "stop_photos"}


def read_room(room: Room) -> dict[str, Any]:
    """{"photos_refused", "shortages": [{"level", "station", "text"}]}: why no new photo is kept, "" while they are."""
    shortages = [{"level": _NAMES[one.level], "station": one.station, "text": one.text} for one in room.shortages()]
    return {"photos_refused": room.photos_refused(), "shortages": shortages}
