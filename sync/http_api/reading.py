"""Reading one document out of a database, and what CouchDB can tell about its revisions beside it.

Must not know: requests, answers.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sync.database import Database
from sync.errors import NotFound
from sync.revisions.revision import Revision
from sync.revisions.tree import Tree
from sync.values.changes import START
from sync.values.documents import LET_GO, Absent, Document, Wanted
from sync.wire.problems import LetGo

Read = Document | Absent

_ROUNDS = 4  # of a read that names documents several times, side by side; each holds a slice of it


def read_one(database: Database, wanted: Wanted) -> Document:
    """The document asked for; raises NotFound with CouchDB's `missing` or `deleted`, LetGo."""
    found = next(iter(database.read([wanted])), None)
    if isinstance(found, Document):
        return found
    raise absence_of(found)


def absence_of(found: Absent | None) -> NotFound:
    """The error for what is not to be had."""
    if found is not None and found.reason == LET_GO:
        return LetGo()
    return NotFound("missing" if found is None else found.reason)


def read_each(database: Database, wanted: Sequence[Wanted]) -> Iterator[list[Read]]:
    """What was found, grouped as asked for; reads once unless one document is asked for twice.

    A `Wanted` may give several documents, so neighbours of one id could not be told apart. Such are read in rounds that
    go side by side: each holds what it reads ahead, so there are few of them, and one where files may come along.
    """
    most = 1 if any(each.attachments for each in wanted) else _ROUNDS
    for stretch in _stretches(wanted, most):
        turns = 1 + max(turn for turn, _ in stretch)
        rounds = [_grouped(database, [each for turn, each in stretch if turn == one]) for one in range(turns)]
        for turn, _ in stretch:
            yield next(rounds[turn])


def asides(database: Database, document: Document, asked: frozenset[str]) -> dict[str, Any]:
    """The reserved members asked for beside the document, by name.

    asked  any of `_conflicts`, `_deleted_conflicts`, `_revs_info`, `_local_seq`
    """
    told: dict[str, Any] = {}
    if not asked:
        return told
    tree = database.tree(document.id) or Tree()
    told |= _conflicts(tree, document.revision, asked)
    if "_revs_info" in asked:
        told["_revs_info"] = _revs_info(database, document, tree)
    if "_local_seq" in asked:
        page = database.changes(START, doc_ids=[document.id])
        told["_local_seq"] = page.results[-1].seq if page.results else page.last_seq
    return told


def _stretches(wanted: Sequence[Wanted], most: int) -> Iterator[list[tuple[int, Wanted]]]:
    """The same in stretches that name no document more often than that; each with how often it was named before."""
    stretch: list[tuple[int, Wanted]] = []
    named: Counter[str] = Counter()
    for each in wanted:
        if named[each.id] == most:
            yield stretch
            stretch, named = [], Counter()
        stretch.append((named[each.id], each))
        named[each.id] += 1
    if stretch:
        yield stretch


def _grouped(database: Database, wanted: Sequence[Wanted]) -> Iterator[list[Read]]:
    groups = groupby(database.read(wanted), key=lambda found: found.id)
    waiting = next(groups, None)
    for each in wanted:
        if waiting is not None and waiting[0] == each.id:
            yield list(waiting[1])
            waiting = next(groups, None)
        else:
            yield []


def _conflicts(tree: Tree, shown: Revision, asked: frozenset[str]) -> dict[str, Any]:
    told = {}
    beside = [branch for branch in tree.branches if branch.leaf != shown]
    for name, deleted in (("_conflicts", False), ("_deleted_conflicts", True)):
        leaves = [str(branch.leaf) for branch in beside if branch.deleted is deleted]
        if name in asked and leaves:
            told[name] = leaves
    return told


def _revs_info(database: Database, document: Document, tree: Tree) -> list[dict[str, str]]:
    path = tuple(document.path.revisions())
    bodies = {
        found.revision: found
        for found in database.read([Wanted(document.id, revisions=path)])
        if isinstance(found, Document)
    }
    return [{"rev": str(revision), "status": _status(bodies.get(revision))} for revision in path]


def _status(found: Document | None) -> str:
    if found is None:
        return "missing"
    return "deleted" if found.deleted else "available"
