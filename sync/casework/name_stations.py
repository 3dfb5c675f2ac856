"""What stations are called, as far as this node knows.

Must not know: screens.
"""

from collections.abc import Mapping

from sync.messages import _
from sync.node.node import Node
from sync.store.ledger.certificates import certificate_of, certificates_of_station, names_certified
from sync.store.transaction import Reader


def station_names(node: Node) -> dict[str, str]:
    """{sid: name} of this station and of every one it has a certificate of."""
    names = node.read(names_certified)
    who = node.identity
    return {**names, who.sid: who.name} if who.sid else names


def station_name(node: Node, sid: str) -> str:
    """What one station is called, as `station_names` has it; its sid where nobody knows."""
    if sid and sid == node.identity.sid:
        return node.identity.name
    known = node.read(lambda reader: certificates_of_station(reader, sid))
    return known[-1].name if known else sid


def owner_of(reader: Reader, writer: str, names: Mapping[str, str]) -> str:
    """Whose device a writer is, by `station_names`."""
    known = certificate_of(reader, writer)
    return _("an unknown device") if known is None else names.get(known.sid, known.name)
