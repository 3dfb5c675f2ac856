"""A case this station keeps, by its id.

Must not know: who asks.
"""

from collections.abc import Iterable, Sequence

from sync.errors import StoreUnreachable
from sync.messages import _
from sync.node.acts.current import current_among
from sync.node.acts.find_record import find_record
from sync.node.node import Node
from sync.records.ids import sid_of
from sync.records.log import Record, record_from_document
from sync.store.transaction import Reader
from sync.values.documents import Document


def find_case(reader: Reader, node: Node, case_id: str) -> Record:
    """The case as it stands; raises NotFound, in the same words whether it is elsewhere or nowhere."""
    return find_record(reader, node, case_id, record_type="case", missing=_("There is no such case"))


def find_cases(node: Node, case_ids: Iterable[str]) -> dict[str, Record]:
    """Several cases at one look; those that cannot be reached, or are not there any more, are left out."""
    homes: dict[str, list[str]] = {}
    for case_id in case_ids:
        homes.setdefault(sid_of(case_id), []).append(case_id)
    found = (document for sid, ids in homes.items() for document in _reached(node, sid, ids))
    return {document.id: record_from_document(document) for document in found}


def _reached(node: Node, sid: str, ids: Sequence[str]) -> tuple[Document, ...]:
    try:
        return node.read(lambda reader: tuple(current_among(reader, node.documents, sid, ids)))
    except StoreUnreachable:
        # Those taken while the store is away are at hand all the same; one that is not would hide them.
        return tuple(one for case_id in ids for one in _reached(node, sid, [case_id])) if len(ids) > 1 else ()
