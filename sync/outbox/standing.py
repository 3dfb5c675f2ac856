"""A document as it stands: what the CouchDB has of it, and on top what is on its way there.

Must not know: transactions, how the server is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sync.revisions.merge import join
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.choosing import chosen_paths
from sync.store.edits import DEFAULT_REVS_LIMIT
from sync.store.ledger.intents import Intent
from sync.store.tree_text import tree_from_text
from sync.typed import Value, replace
from sync.values.documents import Absent, Attachment, Document, Wanted
from sync.values.json_text import parse
from sync.wire.documents import read_replica

# Gives a body that is not in hand, or says that it cannot be had.
Fetch = Callable[[Revision], Document | Absent]


class Standing(Value):
    """One document: its tree (None when it was never written), and the revisions whose bodies are in hand."""

    id: str
    tree: Tree | None
    documents: tuple[Document, ...]

    def holding(self, revision: Revision) -> Document | None:
        """The revision with its body, if that is in hand; the one written last."""
        return next((one for one in reversed(self.documents) if one.revision == revision), None)

    def files(self, revision: Revision) -> tuple[Attachment, ...]:
        """The attachments of a revision, as stubs."""
        found = self.holding(revision)
        return tuple(replace(file, data=None) for file in found.attachments) if found else ()

    def grown(self, document: Document) -> "Standing":
        """With one more revision."""
        return Standing(self.id, joined(self.tree, [document.path]), (*self.documents, document))

    def read(self, wanted: Wanted, fetch: Fetch) -> Iterator[Document | Absent]:
        """What a `Wanted` asks for; bodies not in hand are fetched."""
        for path in chosen_paths(self.tree, wanted):
            if isinstance(path, Absent):
                yield path
                continue
            found = self.holding(path.leaf) or fetch(path.leaf)
            if isinstance(found, Absent):
                yield found
                continue
            files = tuple(
                file if wanted.carries(file, path) else replace(file, data=None) for file in found.attachments
            )
            yield Document(self.id, replace(path, deleted=found.deleted), found.body, files)


def standing_of(doc_id: str, leaves: Iterable[Document], intents: Sequence[Intent]) -> Standing:
    """A document from its leaves on the server and the intents behind them, oldest first."""
    held = (*leaves, *(read_intent(one) for one in intents))
    told = [branch for one in intents for branch in tree_from_text(one.tree).branches]
    return Standing(doc_id, joined(None, [*(one.path for one in held), *told]), held)


def joined(tree: Tree | None, paths: Iterable[Branch]) -> Tree | None:
    """A tree with some paths joined to it."""
    for path in paths:
        tree, _ = join(tree or Tree(), path, limit=DEFAULT_REVS_LIMIT)
    return tree


def read_intent(intent: Intent) -> Document:
    """The document of an intent."""
    return read_replica(parse(intent.document))
