"""What is printed of a case (文书、收件回执), as data: whoever draws it on A4 or sends it as JSON says the same.

Must not know: what is said, how it is drawn.
"""

from typing import Any

from sync.typed import Value


class Clerk(Value):
    """经办人: who did something, as paper names him; the telephone where it is known here, else ""."""

    name: str
    phone: str = ""

    @property
    def called(self) -> str:
        """Both, as they stand in one line."""
        return f"{self.name}　{self.phone}" if self.phone else self.name


class Cell(Value):
    """A line of the table on top.

    more      what stands below the value, smaller;  look, "" or number (large) or tight (never broken)
    for_applicant  whether it stands on the applicant's copy alone
    """

    label: str
    value: str
    more: str = ""
    look: str = ""
    for_applicant: bool = False


class Line(Value):
    """A paragraph: its text, strong or fine or neither; a numbered list below it; whether room is left to write."""

    text: str
    look: str = ""
    items: tuple[str, ...] = ()
    blank: bool = False


class Handed(Value):
    """A paper that was handed in, as the slip lists it; kind in words."""

    name: str
    kind: str
    copies: int
    photos: int


class Print(Value):
    """One sheet, printed twice: for the applicant and for the station.

    name       what addresses call it;  title, what people do;  heading, the line on top
    office     whose it is;  at, when what it tells was done, an event's time
    code       what its QR code holds
    rows       the table on top, a line of it being one cell or two
    papers     what was handed in; None where that is not told
    lines      the text;  signatures, what is to be signed
    query_page where a telephone asks how the case stands, "" for nowhere; on the applicant's copy alone
    """

    name: str
    title: str
    heading: str
    office: str
    at: str
    code: str
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[Line, ...]
    signatures: tuple[str, ...]
    papers: tuple[Handed, ...] | None = None
    query_page: str = ""

    @property
    def json(self) -> dict[str, Any]:
        """As clients are told it."""
        return {
            "name": self.name,
            "title": self.title,
            "heading": self.heading,
            "office": self.office,
            "at": self.at,
            "code": self.code,
            "rows": [
                {"label": one.label, "value": one.value, "more": one.more, "for_applicant": one.for_applicant}
                for row in self.rows
                for one in row
            ],
            "papers": None
            if self.papers is None
            else [
                {"name": one.name, "kind": one.kind, "copies": one.copies, "photos": one.photos} for one in self.papers
            ],
            "lines": [{"text": one.text, "items": list(one.items), "blank": one.blank} for one in self.lines],
            "signatures": list(self.signatures),
            "query_page": self.query_page,
        }
