"""Revision paths, told as far down as the receiver knows them.

    the sender has   5-e  4-d  3-c  2-b  1-a        the receiver has   3-c  2-b  1-a
    told             5-e  4-d  3-c                  restored           5-e  4-d  3-c  2-b  1-a

Of a document with a long history only what is new is sent. The last revision told is one that the receiver holds, and
it finds the rest of the path there. One it does not hold is refused, never guessed: a path with a gap in it would stand
in the tree as a branch of its own.

Digests are best sent as the text they are: packed among other text, 32 hexadecimal digits cost the 16 bytes they say,
and 16 bytes of chance between words cost 23.

Must not know: bodies, databases, who the receiver is.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sync.errors import NotFound
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree


class UnknownAncestor(NotFound):
    """A path was told down to a revision that is not held here."""

    remedy = "Tell the whole path."


@dataclass(frozen=True, slots=True)
class ToldPath:
    """A path as it is told.

    path      leaf first, down to the last revision told
    goes_on   whether the path goes on below the last, and the receiver is to know how
    """

    path: Branch
    goes_on: bool


def shorten(path: Branch, held: Collection[Revision]) -> ToldPath:
    """Tell a path down to the newest revision on it that the receiver holds; all of it when there is none.

    held  what of the receiver is known: its leaves, as `revs_diff` or an earlier exchange told them
    """
    for back, revision in enumerate(path.revisions()):
        if revision in held:
            return ToldPath(Branch(path.generation, path.digests[: back + 1], path.deleted), goes_on=True)
    return ToldPath(path, goes_on=False)


def restore(told: ToldPath, tree: Tree) -> Branch:
    """The whole path, as far as the receiver's tree remembers it.

    raises  UnknownAncestor when the last revision told does not lie in the tree
    """
    if not told.goes_on:
        return told.path
    path = told.path
    last = Revision(path.generation - len(path.digests) + 1, path.digests[-1])
    known = tree.branch_of(last)
    if known is None:
        raise UnknownAncestor(f"the revision {last} is not held here")
    return Branch(path.generation, path.digests + known.from_revision(last).digests[1:], path.deleted)
