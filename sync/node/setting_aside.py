"""What could not be taken in, or told on, is kept with its bytes and the reason, where somebody sees it.

Must not know: who decides what cannot be taken in.
"""

from sync.node.node import Node
from sync.records.ids import sha256_hex
from sync.store.ledger.set_aside import keep_aside
from sync.values.conversation import Garbled
from sync.values.documents import Document
from sync.wire.documents import write_document

_TOO_LARGE = "文档过大，无法传送"


def set_aside(node: Node, database: str, document: Document, *, reason: str, offered_by: str) -> None:
    """Keep a document aside; the same one offered again is not kept twice."""
    text = write_document(document, revisions=True)
    _keep(node, database, document.id, str(document.revision), text, reason, offered_by)


def set_aside_too_large(node: Node, database: str, document: Document) -> None:
    """Keep aside a document of ours that no exchange can tell."""
    set_aside(node, database, document, reason=_TOO_LARGE, offered_by=node.identity.writer)


def set_aside_garbled(node: Node, offered_by: str, garbled: Garbled) -> None:
    """Keep what came in place of a document and could not be read; it goes by its digest."""
    _keep(node, garbled.name, sha256_hex(garbled.payload), "", garbled.payload, garbled.reason, offered_by)


def _keep(node: Node, database: str, doc_id: str, revision: str, text: bytes, reason: str, offered_by: str) -> None:
    node.write(
        lambda tx: keep_aside(
            tx,
            database,
            doc_id,
            revision=revision,
            document=text,
            reason=reason,
            offered_by=offered_by,
            now_ms=node.clock(),
        )
    )
