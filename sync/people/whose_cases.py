"""Which cases are a person's: those that name him, and those taken before he was registered, with his number on them.

Must not know: what a case is.
"""

from sync.node.lists.case_index import CaseRow, cases_of
from sync.node.node import Node
from sync.people.find_person import all_ids, find_person, going_on
from sync.records.applicant_paper import number_key
from sync.store.ledger import people as ledger
from sync.store.transaction import Reader


def case_ids_of(reader: Reader, node: Node, person_id: str, *, limit: int) -> tuple[str, ...]:
    """The ids of a person's cases at every station kept here, the newest receipt first; raises NotFound.

    Of one that was merged they are those of whom he goes on as, and of all that were merged into that one.
    """
    find_person(reader, node, person_id)
    row = ledger.person_row(reader, person_id)
    row = row and going_on(reader, row)
    if row is None:
        return ()
    number = number_key(row.cert_kind, row.cert_number)
    return ledger.cases_of_person(reader, all_ids(reader, row.id), number, limit=limit)


def cases_of_person(node: Node, person_id: str, *, limit: int) -> tuple[CaseRow, ...]:
    """The rows of a person's cases in the list, the newest receipt first; raises NotFound."""
    return node.read(lambda reader: cases_of(reader, case_ids_of(reader, node, person_id, limit=limit)))
