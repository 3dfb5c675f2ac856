"""How far one case has come and since when, asked by the number somebody reads out.

Must not know: how it is shown.
"""

from typing import Any

from sync.casework.trace_custody import trace_custody
from sync.errors import BadRequest, NotFound
from sync.messages import _
from sync.node.lists.case_index import cases_numbered
from sync.node.node import Node
from sync.records.receipt_number import plain_number, readings_of
from sync.store.transaction import Reader

_LONGEST = 80
_SHORTEST_TAIL = 4
_SHORTEST_NUMBER = 5  # serial and check character: four figures may be a year, or a house


def case_numbered(node: Node, typed: str) -> str:
    """The id of the one case with the number that was typed or scanned, or its end; "" for none or several.

    typed  0 for O and 1 for I do no harm where no other number is written so
    """
    tail = plain_number(typed)
    if not (
        _SHORTEST_NUMBER <= len(tail) <= _LONGEST and tail.isascii() and tail.isalnum() and any(map(str.isdigit, tail))
    ):
        return ""
    found = node.read(lambda reader: _numbered(reader, tail))
    return found[0][0] if len(found) == 1 else ""


def locate_case(node: Node, asked: str) -> dict[str, Any]:
    """What `trace_custody` says of a case, with its "id" and "receipt_number".

    asked   a case's id, its receipt number, or the end of that as it is read aloud (01-0007-G)
    raises  NotFound; BadRequest where several cases end so, naming how many
    """
    text = asked.strip()
    if text.startswith("case:"):
        return {"id": text, "receipt_number": "", **trace_custody(node, text)}
    tail = plain_number(text)
    if not (_SHORTEST_TAIL <= len(tail) <= _LONGEST and tail.isalnum()):
        raise BadRequest(_("Write a receipt number or a case number, such as 01-0007-G"))
    found = node.read(lambda reader: _numbered(reader, tail))
    if not found:
        raise NotFound(_("There is no such case"))
    if len(found) > 1:
        raise BadRequest(
            _("The receipt numbers of %(cases)s cases end like this; write the whole number", cases=len(found))
        )
    ((case_id, number),) = found
    return {"id": case_id, "receipt_number": number, **trace_custody(node, case_id)}


def _numbered(reader: Reader, tail: str) -> tuple[tuple[str, str], ...]:
    """(id, receipt number) of the cases so numbered as it was typed; where there are none, by what looks like it."""
    return next(filter(None, (cases_numbered(reader, one) for one in readings_of(tail))), ())
