"""Reading one document out of a database, and what CouchDB can tell about its revisions beside it.

Must not know: requests, answers.
"""

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

    A `Wanted` may give several documents, so neighbours of one id could not be told apart. Such are read in rounds:
    few rounds where nothing large is to be held until its turn, otherwise as they come.
    """
    if any(each.attachments for each in wanted):
        for run in _runs(wanted):
            yield from _grouped(database, run)
        return
    rounds = _rounds(wanted)
    if len(rounds) <= 1:
        yield from _grouped(database, wanted)
        return
    found: list[list[Read]] = [[] for _ in wanted]
    for places in rounds:
        for place, group in zip(places, _grouped(database, [wanted[p] for p in places]), strict=True):
            found[place] = group
    yield from found


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


def _runs(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """The same in stretches that name each document once."""
    run: dict[str, Wanted] = {}
    for each in wanted:
        if each.id in run:
            yield list(run.values())
            run = {}
        run[each.id] = each
    if run:
        yield list(run.values())


def _rounds(wanted: Sequence[Wanted]) -> list[list[int]]:
    """The places of those that can be read together, in as few rounds as may be."""
    rounds: list[list[int]] = []
    seen: dict[str, int] = {}
    for place, each in enumerate(wanted):
        turn = seen.get(each.id, 0)
        seen[each.id] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(place)
    return rounds


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
