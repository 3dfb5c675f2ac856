"""Replication logs: what both ends remember of a replication, and how far they agree.

    {"session_id", "source_last_seq", "replication_id_version",
     "history": [{"session_id", "recorded_seq", "checkpoint", "start_time", ...}, ...]}

The shape is CouchDB's, so its tools can read it. One entry per session, newest first. We add
`checkpoint`, which counts within a session: when the two ends name the same session and different
sequences, the lower count is the one that both had. CouchDB takes the source's word, which is right
after a cut between the two writes and wrong after the target was restored from a backup.

source  CouchDB replication protocol, 2.4.2.3.2 Retrieve Replication Logs, 2.4.2.3.3 Compare
        Replication Logs; `couch_replicator_scheduler_job:compare_replication_logs/2`

Must not know: databases, clocks, chance.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sync.errors import BadRequest
from sync.typed import Value
from sync.values.changes import START
from sync.values.json_text import dump, parse_object

_REPLICATION_ID_VERSION = 4  # of the shape, as CouchDB counts it
# CouchDB keeps 50, at some 300 bytes each, written to both ends with every batch. A handful finds
# the common session as surely: sessions differ at the ends only by those a cut kept from one of them.
_SESSIONS_KEPT = 5


class Entry(Value):
    """A session as one end remembers it; `told` is the entry with all its members."""

    session_id: str
    recorded_seq: str
    checkpoint: int | None
    told: Mapping[str, Any]


class Session(Value):
    """What one session has done so far, as its entry in the history will tell."""

    id: str
    start_time: str
    start_last_seq: str
    checkpoint: int = 0
    missing_checked: int = 0
    missing_found: int = 0
    docs_read: int = 0
    docs_written: int = 0
    doc_write_failures: int = 0


def read_log(body: bytes | None) -> tuple[Entry, ...]:
    """The sessions of a log, newest first; none when there is no log or it is not one of ours to read."""
    if body is None:
        return ()
    try:
        log = parse_object(body)
    except BadRequest:
        return ()
    history = log.get("history")
    entries = tuple(_entries(history if isinstance(history, list) else ()))
    last = log.get("source_last_seq")
    if not entries and isinstance(log.get("session_id"), str) and last is not None:
        return (Entry(log["session_id"], _seq(last), None, {}),)
    return entries


def common_sessions(source: Sequence[Entry], target: Sequence[Entry]) -> tuple[Entry, ...]:
    """The sessions that both ends know, newest first, each as far as both know of its success.

    Only these may be written to both ends again: a session of the source's alone, copied to a new
    target, would look like one they share after a cut between the two writes.
    """
    at_target = {entry.session_id: entry for entry in target}
    return tuple(_lower(ours, at_target[ours.session_id]) for ours in source if ours.session_id in at_target)


def common_ancestor(common: Sequence[Entry]) -> str:
    """The sequence up to which both ends know of success; START when they share no session."""
    return common[0].recorded_seq if common else START


def write_log(session: Session, seq: str, end_time: str, earlier: Sequence[Entry]) -> bytes:
    """The log after a batch.

    seq      the source's sequence that is now safe at the target
    earlier  sessions both ends knew before this one
    """
    entry = {
        "session_id": session.id,
        "start_time": session.start_time,
        "end_time": end_time,
        "start_last_seq": 0 if session.start_last_seq == START else session.start_last_seq,  # as CouchDB says it
        "end_last_seq": seq,
        "recorded_seq": seq,
        "checkpoint": session.checkpoint,
        "missing_checked": session.missing_checked,
        "missing_found": session.missing_found,
        "docs_read": session.docs_read,
        "docs_written": session.docs_written,
        "doc_write_failures": session.doc_write_failures,
    }
    others = [old.told for old in earlier if old.session_id != session.id and old.told]
    return dump(
        {
            "session_id": session.id,
            "source_last_seq": seq,
            "replication_id_version": _REPLICATION_ID_VERSION,
            "history": [entry, *others][:_SESSIONS_KEPT],
        }
    )


def _entries(history: Sequence[Any]) -> Iterator[Entry]:
    for told in history:
        if isinstance(told, dict) and isinstance(told.get("session_id"), str) and "recorded_seq" in told:
            count = told.get("checkpoint")
            yield Entry(
                session_id=told["session_id"],
                recorded_seq=_seq(told["recorded_seq"]),
                checkpoint=count if isinstance(count, int) else None,
                told=told,
            )


def _lower(source: Entry, target: Entry) -> Entry:
    if source.checkpoint is None or target.checkpoint is None:
        return source
    return source if source.checkpoint <= target.checkpoint else target


def _seq(value: Any) -> str:
    return value if isinstance(value, str) else dump(value).decode()
