"""A record this node keeps, by its id, as it stands.

Must not know: what types of record there are, who asks.
"""

from sync.errors import NotFound
from sync.node.acts.current import current
from sync.node.node import Node
from sync.records.ids import parse_record_id, station_database
from sync.records.log import Record, record_from_document
from sync.store.transaction import Reader


def find_record(reader: Reader, node: Node, doc_id: str, *, record_type: str, missing: str) -> Record:
    """The record of that type; raises NotFound in the same words whether it is elsewhere or nowhere.

    missing  those words
    """
    parts = parse_record_id(doc_id)
    if parts is not None and parts.type == record_type and node.databases.among([station_database(parts.sid)]):
        document = current(reader, node.documents, doc_id)
        if document is not None:
            return record_from_document(document)
    raise NotFound(missing)
