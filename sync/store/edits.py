"""CouchDB's rules for an edit and for a replica's copy, as pure functions over a tree.

    no parent, no document            first revision
    no parent, winner deleted         the edit revives the document, on top of its tombstone
    no parent, winner alive           Conflict
    parent a leaf, alive or deleted   the edit extends it
    parent anything else              Conflict

Must not know: bodies, databases, who stores what.
"""

from sync.errors import BadRequest, Conflict
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.values.documents import Edit

DEFAULT_REVS_LIMIT = 1000  # CouchDB's; schema.py repeats it, being frozen once released


def parent_of(edit: Edit, tree: Tree | None) -> Branch | None:
    """The path an edit extends; None for the first revision of a document; raises Conflict."""
    if tree is None:
        if edit.parent is not None:
            raise Conflict
        return None
    if edit.parent is None:
        # A tombstone on a tombstone says nothing new; CouchDB refuses it too.
        if not tree.deleted or edit.deleted:
            raise Conflict
        return tree.winner
    for branch in tree.branches:
        if branch.leaf == edit.parent:
            return branch
    raise Conflict


def extended(parent: Branch | None, digest: str, *, deleted: bool) -> Branch:
    """The path with one more revision at its end."""
    if parent is None:
        return Branch(1, (digest,), deleted)
    return Branch(parent.generation + 1, (digest, *parent.digests), deleted)


def require_id(doc_id: str) -> None:
    """Raise BadRequest for an id no store can keep: empty, or not expressible as UTF-8."""
    if not doc_id:
        raise BadRequest("Document id must not be empty")
    try:
        doc_id.encode()
    except UnicodeEncodeError:
        raise BadRequest("Document id must be UTF-8") from None


def require_path(path: Branch) -> None:
    """Raise BadRequest for a path that names no revision, more of them than its generation has, or no plain text."""
    digests = path.digests
    if not digests or path.generation < len(digests) or not all(digests) or not "".join(digests).isascii():
        raise BadRequest("Document _revisions do not fit its _rev")


def nearest_known(path: Branch, tree: Tree | None) -> tuple[Revision, ...]:
    """The ancestors on a path that a tree knows too, newest first."""
    if tree is None:
        return ()
    return tuple(revision for revision in path.revisions() if tree.branch_of(revision) is not None)
