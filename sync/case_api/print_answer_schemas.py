"""The shapes of what is printed of a case, for the description of the API.

Must not know: routes, what is printed.
"""

from marshmallow import Schema, fields

from sync.messages import D_
from sync.papers.print_notice import NOTICES
from sync.papers.print_slip import SLIP
from sync.web.answer_shapes import flag, several, text, texts, whole

_NAMES = (SLIP, *(one.name for one in NOTICES))


class PrintRowAnswer(Schema):
    """One of those that may be printed."""

    name = text(D_("What addresses call it"), among=_NAMES)
    title = text(D_("What it is called"))
    at = text(D_("When what it tells was done"))


class PrintsAnswer(Schema):
    """What may be printed of a case."""

    prints = several(PrintRowAnswer, D_("The slip first, then the notices it has come to"))


class PrintCellAnswer(Schema):
    """A line of the table on top of a sheet."""

    label = text(D_("What it is called"))
    value = text(D_("What stands there, people masked"))
    more = text(D_("What stands below it, smaller; empty where nothing does"))
    for_applicant = flag(D_("Whether it stands on the copy of the applicant alone"))


class PrintLineAnswer(Schema):
    """A paragraph of a sheet."""

    text_ = fields.String(data_key="text", required=True)
    items = texts(D_("A numbered list below it"))
    blank = flag(D_("Whether room is left to write by hand"))


class PrintedPaperAnswer(Schema):
    """A paper as the slip lists it."""

    name = text(D_("What it is called"))
    kind = text(D_("Original, copy or photo, in words; empty where nobody said"))
    copies = whole(D_("How many copies; 0 where nobody said"))
    photos = whole(D_("How many photos"))


class PrintAnswer(PrintRowAnswer):
    """One sheet with all that stands on it."""

    heading = text(D_("The line on top"))
    office = text(D_("Whose it is"))
    code = text(D_("What its QR code holds"))
    rows = several(PrintCellAnswer, D_("The table on top"))
    papers = fields.List(
        fields.Nested(PrintedPaperAnswer),
        required=True,
        allow_none=True,
        metadata={"description": D_("What was handed in, on the slip; null on others")},
    )
    lines = several(PrintLineAnswer, D_("The text"))
    signatures = texts(D_("What is to be signed"))
    query_page = text(D_("Where a telephone asks how the case stands; empty for nowhere"))
