"""The office an act of a case is of, as paper names it above a seal.

Must not know: screens.
"""

from sync.casework.name_stations import station_name
from sync.casework.narrow_cases import levels_of
from sync.casework.trace_custody import road_from
from sync.node.node import Node


def office_of(node: Node, sid: str, level: str) -> str:
    """What the station of a level is called, on the way from a case's station up; the case's own where nobody knows."""
    above = (hop.sid for hop in road_from(node, sid).hops if level in levels_of(hop.level))
    return station_name(node, next(above, sid))
