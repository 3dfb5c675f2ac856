"""A device is revoked or reinstated on request of a supervisor, and the station is told as it stands then.

Must not know: how the certificate travels.
"""

from typing import Any

from central.fan_in.stations import read_station
from central.registry.revoking import reinstate, revoke
from sync.node.node import Node


def revoke_device(node: Node, sid: str, device: str, *, why: str, by: str, silent_days: int) -> dict[str, Any]:
    """Revoke one; see `registry.revoking.revoke`. Returns the station as `read_station` tells it."""
    node.write(lambda tx: revoke(tx, node, sid, device, why=why, by=by))
    return read_station(node, sid, silent_days=silent_days)


def reinstate_device(node: Node, sid: str, device: str, *, by: str, silent_days: int) -> dict[str, Any]:
    """Take a revocation back; see `registry.revoking.reinstate`. Returns the station as `read_station` tells it."""
    node.write(lambda tx: reinstate(tx, node, sid, device, by=by))
    return read_station(node, sid, silent_days=silent_days)
