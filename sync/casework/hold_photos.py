"""Which photos of a case are here, whole.

Must not know: what is on them, where else they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.blobs.reading import held_whole
from sync.node.lists.case_index import blobs_in
from sync.node.node import Node
from sync.records.ids import blobs_database


def photos_of(fields: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Every photo a case names, in reading order; their places here, from 1, are their numbers."""
    return tuple(blobs_in(dict(fields)))


def held_here(node: Node, sid: str, roots: Iterable[str]) -> frozenset[str]:
    """Those of the roots whose chunks are all here. Looks at ids only; reading a photo checks its bytes."""
    name, roots = blobs_database(sid), frozenset(roots)
    if not roots or not node.databases.among([name]):
        return frozenset()
    database = node.documents.database(name)
    return frozenset(root for root in roots if held_whole(database, root))
