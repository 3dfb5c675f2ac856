"""Which leaf of a revision tree wins, and in what order the others stand.

Every replica chooses alike without asking another: a live leaf before a deleted one, then the
higher generation, then the greater digest.

Must not know: databases, sockets, clocks. It reads branches and answers.
"""

from collections.abc import Iterable

from sync.revisions.tree import Branch, Tree


def precedence(branch: Branch) -> tuple[bool, int, str]:
    """The key by which leaves are compared; the greatest wins."""
    return (not branch.deleted, branch.generation, branch.digests[0])


def order(branches: Iterable[Branch]) -> Tree:
    """A tree of these branches, winner first."""
    return Tree(tuple(sorted(branches, key=precedence, reverse=True)))
