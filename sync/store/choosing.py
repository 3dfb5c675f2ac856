"""Which revisions of a tree a `Wanted` asks for.

Must not know: bodies, where documents are kept.
"""

from collections.abc import Iterator, Mapping, Sequence

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.values.documents import Absent, Wanted

_FEW = 8


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
    elif len(tree.branches) == 1 and wanted.revisions == (tree.winner.leaf,):  # as nearly always
        yield tree.winner
    elif wanted.latest:
        yield from _latest(tree, wanted)
    else:
        leaves = _leaves(tree, wanted.revisions)
        yield from (_named(tree, leaves, wanted.id, revision) for revision in wanted.revisions)


def _winner(tree: Tree | None, doc_id: str) -> Branch | Absent:
    if tree is None:
        return Absent(doc_id, None, "missing")
    return Absent(doc_id, None, "deleted") if tree.deleted else tree.winner


def _leaves(tree: Tree, asked: Sequence[Revision]) -> dict[Revision, Branch]:
    """The leaves by name, when so many are asked for that to look through all for each would take long."""
    return {branch.leaf: branch for branch in tree.branches} if len(asked) > _FEW else {}


def _named(tree: Tree, leaves: Mapping[Revision, Branch], doc_id: str, revision: Revision) -> Branch | Absent:
    branch = leaves.get(revision) or tree.branch_of(revision)
    if branch is None:
        return Absent(doc_id, revision, "missing")
    return branch if branch.leaf == revision else branch.from_revision(revision)


def _latest(tree: Tree, wanted: Wanted) -> Iterator[Branch | Absent]:
    leaves = _leaves(tree, wanted.revisions or ())
    given: set[Revision] = set()
    for revision in wanted.revisions or ():
        leaf = leaves.get(revision)
        through = [leaf] if leaf else [branch for branch in tree.branches if branch.knows(revision)]
        if not through:
            yield Absent(wanted.id, revision, "missing")
        for branch in through:
            if branch.leaf not in given:
                given.add(branch.leaf)
                yield branch
