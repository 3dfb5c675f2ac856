"""What stations are called, as far as this node knows.

Must not know: screens.
"""

from sync.node.node import Node
from sync.store.ledger.certificates import all_certificates


def station_names(node: Node) -> dict[str, str]:
    """{sid: name} of this station and of every one it has a certificate of."""
    names = {known.sid: known.name for known in node.read(all_certificates)}
    who = node.identity
    return {**names, who.sid: who.name} if who.sid else names
