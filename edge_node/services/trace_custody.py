"""How far a case has come, hop by hop: our own disk, and beyond it what signed receipts say.

Must not know: how receipts travel.
"""

from typing import Any

from edge_node.services.describe_case import LEVEL_NAMES
from edge_node.services.find_case import find_case
from edge_node.services.hold_photos import photos_of
from sync.node.identity import Identity
from sync.node.node import Node


def own_custody(who: Identity, photos: int) -> dict[str, Any]:
    """The custody of what this node has just put on its own disk, whole."""
    return _summary(who.level, photos, photos)


def _summary(reached: str, held: int, photos: int) -> dict[str, Any]:
    materials = f"（材料 {held}/{photos}）" if photos else ""
    return {
        "reached": reached,
        "materials_held": held,
        "materials": photos,
        "sentence": f"已到{LEVEL_NAMES.get(reached, reached)}{materials}",
    }


def trace_custody(node: Node, case_id: str) -> dict[str, Any]:
    """How far a case has come; raises NotFound."""
    case = node.read(lambda reader: find_case(reader, node, case_id))
    return {"hops": [], **own_custody(node.identity, len(photos_of(case.fields)))}
