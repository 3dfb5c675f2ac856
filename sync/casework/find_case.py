"""A case this station keeps, by its id.

Must not know: who asks.
"""

from sync.errors import NotFound
from sync.node.node import Node
from sync.node.recording import current
from sync.records.ids import parse_record_id, station_database
from sync.records.log import Record, record_from_document
from sync.store.transaction import Reader


def find_case(reader: Reader, node: Node, case_id: str) -> Record:
    """The case as it stands; raises NotFound, in the same words whether it is elsewhere or nowhere."""
    parts = parse_record_id(case_id)
    if parts is not None and parts.type == "case" and station_database(parts.sid) in node.databases.names():
        document = current(reader, node.documents, case_id)
        if document is not None:
            return record_from_document(document)
    raise NotFound("没有这个办件")


def sid_of(case_id: str) -> str:
    """The station a case was taken at; "" when the id is none."""
    parts = parse_record_id(case_id)
    return parts.sid if parts is not None else ""
