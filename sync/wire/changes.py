"""Changes, missing revisions and listings as CouchDB writes them, and read back.

source  CouchDB API, /{db}/_changes, /{db}/_revs_diff

Must not know: sockets, databases, Flask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.errors import BadRequest, ProtocolError
from sync.revisions.revision import Revision, parse_told
from sync.values.changes import Change, Changes, Missing
from sync.values.json_text import dump, parse_object

_NOTHING: Mapping[str, Sequence[str]] = {}


def write_change(change: Change, leaves: Sequence[Revision], *, with_seq: bool = True) -> bytes:
    """One row of a feed.

    leaves    those told: of `style=all_docs` every one, otherwise the winner alone
    with_seq  otherwise the sequence is told to be null, as between the rows of `seq_interval`
    """
    row: dict[str, Any] = {
        "seq": change.seq if with_seq else None,
        "id": change.id,
        "changes": [{"rev": str(leaf)} for leaf in leaves],
    }
    if change.deleted:
        row["deleted"] = True
    return dump(row)


def read_changes(text: bytes) -> Changes:
    """Read one answer of `_changes`; raises ProtocolError, which keeps the answer."""
    try:
        answer = parse_object(text)
        return Changes(
            results=tuple(read_change(row) for row in answer["results"]),
            last_seq=_seq(answer["last_seq"]),
            pending=answer.get("pending"),
        )
    except (BadRequest, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not an answer of _changes: {error}", answer=text[:1000]) from None


def read_change(row: Mapping[str, Any]) -> Change:
    """Read one row; raises KeyError, TypeError or BadRequest when it is none."""
    if not isinstance(row["id"], str):
        raise BadRequest("a change without an id")
    revs = [each["rev"] for each in row["changes"]]
    leaves, strange = parse_told(revs)
    return Change(
        id=row["id"],
        seq=_seq(row["seq"]),
        leaves=leaves,
        deleted=row.get("deleted") is True,
        strange=strange,
        strange_first=bool(strange) and revs[0] == strange[0],
    )


def read_offered(told: object) -> tuple[dict[str, tuple[Revision, ...]], dict[str, list[str]]]:
    """Read the body of `_revs_diff`, `{id: [rev, ...]}`.

    returns  what can be here, and what cannot because we do not take such revisions
    raises   BadRequest
    """
    if not isinstance(told, dict):
        raise BadRequest("Request body must be a JSON object")
    offered: dict[str, tuple[Revision, ...]] = {}
    strange: dict[str, list[str]] = {}
    for doc_id, revs in told.items():
        if not isinstance(revs, list):
            raise BadRequest("Revisions must be an array")
        taken, others = parse_told(revs)
        if taken or not others:
            offered[doc_id] = taken
        if others:
            strange[doc_id] = list(others)
    return offered, strange


def write_missing(missing: Mapping[str, Missing], strange: Mapping[str, Sequence[str]] = _NOTHING) -> dict[str, Any]:
    """The answer of `_revs_diff`; strange revisions are missing, too, so that each is refused when it is sent."""
    told = {doc_id: _write_missing(each) for doc_id, each in missing.items()}
    for doc_id, revs in strange.items():
        told.setdefault(doc_id, {"missing": []})["missing"] += revs
    return told


def read_missing(text: bytes) -> dict[str, Missing]:
    """Read the answer of `_revs_diff`; raises ProtocolError."""
    try:
        return {
            doc_id: Missing(_revisions(each["missing"]), _revisions(each.get("possible_ancestors", ())))
            for doc_id, each in parse_object(text).items()
        }
    except (BadRequest, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not an answer of _revs_diff: {error}", answer=text[:1000]) from None


def _write_missing(each: Missing) -> dict[str, Any]:
    told = {"missing": [str(revision) for revision in each.revisions]}
    if each.possible_ancestors:
        told["possible_ancestors"] = [str(revision) for revision in each.possible_ancestors]
    return told


def _revisions(told: Sequence[object]) -> tuple[Revision, ...]:
    taken, _ = parse_told(told)  # an ancestor that we do not take is none of what we sent
    return taken


def _seq(value: object) -> str:
    # CouchDB 1.x and pouchdb-server count; 2.x and later write opaque text.
    return value if isinstance(value, str) else dump(value).decode("utf-8")
