"""The bytes of a photo that a record names, every one checked against its hash; from above when they are not here.

Must not know: which record, what is on it, how it is shown.
"""

from sync.blobs.reading import read_blob
from sync.casework.errors import StillAbove
from sync.casework.look_at_photo import photo_type
from sync.errors import Damaged, NotFound
from sync.messages import _
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.node.vouching.holding import STAYS_MS
from sync.node.vouching.lost_photos import notice
from sync.records.ids import blob_id, blobs_database, parse_content_id, sid_of
from sync.store.ledger.let_go import note_looked_at
from sync.store.ledger.wanted_photos import WantedPhoto, note_wanted
from sync.typed import Value

# What a record of a stranger's making calls its photo is not handed to a browser.
_UNKNOWN = "application/octet-stream"
_PATIENCE_SECONDS = 1.5  # on a good link it is here by then


class Shown(Value):
    """A photo: its bytes, and what they are by content."""

    content: bytes
    media_type: str


def fetch_photo(node: Node, record_id: str, root: str, fetcher: Fetcher | None) -> Shown:
    """A photo of a record, by its root.

    fetcher  brings it from above when it is not here; None where nobody is above
    raises   NotFound when it has not arrived and nobody is above; StillAbove while it is on its way down, after a
             moment's wait; Damaged
    """
    content = _content(node, record_id, root, fetcher)
    return Shown(content, photo_type(content) or _UNKNOWN)


def _content(node: Node, record_id: str, root: str, fetcher: Fetcher | None) -> bytes:
    name = blobs_database(sid_of(record_id))
    if not node.databases.among([name]):
        raise NotFound(_("This photo has not come to this machine yet"))
    try:
        return _read(node, name, root)
    except (NotFound, Damaged):
        # It may have been whole once; then our receipts say no more that it is, and it is asked for.
        notice(node, sid_of(record_id), [root])
        if fetcher is None or parse_content_id(blob_id(root)) is None:
            raise
    now_ms = node.clock()
    node.engine.post(lambda tx: note_looked_at(tx, record_id, until_ms=now_ms + STAYS_MS))
    fetcher.want(name, blob_id(root))
    fetcher.await_end(name, blob_id(root), seconds=_PATIENCE_SECONDS)
    try:
        return _read(node, name, root)
    except (NotFound, Damaged):
        wanted = WantedPhoto(name, root, record_id)
        node.engine.post(lambda tx: note_wanted(tx, wanted, now_ms=now_ms))
        progress = fetcher.want(name, blob_id(root))
        raise StillAbove(progress.trouble, done=progress.done, of=progress.of) from None


def _read(node: Node, name: str, root: str) -> bytes:
    return b"".join(read_blob(node.documents.database(name), root))
