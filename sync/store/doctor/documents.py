"""Documents: every tree can be read and stands winner first, every leaf has its body, digests fit.

A digest is recomputed where the parent is known. One that does not fit may be of another rule (PouchDB's,
CouchDB's, that of a merge), which is not ours to judge: it is counted, and said as a remark.

Must not know: contents of attachments, counters.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sync.errors import BadRequest
from sync.messages import _
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.revisions.winner import order
from sync.store.contents import linked
from sync.store.doctor.finding import NOTHING, RESYNC, Advance, Finding, gathered
from sync.store.letting_go import AWAY
from sync.store.transaction import Reader
from sync.store.tree_text import tree_from_text
from sync.values.digest import revision_digest
from sync.values.json_text import parse_object

_LONG_NUMBER = re.compile(r"\d{12,}[0-9Xx]")  # a foreign id may hold a citizen's number


class _Row(NamedTuple):
    document: int
    deleted: int
    tree: str
    place: str


def check_documents(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """Trees, winners, leaves and their bodies."""
    yield from gathered(_broken(reader, advance), _(RESYNC))


def check_digests(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """Revisions of our own rule fit their bodies; the others are counted."""
    foreign: list[str] = []
    own = 0
    for row in _rows(reader, advance):
        for branch in _tree(row).branches:
            fits = _fits(reader, row, branch)
            own += fits is True
            if fits is False:
                foreign.append(row.place)
    if foreign:
        told = _(
            "The digests of %(own)s revisions fit their bodies; %(others)s more were written by "
            "other systems or by merging and cannot be checked here (%(places)s)",
            own=own,
            others=len(foreign),
            places=_(", ").join(foreign[:5]),
        )
        yield Finding(told, _(NOTHING), is_fault=False)


def check_let_go(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """How much was let go: nothing is lost, and none of it is here."""
    ((count, size),) = reader.execute("SELECT count(*), coalesce(sum(bytes), 0) FROM let_go")
    if count:
        megabytes = f"{size / (1 << 20):.1f}"
        told = _(
            "%(count)s contents (%(megabytes)s MB) were let go and are fetched from the level above when they "
            "are looked at; lost photos that wait to be brought again count among them",
            count=count,
            megabytes=megabytes,
        )
        yield Finding(told, _(NOTHING), is_fault=False)


def place_of(database: object, doc_id: object) -> str:
    """A document as a finding names it; numbers that could be a person's are left out."""
    return f"{database}/{_LONG_NUMBER.sub('…', str(doc_id))}"


def _broken(reader: Reader, advance: Advance) -> Iterator[tuple[str, str]]:
    for row in _rows(reader, advance):
        tree = _tree(row)
        if not tree.branches:
            yield _("A revision tree cannot be read"), row.place
            continue
        if tree != order(tree.branches) or bool(row.deleted) != tree.deleted:
            yield _("The winner of a revision tree is wrong"), row.place
        yield from _broken_leaves(reader, row, tree)


def _broken_leaves(reader: Reader, row: _Row, tree: Tree) -> Iterator[tuple[str, str]]:
    stored = {
        Revision(generation, digest): (deleted, body, is_away)
        for generation, digest, deleted, body, is_away in reader.execute(
            "SELECT generation, digest, deleted, body, let_go.seq IS NOT NULL FROM revisions "
            "LEFT JOIN let_go USING (seq) WHERE revisions.document = ? ORDER BY seq",
            (row.document,),
        )
    }
    for branch in tree.branches:
        if branch.leaf not in stored:
            yield _("The body of a document is missing"), row.place
            continue
        deleted, body, is_away = stored[branch.leaf]
        if bool(deleted) != branch.deleted or bool(is_away) != (body == AWAY) or not (is_away or _is_object(body)):
            yield _("The body of a document cannot be read"), row.place
    if any(tree.branch_of(revision) is None and not _outlived(tree, revision) for revision in stored):
        yield _("A body is kept that no revision tree has"), row.place


def _outlived(tree: Tree, revision: Revision) -> bool:
    """Whether a revision is older than what some path remembers: its body stays until upkeep comes round to it."""
    return any(revision.generation <= branch.generation - len(branch.digests) for branch in tree.branches)


def _rows(reader: Reader, advance: Advance) -> Iterator[_Row]:
    rows = reader.iterate(
        "SELECT document, deleted, tree, name, id FROM documents JOIN databases USING (database) "
        "WHERE name IS NOT NULL ORDER BY document"
    )
    for count, (document, deleted, tree, name, doc_id) in enumerate(rows):
        advance(count)
        yield _Row(document, deleted, tree, place_of(name, doc_id))


def _tree(row: _Row) -> Tree:
    """The tree; one of no branches when it cannot be read."""
    try:
        tree = tree_from_text(row.tree)
    except (BadRequest, TypeError, ValueError):
        return Tree()
    return tree if all(_is_path(branch) for branch in tree.branches) else Tree()


def _is_path(branch: Branch) -> bool:
    return (
        isinstance(branch.generation, int)
        and branch.generation >= len(branch.digests) > 0
        and all(isinstance(digest, str) and digest for digest in branch.digests)
    )


def _is_object(body: bytes) -> bool:
    try:
        parse_object(body)
    except BadRequest:
        return False
    return True


def _fits(reader: Reader, row: _Row, branch: Branch) -> bool | None:
    """Whether a leaf's digest is that of our rule; None when parent or body are not known."""
    if branch.generation > 1 and len(branch.digests) < 2:
        return None
    found = reader.one(
        "SELECT seq, deleted, body FROM revisions WHERE document = ? AND generation = ? AND digest = ?",
        (row.document, *branch.leaf),
    )
    if found is None or not _is_object(found[2]):
        return None
    parent = Revision(branch.generation - 1, branch.digests[1]) if branch.generation > 1 else None
    files = linked(reader, found[0])
    return revision_digest(parent, found[2], deleted=bool(found[1]), attachments=files) == branch.leaf.digest
