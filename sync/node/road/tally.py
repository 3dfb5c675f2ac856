"""One run to the node above while it goes on: what it carried so far, who watches it, what stops it.

Must not know: how anything is carried.
"""

from collections.abc import Callable

from sync.node.road.photo_lane import PhotoLane
from sync.remote.traffic import Traffic
from sync.replication.report import Report
from sync.typed import Changing, field

# (up or down, database, the report so far)
Progress = Callable[[str, str, Report], None]
Stop = Callable[[], bool]


class Tally(Changing):
    """A run so far.

    refused  (database, document id, reason) of those that were set aside
    may_go   something refused may be taken in the next exchange
    traffic  what it cost on connections of its own
    """

    progress: Progress
    stop: Stop
    photos: PhotoLane
    carried: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    may_go: bool = False
    traffic: Traffic = field(default_factory=Traffic)
