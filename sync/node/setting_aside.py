"""What could not be taken in, or told on, is kept with its bytes and the reason, where somebody sees it.

Must not know: who decides what cannot be taken in.
"""

from sync.node.node import Node
from sync.records.ids import sha256_hex
from sync.replication.hearing import Heard
from sync.store.ledger.set_aside import count_aside, keep_aside, settle_taken
from sync.store.transaction import Transaction
from sync.values.conversation import Garbled, Untold
from sync.values.documents import Document
from sync.wire.documents import write_document


def set_aside(
    node: Node, database: str, document: Document, *, reason: str, offered_by: str, next_ms: int | None = None
) -> None:
    """Keep a document aside; the same one offered again is not kept twice, nor endlessly many of one who offers.

    next_ms  when it is to be offered again
    """
    text = write_document(document, revisions=True)
    _keep(node, (database, document.id, str(document.revision)), text, reason, offered_by, next_ms)


def set_aside_untold(node: Node, untold: Untold, *, next_ms: int | None = None) -> None:
    """Keep aside what we have and cannot tell; of what cannot be read, that it is so."""
    text = b"" if untold.document is None else write_document(untold.document, revisions=True)
    place = (untold.name, untold.id, str(untold.revision))
    _keep(node, place, text, untold.reason, node.identity.writer, next_ms)


def set_aside_garbled(node: Node, offered_by: str, garbled: Garbled) -> None:
    """Keep what came in place of a document and could not be read; it goes by its digest."""
    _keep(node, (garbled.name, sha256_hex(garbled.payload), ""), garbled.payload, garbled.reason, offered_by)


def settle_heard(node: Node, heard: Heard) -> None:
    """What lay aside and has been taken in now need not be looked at any more."""
    refused = {(one.name, one.id, one.revision) for one in heard.set_aside}
    taken = heard.known - refused
    if taken and _is_any_aside(node):
        now_ms = node.clock()

        def work(tx: Transaction) -> None:
            for name, doc_id, revision in taken:
                settle_taken(tx, name, doc_id, str(revision), now_ms=now_ms)

        node.write(work)


def _is_any_aside(node: Node) -> bool:
    return node.engine.look(count_aside) > 0


def _keep(
    node: Node,
    place: tuple[str, str, str],
    text: bytes,
    reason: str,
    offered_by: str,
    next_ms: int | None = None,
) -> None:
    database, doc_id, revision = place
    is_ours = offered_by == node.identity.writer
    if not is_ours and not node.aside_room.has_room(offered_by, now_ms=node.clock()):
        return
    is_new = node.write(
        lambda tx: keep_aside(
            tx,
            database,
            doc_id,
            revision=revision,
            document=text,
            reason=reason,
            offered_by=offered_by,
            now_ms=node.clock(),
            next_ms=next_ms,
        )
    )
    if is_new and not is_ours:
        node.aside_room.note(offered_by, len(text))
