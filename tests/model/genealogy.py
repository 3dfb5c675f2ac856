"""What is true of every replica, told by the history alone: who wrote which revision on top of which.

This is the oracle's oracle. It knows no tree, no join and no database: leaves are the revisions nobody
built upon, and the winner is CouchDB's rule written out once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.documents import Document


@dataclass(frozen=True)
class Birth:
    """How a revision came to be; `body` is None where only its descendants were ever sent.

    files  (name, content) of each attachment
    """

    parent: Revision | None
    deleted: bool
    body: bytes | None
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass
class Genealogy:
    """Every revision of every document."""

    births: dict[str, dict[Revision, Birth]] = field(default_factory=dict)

    def note(self, doc_id: str, revision: Revision, birth: Birth) -> None:
        """A revision was written, here or there; the same edit made twice is the same revision."""
        known = self.births.setdefault(doc_id, {}).setdefault(revision, birth)
        assert known == birth, (doc_id, revision)

    def path(self, doc_id: str, revision: Revision) -> tuple[Revision, ...]:
        """A revision and what it descends from, newest first."""
        path = []
        at: Revision | None = revision
        while at is not None:
            path.append(at)
            at = self.births[doc_id][at].parent
        return tuple(path)

    def document(self, doc_id: str, revision: Revision, *, limit: int) -> Document:
        """A revision as a replica that remembers so many sends it."""
        birth = self.births[doc_id][revision]
        assert birth.body is not None
        return Document(doc_id, self.branch(doc_id, revision, limit=limit), birth.body)

    def branch(self, doc_id: str, revision: Revision, *, limit: int) -> Branch:
        """The path, as far as it is remembered."""
        digests = tuple(each.digest for each in self.path(doc_id, revision)[:limit])
        return Branch(revision.generation, digests, self.births[doc_id][revision].deleted)

    def leaves(self, doc_id: str) -> set[Revision]:
        """Those nobody built upon."""
        births = self.births[doc_id]
        return set(births) - {birth.parent for birth in births.values() if birth.parent}

    def ranked(self, doc_id: str, leaves: Sequence[Revision]) -> list[Revision]:
        """Winner first: the living before the dead, then the longer history, then the greater digest."""
        births = self.births[doc_id]
        return sorted(leaves, key=lambda rev: (not births[rev].deleted, rev.generation, rev.digest), reverse=True)
