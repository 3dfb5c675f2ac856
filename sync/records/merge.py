"""Bringing diverged copies of a record back together: the union of their events, folded.

Every node makes the same document of the same leaves, down to the revision, so two that merge at
once have not made a new conflict:

    merged     extends the winner; its digest is made from the merge version, the fold version,
               the sorted revisions of the live leaves and the canonical body
    losers     get tombstones, their digests made from the merge version and their own revision, so
               that whoever buries a leaf, and for whatever merge, buries it alike

A leaf that is the merged body already stays, and the others are buried beside it: were a new
revision made of leaves that hold the same events, nodes that know them pairwise would answer each
other's merges with merges for ever.

What a node does not understand it does not merge: the leaves stand, every byte of them, until a
node that knows the words has merged them and its work arrives.

Must not know: replication, who may write what.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sync.database import Database
from sync.errors import BadRequest
from sync.records.events import Event, in_order
from sync.records.fold import LAWS, Laws, not_understood
from sync.records.log import MAX_EVENTS, MEMBERS, folded_body, is_record, read_log
from sync.revisions.tree import Branch
from sync.revisions.winner import precedence
from sync.typed import Value
from sync.values.documents import EMPTY_BODY, Document, Wanted
from sync.values.json_text import canonical

MERGE_VERSION = 1


class Merged(Value):
    """What is to be grafted, all of it or nothing.

    document    the leaf that lives on;  made, whether it is new, or one of the leaves had everything already
    tombstones  one for every other live leaf
    """

    document: Document
    tombstones: tuple[Document, ...]
    made: bool = True

    @property
    def to_graft(self) -> tuple[Document, ...]:
        """The merged document first: a tombstone is lawful only where its events stand elsewhere."""
        return (self.document, *self.tombstones) if self.made else self.tombstones


class LeavesStand(Value):
    """Nothing is to be done, and why."""

    reason: str


def merge(leaves: Sequence[Document], laws: Laws = LAWS) -> Merged | LeavesStand:
    """Merge the leaves of one record.

    leaves  every leaf of one document, in any order, each with its whole path; tombstones count for nothing
    """
    live = sorted((leaf for leaf in leaves if not leaf.deleted), key=lambda leaf: precedence(leaf.path), reverse=True)
    if len(live) < 2:
        return LeavesStand("there is no conflict")
    bodies = [leaf.fields() for leaf in live]
    try:
        events = _union(live, bodies)
        version = max(body["fold"] for body in bodies)
        unknown = not_understood(version, bodies[0]["type"], [event.type for event in events], laws)
        if unknown:
            return LeavesStand(f"not understood here: {unknown}")
        body = folded_body(version, bodies[0]["type"], events, laws)
    except BadRequest as error:
        return LeavesStand(error.reason)
    return _written(live, version, body)


def merge_conflicts(
    database: Database, ids: Iterable[str], laws: Laws = LAWS
) -> tuple[tuple[str, Merged | LeavesStand], ...]:
    """Merge those of the named documents that are in conflict; a node does this for whatever changed.

    returns  (document id, what was written or why not), for the documents in conflict only
    """
    wanted = [Wanted(doc_id, revisions=()) for doc_id in dict.fromkeys(ids)]
    results: list[tuple[str, Merged | LeavesStand]] = []
    for doc_id, found in groupby(database.read(wanted), key=lambda one: one.id):
        documents = tuple(found)
        leaves = [one for one in documents if isinstance(one, Document)]
        if len([leaf for leaf in leaves if not leaf.deleted]) < 2:
            continue
        merged = merge(leaves, laws) if len(leaves) == len(documents) else LeavesStand("a leaf cannot be read here")
        results.append((doc_id, _graft(database, merged) if isinstance(merged, Merged) else merged))
    return tuple(results)


def _graft(database: Database, merged: Merged) -> Merged | LeavesStand:
    outcomes = database.graft(merged.to_graft)
    refused = [outcome.error for outcome in outcomes if outcome.error is not None]
    return LeavesStand(str(refused[0])) if refused else merged


def _union(live: Sequence[Document], bodies: Sequence[dict[str, Any]]) -> tuple[Event, ...]:
    """The events of all leaves; raises BadRequest when they are not copies of one record."""
    if any(leaf.attachments for leaf in live) or not all(is_record(body) for body in bodies):
        raise BadRequest("not a record")
    if any(not MEMBERS.issuperset(body) for body in bodies):
        raise BadRequest("a record with members not known here")
    events = in_order(event for body in bodies for event in read_log(body))
    if len({body["type"] for body in bodies}) > 1 or len(events) > MAX_EVENTS:
        raise BadRequest("not copies of one record")
    if len({event.place for event in events}) < len(events):
        raise BadRequest("two events of one writer under one number")
    return events


def _written(live: Sequence[Document], version: int, body: bytes) -> Merged:
    whole = next((leaf for leaf in live if canonical(leaf.fields()) == body), None)
    if whole is not None:
        return Merged(whole, tuple(_buried(leaf) for leaf in live if leaf is not whole), made=False)
    winner = live[0]
    source = ["merged", MERGE_VERSION, version, sorted(str(leaf.revision) for leaf in live)]
    document = Document(winner.id, _extended(winner.path, _digest(source, body)), body)
    return Merged(document, tuple(_buried(leaf) for leaf in live[1:]))


def _buried(leaf: Document) -> Document:
    source = ["buried", MERGE_VERSION, str(leaf.revision)]
    return Document(leaf.id, _extended(leaf.path, _digest(source, EMPTY_BODY), deleted=True), EMPTY_BODY)


def _digest(source: Sequence[object], body: bytes) -> str:
    return hashlib.sha256(canonical(source) + b"\n" + body).hexdigest()[:32]


def _extended(path: Branch, digest: str, *, deleted: bool = False) -> Branch:
    return Branch(path.generation + 1, (digest, *path.digests), deleted)
