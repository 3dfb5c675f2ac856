"""Which leaf of a revision tree wins, and in what order the others stand.

Every replica chooses alike without asking another: a live leaf before a deleted one, then the
higher generation, then the greater digest.

Must not know: databases, sockets, clocks. It reads branches and answers.
"""

from bisect import bisect_left
from collections.abc import Iterable

from sync.revisions.tree import Branch, Tree


def precedence(branch: Branch) -> tuple[bool, int, str]:
    """The key by which leaves are compared; the greatest wins."""
    return (not branch.deleted, branch.generation, branch.digests[0])


def with_branch(tree: Tree, branch: Branch) -> Tree:
    """The tree with one more branch, in its place."""
    rising = tree.branches[::-1]
    place = len(rising) - bisect_left(rising, precedence(branch), key=precedence)
    return Tree((*tree.branches[:place], branch, *tree.branches[place:]))


def order(branches: Iterable[Branch]) -> Tree:
    """A tree of these branches, winner first."""
    return Tree(tuple(sorted(branches, key=precedence, reverse=True)))
