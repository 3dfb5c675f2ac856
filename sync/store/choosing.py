"""Which revisions of a tree a `Wanted` asks for.

Must not know: bodies, where documents are kept.
"""

from collections.abc import Iterator

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.values.documents import Absent, Wanted


def chosen_paths(tree: Tree | None, wanted: Wanted) -> Iterator[Branch | Absent]:
    """The paths asked for, in the order asked; each leaf once when the latest are wanted.

    source  CouchDB API, /{db}/{docid}, parameters `rev`, `open_revs` and `latest`
    """
    if wanted.revisions is None:
        yield _winner(tree, wanted.id)
    elif tree is None:
        named = wanted.revisions or (None,)
        yield from (Absent(wanted.id, revision, "missing") for revision in named)
    elif not wanted.revisions:
        yield from tree.branches
    elif wanted.latest:
        yield from _latest(tree, wanted)
    else:
        yield from (_named(tree, wanted.id, revision) for revision in wanted.revisions)


def _winner(tree: Tree | None, doc_id: str) -> Branch | Absent:
    if tree is None:
        return Absent(doc_id, None, "missing")
    return Absent(doc_id, None, "deleted") if tree.deleted else tree.winner


def _named(tree: Tree, doc_id: str, revision: Revision) -> Branch | Absent:
    for branch in tree.branches:
        if branch.leaf == revision:
            return branch
    branch_through = tree.branch_of(revision)
    return branch_through.from_revision(revision) if branch_through else Absent(doc_id, revision, "missing")


def _latest(tree: Tree, wanted: Wanted) -> Iterator[Branch | Absent]:
    given: set[Revision] = set()
    for revision in wanted.revisions or ():
        through = [branch for branch in tree.branches if branch.knows(revision)]
        if not through:
            yield Absent(wanted.id, revision, "missing")
        for branch in through:
            if branch.leaf not in given:
                given.add(branch.leaf)
                yield branch
