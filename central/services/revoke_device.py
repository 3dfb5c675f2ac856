"""A device is revoked or reinstated on request of a supervisor.

Must not know: how the certificate travels.
"""

from central.registry.revoking import reinstate, revoke
from sync.node.node import Node


def revoke_device(node: Node, sid: str, device: str, *, why: str, by: str) -> None:
    """Revoke one; see `registry.revoking.revoke`."""
    node.write(lambda tx: revoke(tx, node, sid, device, why=why, by=by))


def reinstate_device(node: Node, sid: str, device: str, *, by: str) -> None:
    """Take a revocation back; see `registry.revoking.reinstate`."""
    node.write(lambda tx: reinstate(tx, node, sid, device, by=by))
