"""The cases that are still under way for the same applicant and the same item, by the list this node has itself.

Somebody who comes twice is told of the first before a second is taken; what a station has not heard of it cannot tell.

Must not know: who asks, what is done about it.
"""

from collections.abc import Mapping

from sync.node.lists.case_index import CaseRow, cases_of
from sync.records.applicant_paper import NUMBER, USUAL, number_key, paper_kind
from sync.records.case_table import CLOSED
from sync.records.id_papers import canonical_number
from sync.store.ledger.people import cases_alike
from sync.store.transaction import Reader

_MOST = 50  # of the cases of one applicant: looking takes as long whoever he is


def open_alike(reader: Reader, item: str, fields: Mapping[str, object], person: str = "") -> tuple[CaseRow, ...]:
    """The open cases of an item by the person, or by the number on the form; the newest receipt first.

    fields  as they were typed or are kept;  person, "" where nobody is registered
    """
    typed = fields.get(NUMBER)
    kind = paper_kind(fields)
    number = number_key(kind, canonical_number(kind or USUAL, typed) if isinstance(typed, str) else "")
    if not (person or number):
        return ()
    ids = cases_alike(reader, person, number, item, limit=_MOST)
    return tuple(row for row in cases_of(reader, ids) if row.status not in CLOSED) if ids else ()
