"""A revision tree as CouchDB exchanges it: one path per leaf, `{start, ids}` in `_revisions`.

    1-a ── 2-b ── 3-c            Tree((Branch(3, (c, b, a)), Branch(2, (d, a), deleted)))
       └── 2-d (deleted)

Keeping every leaf's whole path repeats ancestors that two leaves share. Conflicts are few and
paths are what the protocol speaks, so that buys: membership without walking, stemming by
slicing, and a merge that is a dozen lines. Branches stand winner first (see `winner`), so two
equal trees are equal values.

A revision has one parent. Where an offer names another parent for a known revision, what is
known stands: the digest was made from the parent, so an honest peer never disagrees.

Must not know: bodies, databases, JSON text.
"""

from collections.abc import Collection, Iterable, Iterator

from sync.revisions.revision import Revision
from sync.typed import Value


class Branch(Value):
    """The path from a leaf back to the oldest ancestor still remembered.

    generation  of the leaf
    digests     newest first; `digests[i]` belongs to generation - i
    deleted     whether the leaf is a tombstone
    """

    generation: int
    digests: tuple[str, ...]
    deleted: bool = False

    @property
    def leaf(self) -> Revision:
        """The newest revision of this path."""
        return Revision(self.generation, self.digests[0])

    def knows(self, revision: Revision) -> bool:
        """Whether the revision lies on this path."""
        back = self.generation - revision.generation
        return 0 <= back < len(self.digests) and self.digests[back] == revision.digest

    def revisions(self) -> Iterator[Revision]:
        """The path, newest first."""
        for back, digest in enumerate(self.digests):
            yield Revision(self.generation - back, digest)

    def from_revision(self, revision: Revision) -> "Branch":
        """The part of this path from an older revision back; the revision must lie on it."""
        back = self.generation - revision.generation
        return Branch(revision.generation, self.digests[back:])


class Tree(Value):
    """All that a replica remembers of a document's revisions; never empty once written."""

    branches: tuple[Branch, ...] = ()

    @property
    def winner(self) -> Branch:
        """The branch whose leaf every replica shows; IndexError on an empty tree."""
        return self.branches[0]

    @property
    def deleted(self) -> bool:
        """Whether every leaf is a tombstone."""
        return self.branches[0].deleted

    def leaves(self) -> tuple[Revision, ...]:
        """Every leaf, winner first."""
        return tuple(branch.leaf for branch in self.branches)

    def conflicts(self) -> tuple[Revision, ...]:
        """Live leaves beside a live winner, greatest first."""
        return tuple(b.leaf for b in self.branches[1:] if not b.deleted)

    def deleted_conflicts(self) -> tuple[Revision, ...]:
        """Tombstones beside the winner, greatest first."""
        return tuple(b.leaf for b in self.branches[1:] if b.deleted)

    def branch_of(self, revision: Revision) -> Branch | None:
        """The first path the revision lies on, winner first."""
        generation, digest = revision
        for branch in self.branches:
            # `knows`, written out: this is asked of every branch for every revision that comes.
            back = branch.generation - generation
            if 0 <= back < len(branch.digests) and branch.digests[back] == digest:
                return branch
        return None

    def is_leaf(self, revision: Revision) -> bool:
        """Whether nothing was ever written on top of the revision."""
        return any(branch.leaf == revision for branch in self.branches)

    def without(self, leaves: Collection[Revision]) -> "Tree":
        """The tree without the paths that end in these leaves; empty when none is left.

        What is no leaf is passed over, and so is an ancestor that another leaf's path still holds.
        source  CouchDB, `couch_key_tree:remove_leafs/2`
        """
        return Tree(tuple(branch for branch in self.branches if branch.leaf not in leaves))

    def missing(self, offered: Iterable[Revision]) -> tuple[Revision, ...]:
        """Those of the offered revisions that lie on no path here, in the order given."""
        return tuple(revision for revision in offered if self.branch_of(revision) is None)

    def possible_ancestors(self, missing: Iterable[Revision]) -> tuple[Revision, ...]:
        """Leaves a missing revision may descend from: all of a lower generation than the newest.

        source  CouchDB replication protocol, 2.4.2.4.3 Calculate Revision Difference
        """
        newest = max((revision.generation for revision in missing), default=0)
        return tuple(leaf for leaf in self.leaves() if leaf.generation < newest)
