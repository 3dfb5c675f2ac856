"""Whether anything here is to be told to the node above, by the marks and nothing else: two look-ups a database.

Must not know: what it is, when it is told.
"""

from collections.abc import Iterable

from sync.node.node import Node
from sync.node.road.marks import Marks
from sync.node.road.shut_lanes import shut_above
from sync.node.sharing import held_among
from sync.records.ids import blobs_database, station_database


def has_news(node: Node, sids: Iterable[str], *, photos: bool) -> bool:
    """Whether records of some stations, and with `photos` these too, stand behind what the node above has taken."""
    marks = Marks(node)
    held = held_among(node, sids)
    names = [station_database(sid) for sid in held]
    if photos:
        shut = node.read(shut_above)
        names += [name for name in map(blobs_database, held) if name not in shut]
    return any(marks.pushed(name) != node.documents.database(name).info().update_seq for name in names)
