"""How a station's calls begin: its pace, and how long it was silent before this process.

A whole county comes back from a power cut at one moment. What a station knows of it is when it last reached anybody.

Must not know: APScheduler.
"""

import time

from edge_node.jobs.pacing import Pace, Step, first_step, place_of
from edge_node.station import Station
from sync.node.sharing import UPSTREAM
from sync.store.ledger.contacts import contact

# A contact in the future: the clock was set back, or its battery is empty, as after a long cut.
_LONG_SECONDS = 24 * 3600.0


def pace_of(station: Station) -> Pace:
    """The pace of one station."""
    settings, who = station.settings, station.node.identity
    return Pace(
        interval_seconds=settings.sync_interval_seconds,
        longest_wait_seconds=settings.longest_wait_seconds,
        told_after_seconds=settings.told_after_seconds,
        place=place_of(who.sid or who.writer),
    )


def first_step_of(station: Station) -> Step:
    """The step its process begins with."""
    known = station.node.read(lambda reader: contact(reader, UPSTREAM))
    if known is None or known.succeeded_ms is None:
        return first_step(time.monotonic(), silent_seconds=None)
    silent = (station.node.clock() - known.succeeded_ms) / 1000
    return first_step(time.monotonic(), silent_seconds=silent if silent >= 0 else _LONG_SECONDS)
