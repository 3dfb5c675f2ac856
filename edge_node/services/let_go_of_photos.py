"""The station lets go of photos that it need not keep, as its settings say; by the clock, or on demand.

Must not know: who calls it, how a photo comes back.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sync.errors import NotFound
from sync.node.node import Node
from sync.node.vouching.letting_go import let_go
from sync.store.ledger.audit import Entry, append_entry

_JOB = "job:let-go"


def let_go_of_photos(
    node: Node, *, older_than_days: int, dry_run: bool = False, stop: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """Let go of what is closed, old and safe: {"cases", "photos", "bytes", "dry_run"}; that it was is audited.

    older_than_days  0 to let go of nothing
    raises           NotOffered where the documents are on a CouchDB; NotFound while the centre cannot be leaned on
    """
    if older_than_days <= 0:
        return {"cases": 0, "photos": 0, "bytes": 0, "dry_run": dry_run}
    gone = let_go(node, older_than_days=older_than_days, dry_run=dry_run, stop=stop)
    if gone.bytes and not dry_run:
        detail = f"{gone.cases} cases, {gone.photos} photos, {gone.bytes} bytes"
        node.engine.write(lambda tx: append_entry(tx, Entry(node.clock(), _JOB, "let_go", detail=detail)))
    return {"cases": gone.cases, "photos": gone.photos, "bytes": gone.bytes, "dry_run": dry_run}


def let_go_quietly(node: Node, *, older_than_days: int, stop: Callable[[], bool]) -> None:
    """The same by the clock: where nothing can be let go of there is nothing to report either."""
    if node.documents.elsewhere() is None and older_than_days > 0:
        with suppress(NotFound):
            let_go_of_photos(node, older_than_days=older_than_days, stop=stop)
