"""What is asked of a database by selector, what it finds, and the indexes that help it.

Must not know: databases, sockets, how a selector is understood.
"""

from collections.abc import Mapping
from typing import Any

from sync.typed import Value, field

DEFAULT_LIMIT = 25  # CouchDB's


class Query(Value):
    """Which documents are wanted, and in what order.

    selector        a JSON object in CouchDB's selector language; never changed by whom it is handed to
    sort            names of fields, all in one direction; an index must have them
    fields          names of the fields wanted; none for whole documents
    use_index       design document, or design document and name
    allow_fallback  take another index when that one does not serve
    bookmark        where an answer to the same query left off; "" for the beginning
    update          see everything written so far; otherwise an index may be as old as it is
    conflicts       give `_conflicts` with each document
    """

    selector: Mapping[str, Any]
    limit: int = DEFAULT_LIMIT
    skip: int = 0
    sort: tuple[str, ...] = ()
    descending: bool = False
    fields: tuple[str, ...] = ()
    use_index: tuple[str, ...] = ()
    allow_fallback: bool = True
    bookmark: str = ""
    update: bool = True
    conflicts: bool = False


class Examined(Value):
    """What an answer cost: keys and documents looked at, milliseconds."""

    keys: int = 0
    documents: int = 0
    milliseconds: float = 0.0


class Found(Value):
    """One page of an answer.

    documents  JSON text of each, in order
    bookmark   where to go on; None when nothing can ever match
    warning    what would make the query cheaper, in CouchDB's words; "" for nothing
    """

    documents: tuple[bytes, ...]
    bookmark: str | None = None
    warning: str = ""
    examined: Examined = field(default_factory=Examined)


class Index(Value):
    """An index as a design document declares it, the same on every engine.

        Index("_design/cases", "by-status", ("status", "received_at"))

    design   id of the design document
    fields   names of the fields it stands in order of; documents that lack one are not in it
    partial  a selector; only documents that fit are in it. Empty for all
    """

    design: str
    name: str
    fields: tuple[str, ...]
    partial: Mapping[str, Any] = field(default_factory=dict)
    descending: bool = False
