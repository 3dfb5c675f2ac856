"""A number of 15 figures, of an identity card from before 1999: on the form it stands with its 18 from then on.

It is kept so anyway, and is what is on the card; whoever typed it compares the two before he goes on. Often it is one
of 18 of which some were left out.

Must not know: how a step is drawn, where drafts are kept.
"""

from datetime import date

from edge_node.desk.steps import fields_at
from edge_node.services.draft import Typed
from edge_node.services.matter import Matter
from sync.errors import BadRequest
from sync.records.applicant_paper import asked_with
from sync.records.people import parse_id_number
from sync.records.typed_text import narrow_number

_OLD_LENGTH = 15


def lengthened_at(matter: Matter, step: str, typed: Typed, today: date) -> dict[str, str]:
    """{field: its number of 18} of those on a step that have 15 figures and are in order."""
    told = {}
    for field in fields_at(matter, step):
        number = typed.fields.get(field.name, "")
        if len(narrow_number(number)) == _OLD_LENGTH and asked_with(field, typed.fields).kind == "id_number":
            try:
                told[field.name] = parse_id_number(number, today=today).text
            except BadRequest:
                continue  # what is wrong with it is said of the step
    return told
