"""The replication id: under what name both ends keep the checkpoints of one replication.

It is a digest over a version, both identities and the selection, so that it says nothing about who
replicates with whom, and never holds an address with a password.

source  CouchDB replication protocol, 2.4.2.3.1 Generate Replication ID

Must not know: databases behind the Protocol, checkpoints.
"""

import hashlib
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from sync.database import Database
from sync.values.json_text import canonical

# Raise it when the meaning of a checkpoint changes, and every replication starts from the beginning.
_VERSION = 1
_LENGTH = 32  # hex digits, as CouchDB's own ids


@runtime_checkable
class Identified(Protocol):
    """A database that can name itself among all databases, without credentials."""

    @property
    def identity(self) -> str:
        """A name that no other database has."""
        ...


def identity_of(database: Database) -> str:
    """What names a database: its own word for it, or its name and when it was created.

    raises  NotFound when it has to be asked and is not there
    """
    if isinstance(database, Identified):
        return database.identity
    return f"{database.name}@{database.info().instance_start_time}"


def replication_id(
    source: str,
    target: str,
    *,
    doc_ids: tuple[str, ...] | None = None,
    also: Mapping[str, str] | None = None,
) -> str:
    """The part of the checkpoint's id behind `_local/`.

    source, target  identities
    doc_ids         the selection; None for all documents
    also            whatever else decides what is carried, by name: a selector, the sequence to begin at
    """
    selection = ["all"] if doc_ids is None else ["doc_ids", *sorted(set(doc_ids))]
    told = canonical(["yizhan-replication", _VERSION, source, target, selection, *([dict(also)] if also else ())])
    return hashlib.sha256(told).hexdigest()[:_LENGTH]
