"""One digest of what the station holds, to compare with another node's.

Must not know: what it is compared with.
"""

from typing import Any

from sync.errors import NotFound
from sync.messages import _
from sync.node.node import Node
from sync.node.sharing import held_stations, home_databases
from sync.node.vouching.content import digest_of
from sync.records.ids import PUBLIC


def digest_content(node: Node, *, station: str = "") -> dict[str, Any]:
    """{"sha256", "documents", "blobs", "away"} over the home databases and `public`; `station` limits it to one sid's.

    away    documents whose bodies were let go: they count as they were, and are not here

    raises  NotFound when nothing of that station is kept here
    """
    sids = held_stations(node)
    if station and station not in sids:
        raise NotFound(_("This machine has no data of station %(station)s", station=station))
    existing = set(node.databases.names())
    wanted = (PUBLIC, *home_databases((station,) if station else sids))
    names = [name for name in wanted if name in existing]
    digest = digest_of([node.databases.open(name) for name in names])
    return {"sha256": digest.sha256, "documents": digest.documents, "blobs": digest.blobs, "away": digest.away}
