"""The card on the reader beside the screen, as far as a register keeps it.

Must not know: how a reader is reached, what the card is read for.
"""

from edge_node.devices.id_reader import IdReader, ReaderSilent
from sync.node.node import Node
from sync.people.card_readings import CardRead


def read_card(node: Node, reader: IdReader | None) -> CardRead:
    """Read what lies on the reader now; raises CardNotRead, where there is no reader, too."""
    if reader is None:
        raise ReaderSilent
    card = reader.read()
    return CardRead(card.name, card.number, card.address, card.has_expired(node.today()))
