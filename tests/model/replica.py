"""The least that is a replica: trees and bodies in a dict, written for reading, for the models of records.

It keeps every body it ever got, so a model can ask afterwards whether an event was lost.
"""

from sync.records.guarded import GuardedDatabase
from sync.records.merge import merge_conflicts
from sync.revisions.merge import Joined, join
from sync.revisions.tree import Branch, Tree
from sync.values.documents import Absent, Document, Outcome

REVS_LIMIT = 1000


class Replica:
    """Some of the `Database` protocol: reading every leaf, grafting."""

    def __init__(self, name):
        self.name = name
        self.trees = {}
        self.bodies = {}
        self.refused = {}
        self.writes = 0

    def set_aside(self, name, document, reason):
        self.refused[document.revision] = reason

    def read(self, wanted):
        for want in wanted:
            tree = self.trees.get(want.id)
            if tree is None:
                yield Absent(want.id, None, "missing")
                continue
            for branch in tree.branches:
                yield Document(want.id, branch, self.bodies[want.id, branch.leaf])

    def graft(self, documents):
        outcomes = []
        for document in documents:
            tree, joined = join(self.trees.get(document.id, Tree()), document.path, limit=REVS_LIMIT)
            if joined is not Joined.KNOWN:
                self.bodies[document.id, document.revision] = document.body
                self.writes += 1
            self.trees[document.id] = tree
            outcomes.append(Outcome(document.id, document.revision))
        return outcomes

    def leaves(self, doc_id):
        tree = self.trees.get(doc_id)
        return [] if tree is None else [Document(doc_id, b, self.bodies[doc_id, b.leaf]) for b in tree.branches]

    def live(self, doc_id):
        return [leaf for leaf in self.leaves(doc_id) if not leaf.deleted]

    def write_child(self, doc_id, parent, digest, body):
        """Write a live leaf on top of another, or a first one."""
        path = (
            Branch(1, (digest,))
            if parent is None
            else Branch(parent.path.generation + 1, (digest, *parent.path.digests))
        )
        self.graft([Document(doc_id, path, body)])


def carry(source, target, doc_ids, *, offerer, laws, pick=None):
    """Replicate leaves the target lacks, past its guard; what it refuses is not offered to it again, but for burials:
    one that overtook the merge it belongs to is retried, as on the road (`sync.node.road.retrying`).

    pick  takes the missing leaves and says which get through this time; all when None
    """
    guarded = GuardedDatabase(target, offerer, target.set_aside, laws=laws)
    for doc_id in doc_ids:
        known = target.trees.get(doc_id, Tree())
        missing = [leaf for leaf in source.leaves(doc_id) if known.branch_of(leaf.revision) is None]
        missing = [leaf for leaf in missing if leaf.deleted or leaf.revision not in target.refused]
        if pick:
            missing = pick(missing)
        if missing:
            guarded.graft(missing)


def merge_all(replica, doc_ids, laws):
    """The node's job after a change."""
    merge_conflicts(replica, doc_ids, laws)
