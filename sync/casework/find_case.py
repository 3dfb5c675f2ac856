"""A case this station keeps, by its id.

Must not know: who asks.
"""

from collections.abc import Iterable, Sequence

from sync.errors import StoreUnreachable
from sync.messages import _
from sync.node.find_record import find_record
from sync.node.node import Node
from sync.records.ids import sid_of, station_database
from sync.records.log import Record, record_from_document
from sync.store.transaction import Reader
from sync.values.documents import Absent, Document, Wanted


def find_case(reader: Reader, node: Node, case_id: str) -> Record:
    """The case as it stands; raises NotFound, in the same words whether it is elsewhere or nowhere."""
    return find_record(reader, node, case_id, record_type="case", missing=_("There is no such case"))


def find_cases(node: Node, case_ids: Iterable[str]) -> dict[str, Record]:
    """Several cases at one look; those that cannot be reached, or are not there any more, are left out."""
    homes: dict[str, list[str]] = {}
    for case_id in case_ids:
        homes.setdefault(station_database(sid_of(case_id)), []).append(case_id)
    found: dict[str, Record] = {}
    for name, ids in homes.items():
        for document in _reached(node, name, ids):
            if isinstance(document, Document) and not document.deleted:
                found[document.id] = record_from_document(document)
    return found


def _reached(node: Node, name: str, ids: Sequence[str]) -> Iterable[Document | Absent]:
    wanted = [Wanted(case_id) for case_id in ids]
    try:
        return node.read(lambda reader: node.documents.database(name).read_in(reader, wanted))
    except StoreUnreachable:
        # Those taken while the store is away are at hand all the same; one that is not would hide them.
        return [one for case_id in ids for one in _reached(node, name, [case_id])] if len(ids) > 1 else ()
