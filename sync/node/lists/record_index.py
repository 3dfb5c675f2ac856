"""What a node lists of its records, by their type: written with the record, or as it arrives.

Must not know: what is listed of which type.
"""

from sync.errors import BadRequest
from sync.node.lists.case_index import index_case
from sync.node.lists.handover_index import HANDOVER, index_handover
from sync.node.lists.people_index import index_person
from sync.records.ids import parse_record_id
from sync.records.log import Record, record_from_document
from sync.records.person_table import PERSON
from sync.store.transaction import Transaction
from sync.values.documents import Document

LISTING = "tending"  # who follows the databases of records to list what arrived, in the book of followers
_LISTED = ("case", PERSON, HANDOVER)


def index_record(tx: Transaction, document: Document, *, now_ms: int) -> None:
    """List a document as it stands now; what is no record of a listed type, or cannot be read, is passed over."""
    parts = parse_record_id(document.id)
    if parts is None or parts.type not in _LISTED or document.deleted:
        return
    try:
        record = record_from_document(document)
    except BadRequest:
        return  # one that no guard ever saw; it must not keep the others out of the lists
    list_record(tx, record, now_ms=now_ms)


def list_record(tx: Transaction, record: Record, *, now_ms: int) -> None:
    """List a record as it stands now, by the type its id names."""
    parts = parse_record_id(record.id)
    if parts is None:
        return
    if parts.type == PERSON:
        index_person(tx, record)
    elif parts.type == HANDOVER:
        index_handover(tx, record, sid=parts.sid)
    elif parts.type == "case":
        index_case(tx, record, sid=parts.sid, now_ms=now_ms)
