"""Joining a path of revisions to a tree, and forgetting what is older than the limit.

Joining is idempotent, and the order in which honest paths arrive makes no difference: a tree is
the union of the paths it has seen.

Must not know: bodies, databases, JSON text.
"""

from enum import Enum

from sync.revisions.tree import Branch, Tree
from sync.revisions.winner import with_branch


class Joined(Enum):
    """What a path did to the tree."""

    KNOWN = "known"  # its leaf lay on a path already; nothing new to store
    EXTENDED = "extended"  # a leaf grew
    BRANCHED = "branched"  # a new leaf stands beside the others


def join(tree: Tree, path: Branch, *, limit: int) -> tuple[Tree, Joined]:
    """Join a path to a tree and stem the result.

    limit    how many revisions of each path are remembered (`_revs_limit`), at least 1
    returns  the new tree, and what the path did to it
    """
    if not tree.branches:
        return Tree((stem(path, limit),)), Joined.BRANCHED
    known = tree.branch_of(path.leaf)
    grown = _rooted(path, tree) if known is None else _lengthened(known, path)
    names = frozenset(grown.digests)  # of a thousand leaves hardly one is on the path: say so without asking each
    others = tuple(each for each in tree.branches if each.digests[0] not in names or not grown.knows(each.leaf))
    joined = with_branch(Tree(others), stem(grown, limit))
    if known is not None:
        return joined, Joined.KNOWN
    return joined, Joined.EXTENDED if len(others) < len(tree.branches) else Joined.BRANCHED


def stem(branch: Branch, limit: int) -> Branch:
    """Forget all but the newest `limit` revisions of a path."""
    if len(branch.digests) <= limit:
        return branch
    return Branch(branch.generation, branch.digests[:limit], branch.deleted)


def _rooted(path: Branch, tree: Tree) -> Branch:
    """A path with a new leaf, continued below the place where it meets the tree."""
    for revision in path.revisions():
        known = tree.branch_of(revision)
        if known is not None:
            return _lengthened(path, known.from_revision(revision))
    return path


def _lengthened(newer: Branch, older: Branch) -> Branch:
    """One path with the ancestors of the other behind it, where the two meet.

    What both name, the newer decides down to the meeting point and the older below it.
    """
    for back, revision in enumerate(newer.revisions()):
        if older.knows(revision):
            tail = older.from_revision(revision).digests
            mine = newer.digests[back:]
            longest = tail if len(tail) >= len(mine) else tail + mine[len(tail) :]
            return Branch(newer.generation, newer.digests[:back] + longest, newer.deleted)
    return newer
