"""A sheet drawn for A4: within a page of ours, or as a page of its own that needs nothing beside it.

Must not know: what a sheet says, routes.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import render_template
from markupsafe import Markup

import sync.web
from sync.messages import _
from sync.papers.printed import Print
from sync.web.qr_codes import qr_code

_STYLE = Path(sync.web.__path__[0]) / "static" / "sheet.css"
# Its style stands in the page itself; there is nothing else that it might load, and nowhere it leads.
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def drawn_alone(sheet: Print) -> str:
    """The sheet as a page: what is printed, and nothing that has to be loaded."""
    return render_template("prints/case_alone.html", style=_style(), **drawing(sheet))


def bag_drawn_alone(bag: Mapping[str, object]) -> str:
    """The list of a bag as such a page; bag, as `read_bag` tells it."""
    return render_template("prints/bag_alone.html", style=_style(), bag=bag, code=qr_code(str(bag["code"])))


def drawing(sheet: Print) -> dict[str, object]:
    """What the macro of a sheet is given."""
    return {
        "sheet": sheet,
        "code": qr_code(sheet.code),
        "query_code": qr_code(sheet.query_page) if sheet.query_page else None,
        "copies": (_("for the applicant"), _("for the station")),
    }


@cache
def _style() -> Markup:
    return Markup(_STYLE.read_text("utf-8"))
