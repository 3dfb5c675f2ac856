"""All that a server keeps, for telling whether a request changed any of it.

Must not know: requests.
"""

from typing import Any

from sync.store.databases import EmbeddedDatabases
from sync.values.changes import START, Span


def standing(databases: EmbeddedDatabases) -> dict[str, Any]:
    """By database: its numbers, every leaf in the order of changes, local documents, security and limits."""
    return {name: _of(databases, name) for name in databases.names()}


def _of(databases: EmbeddedDatabases, name: str) -> Any:
    database = databases.open(name)
    info = database.info()
    return (
        (info.update_seq, info.purge_seq, info.doc_count, info.doc_del_count, info.instance_start_time),
        database.changes(START).results,
        tuple(database.list_local(Span())),
        (database.security(), database.revs_limit(), database.purged_infos_limit()),
    )


def leaves(standing: dict[str, Any], name: str) -> dict[str, Any]:
    """The leaves of each document of a database."""
    return {change.id: change.leaves for change in standing[name][1]} if name in standing else {}
