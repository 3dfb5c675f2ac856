"""A database behind the guard: the same protocol, and nothing unlawful gets in.

Reading passes through. Of a batch written, each document is judged against what the database holds
and what the batch has brought so far; a refused one comes back as an `Outcome` with Forbidden, goes
to the quarantine bytes and all, and delays nothing.

Must not know: who is behind the database, where the quarantine is kept.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from sync.database import Database, Front
from sync.errors import Forbidden
from sync.records.fold import LAWS, Laws
from sync.records.guard import Offerer, SetAside, judge, needs_stored
from sync.records.powers import Powers, no_items
from sync.revisions.tree import Branch
from sync.revisions.winner import precedence
from sync.values.documents import Document, Edit, Outcome, Wanted

# (database name, the document refused, why); a reason that begins with ALARM is one.
Quarantine = Callable[[str, Document, str], None]
ALARM = "ALARM: "


class GuardedDatabase(Front):
    """A `Database` that judges what one offerer writes into another `Database`."""

    def __init__(
        self,
        database: Database,
        offerer: Offerer,
        quarantine: Quarantine,
        *,
        laws: Laws = LAWS,
        items: Powers = no_items,
    ) -> None:
        super().__init__(database)
        self._offerer = offerer
        self._quarantine = quarantine
        self._laws = laws
        self._items = items

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Judge edits, then let the database write the lawful ones."""
        held = self._held(edit.id for edit in edits)
        documents = [_as_document(edit, held.get(edit.id, ())) for edit in edits]
        refused = self._judge(documents, held, [True] * len(edits))
        written = iter(self._behind.write([edit for at, edit in enumerate(edits) if at not in refused]))
        return [refused[at] if at in refused else next(written) for at in range(len(edits))]

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        """Judge replicas' revisions, then let the database join the lawful ones."""
        held = self._held(document.id for document in documents)
        new = [_is_new(document, held.get(document.id, ())) for document in documents]
        refused = self._judge(documents, held, new)
        grafted = iter(self._behind.graft([one for at, one in enumerate(documents) if at not in refused]))
        return [refused[at] if at in refused else next(grafted) for at in range(len(documents))]

    def _held(self, ids: Iterable[str]) -> dict[str, list[Document]]:
        wanted = [Wanted(doc_id, revisions=()) for doc_id in dict.fromkeys(ids) if needs_stored(doc_id)]
        held: dict[str, list[Document]] = {one.id: [] for one in wanted}
        for found in self._behind.read(wanted) if wanted else ():
            if isinstance(found, Document):
                held[found.id].append(found)
        return held

    def _judge(
        self, documents: Sequence[Document], held: dict[str, list[Document]], new: Sequence[bool]
    ) -> dict[int, Outcome]:
        """The outcomes of those refused, by their place in the batch."""
        refused: dict[int, Outcome] = {}
        # Tombstones last: what a merge buries stands in the document it wrote, which may come behind them.
        for at in sorted(range(len(documents)), key=lambda place: documents[place].deleted):
            if not new[at]:
                continue
            document = documents[at]
            leaves = held.get(document.id, [])
            verdict = judge(leaves, document, self._offerer, database=self.name, laws=self._laws, items=self._items)
            if isinstance(verdict, SetAside):
                reason = f"{ALARM if verdict.alarm else ''}{verdict.reason}"
                self._quarantine(self.name, document, reason)
                refused[at] = Outcome(document.id, document.revision, Forbidden(reason))
            else:
                staying = [leaf for leaf in leaves if not document.path.knows(leaf.revision)]
                held[document.id] = [*staying, document]
        return refused


def _is_new(document: Document, leaves: Sequence[Document]) -> bool:
    """Whether grafting would change anything: what a database has, it does not replace."""
    return not any(leaf.path.knows(document.revision) for leaf in leaves)


def _as_document(edit: Edit, leaves: Sequence[Document]) -> Document:
    """An edit as the document it would become; only the database can say the true digest."""
    digest = hashlib.sha256(edit.body).hexdigest()[:32]
    path = _parent_path(edit, leaves)
    known = path.digests if path else ()
    branch = Branch(path.generation + 1 if path else 1, (digest, *known), edit.deleted)
    return Document(edit.id, branch, edit.body, edit.attachments)


def _parent_path(edit: Edit, leaves: Sequence[Document]) -> Branch | None:
    parent = edit.parent
    if parent is None:
        # On a document whose winner is a tombstone, a database continues from there.
        winner = max((leaf.path for leaf in leaves), key=precedence, default=None)
        return winner if winner and winner.deleted else None
    for leaf in leaves:
        if leaf.path.knows(parent):
            return leaf.path.from_revision(parent)
    return Branch(parent.generation, (parent.digest,))
