"""What could not be taken in, or told on, is kept with its bytes and the reason, where somebody sees it.

Must not know: who decides what cannot be taken in.
"""

from sync.errors import BadRequest, NotFound, StoreUnreachable
from sync.node.node import Node
from sync.records.ids import content_revision, parse_content_id, sha256_hex
from sync.replication.hearing import Heard
from sync.revisions.revision import parse_revision
from sync.store.ledger.set_aside import aside_of, count_aside, keep_aside, settle_aside
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
    """What lay aside and is here now, by itself or beneath what was told, need not be looked at any more."""
    if not heard.known or not _is_any_aside(node):
        return
    places = sorted({(name, doc_id) for name, doc_id, _revision in heard.known})
    waiting = node.read(lambda reader: {place: aside_of(reader, *place) for place in places})
    come = [
        item
        for place, items in waiting.items()
        for item, (revision, offered_by) in items.items()
        if _has_come(node, place, revision, heard, is_ours=offered_by == node.identity.writer)
    ]
    if come:
        now_ms = node.clock()

        def work(tx: Transaction) -> None:
            for item in come:
                settle_aside(tx, item, now_ms=now_ms)

        node.write(work)


def _has_come(node: Node, place: tuple[str, str], text: str, heard: Heard, *, is_ours: bool) -> bool:
    """Of what we told in vain, whether the other side has it; of what others brought, whether we do.

    Of a chunk or chunk list there is one revision, whichever one was named that came garbled.
    """
    name, doc_id = place
    content = parse_content_id(doc_id)
    try:
        revision = content_revision(content[1]) if content else parse_revision(text)
        if is_ours:
            return (name, doc_id, revision) in heard.known
        tree = node.documents.database(name).tree(doc_id)
    except (BadRequest, NotFound, StoreUnreachable):
        return False
    return tree is not None and not tree.missing((revision,))


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
