"""How much of what nobody vouches for is taken into `public` from the node above.

The centre signs what it publishes, and what it has not signed is used nowhere. It is kept all the same, for its release
may come behind it, by another road, and a kind of document this version has not heard of has to go on to those below.
So it is bounded instead of refused: beyond that only what bears the centre's signature, or is named by a release that
does, is taken. What is refused is not kept aside; the node above has it, and tells it once more when a release has come
that may name it.

Must not know: who brings it, what is published.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence

from sync.custody.alerts import read_alert
from sync.custody.releases import is_release, read_release_of
from sync.database import Database, Front
from sync.errors import BadRequest, Forbidden, SyncError
from sync.node.centre_key import pinned_centre
from sync.node.lanes import is_alert
from sync.node.node import Node
from sync.node.shelving import last_release
from sync.records.published import DIGEST_BYTES, is_published, read_entry
from sync.store.ledger.settings import put_settings, setting
from sync.store.ledger.shelf import vouched_at, weigh_shelf
from sync.store.transaction import Transaction
from sync.values.documents import Document, Outcome

# Besides what is on the shelf. A county's catalogue of five thousand items has 25 MB, and all of it comes before its
# release where the volumes of a set are read backwards.
MOST_DOCUMENTS = 10_000
MOST_BYTES = 64 << 20

_MOST_LEAVES = 8  # of one document; what is genuine could be brought under ever new revisions

_REFUSED = "public.refused_at"  # the number of the last release that was known when something was refused

_log = logging.getLogger(__name__)


class BoundedPublic(Front):
    """`public` as the node above writes into it."""

    def __init__(
        self, behind: Database, node: Node, *, most_documents: int = MOST_DOCUMENTS, most_bytes: int = MOST_BYTES
    ) -> None:
        super().__init__(behind)
        self._node = node
        self._most_documents = most_documents
        self._most_bytes = most_bytes

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Join what there is room for, and what is genuine."""
        if self._has_room(documents):
            return self._behind.graft(documents)
        taken = self._genuine(documents)
        grafted = iter(
            self._behind.graft([document for document, is_taken in zip(documents, taken, strict=True) if is_taken])
        )
        if not all(taken):
            self._note_refused()
            _log.warning("%d documents of public that the centre has not signed were refused", taken.count(False))
        return [
            next(grafted) if is_taken else _refused(document)
            for document, is_taken in zip(documents, taken, strict=True)
        ]

    def _note_refused(self) -> None:
        stood_at = str(last_release(self._node.engine)[0])
        if self._node.engine.read(lambda reader: setting(reader, _REFUSED)) != stood_at:
            self._node.engine.write(lambda tx: put_settings(tx, {_REFUSED: stood_at}))

    def _has_room(self, documents: Sequence[Document]) -> bool:
        info = self._behind.info()
        count = info.doc_count + info.doc_del_count + len(documents)
        size = info.active_bytes + sum(len(one.body) for one in documents)
        if count <= self._most_documents and size <= self._most_bytes:
            return True
        vouched, shelved_bytes = self._node.engine.read(weigh_shelf)
        return count <= vouched + self._most_documents and size <= shelved_bytes + self._most_bytes

    def _genuine(self, documents: Sequence[Document]) -> list[bool]:
        """Of each, whether the centre signed it, whether a release names it, or whether it buries what stands here."""
        self._node.catalogue.look()  # releases that came a moment ago count
        centre_key = self._node.engine.read(pinned_centre)
        if centre_key is None:
            return [False] * len(documents)
        released: dict[str, set[bytes]] = {}
        signed = set()
        for at, document in enumerate(documents):
            for doc_id, digest in (_signed(document, centre_key) or {}).items():
                released.setdefault(doc_id, set()).add(digest)
                signed.add(at)
        beside = Counter[str]()
        return [
            (at in signed or self._is_released(document, released) or document.deleted) and self._fits(document, beside)
            for at, document in enumerate(documents)
        ]

    def _is_released(self, document: Document, released: Mapping[str, set[bytes]]) -> bool:
        digest = _digest(document)
        in_batch = digest in released.get(document.id, ())
        return in_batch or self._node.engine.read(lambda reader: vouched_at(reader, document.id, digest)) is not None

    def _fits(self, document: Document, beside: Counter[str]) -> bool:
        """Whether it stands on what is here; beside that, as where a centre was restored, not without end.

        beside  how many leaves of each document the batch has brought so far
        """
        tree = self._behind.tree(document.id)
        leaves = () if tree is None else tree.leaves()
        if any(document.path.knows(leaf) for leaf in leaves):
            return True
        if document.deleted or len(leaves) + beside[document.id] >= _MOST_LEAVES:
            return False
        beside[document.id] += 1
        return True


def may_be_named_now(node: Node) -> bool:
    """Whether a release has come since something was refused that no release had named."""
    stood_at = node.engine.read(lambda reader: setting(reader, _REFUSED))
    if not stood_at:
        return False
    node.catalogue.look()
    return stood_at != str(last_release(node.engine)[0])


def forget_refused(tx: Transaction) -> None:
    """What was refused is told once more."""
    put_settings(tx, {_REFUSED: None})


def _signed(document: Document, centre_key: bytes) -> Mapping[str, bytes] | None:
    """What a document with the centre's own signature names, itself at the least; None when it has none."""
    if document.deleted:
        return None
    try:
        if is_release(document.id):
            return {document.id: b"", **read_release_of(document.id, document.body, centre_key=centre_key).digests}
        if is_alert(document.id):
            read_alert(document.id, document.body, centre_key=centre_key)
            return {document.id: b""}
    except SyncError:
        return None
    return None


def _digest(document: Document) -> bytes:
    """What a release says of it; of a kind that is not known here, of its bytes as they are."""
    try:
        if is_published(document.id):
            return read_entry(document.id, document.body).digest
    except BadRequest:
        pass
    return hashlib.sha256(document.body).digest()[:DIGEST_BYTES]


def _refused(document: Document) -> Outcome:
    return Outcome(
        document.id, document.revision, Forbidden("the centre has not signed this, and there is no more room for it")
    )
