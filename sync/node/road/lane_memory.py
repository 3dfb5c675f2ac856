"""What was learned of each lane, kept over restarts: when something last arrived in it, and how fast that went.

Written behind a run that carried something, and by no other.

Must not know: how it was learned.
"""

from collections.abc import Mapping

from sync.node.lanes import Lane
from sync.node.node import Node
from sync.node.road.watching import DOWN, UP, Known, Watch
from sync.store.ledger.settings import all_settings, put_settings
from sync.store.transaction import Reader

_PREFIX = "lane."


def open_watch(node: Node) -> Watch:
    """A watch over the way up of a node, that knows what former runs have taught."""

    def remember(known: Mapping[tuple[Lane, str], Known]) -> None:
        values = {
            f"{_PREFIX}{lane.name.lower()}.{way}": _text(one) for (lane, way), one in known.items() if one != Known()
        }
        node.engine.post(lambda tx: put_settings(tx, values))

    return Watch(now_ms=node.clock, known=node.engine.read(_remembered), remember=remember)


def _remembered(reader: Reader) -> dict[tuple[Lane, str], Known]:
    kept = all_settings(reader)
    places = [(lane, way) for lane in Lane for way in (UP, DOWN)]
    found = {(lane, way): _read(kept.get(f"{_PREFIX}{lane.name.lower()}.{way}", "")) for lane, way in places}
    return {place: known for place, known in found.items() if known is not None}


def _text(known: Known) -> str:
    return f"{known.at_ms or 0} {known.bytes_per_second or 0}"


def _read(text: str) -> Known | None:
    """What stands there; None for nothing, or something of another version."""
    at_ms, _, speed = text.partition(" ")
    if not (at_ms.isascii() and at_ms.isdigit() and speed.isascii() and speed.isdigit()):
        return None
    return Known(int(at_ms) or None, int(speed) or None)
