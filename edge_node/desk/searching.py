"""搜索: one box over items, guides, people and cases.

Must not know: how anything is found, what is noted of it.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.station import station_of_app
from sync.case_pages.listing import drawn_rows
from sync.casework.locate_case import case_numbered
from sync.casework.note_miss import may_note
from sync.casework.search import search
from sync.records.missed_words import is_number_of_a_person

_MOST = 20  # of each kind
_LONGEST = 100  # characters, as the box itself allows


def search_page() -> ResponseReturnValue:
    """What was found, or what to try instead."""
    node = station_of_app().node
    asked = " ".join(request.args.get("q", "").split())[:_LONGEST]
    if is_number_of_a_person(asked):
        return redirect(url_for("desk.search", refused="number"), 303)  # so that no link or history repeats it
    numbered = case_numbered(node, asked)
    if numbered:
        return redirect(url_for("case_pages.case", case_id=numbered), 303)
    found = search(node, asked, limit=_MOST)
    return render_template(
        "desk/search.html",
        asked=asked,
        found={**found, "cases": drawn_rows(node, found["cases"])},
        is_number="refused" in request.args and not asked,
        noted=not any(found.values()) and may_note(node, asked),
        most=_MOST,
        show_station=node.identity.level != "village",
    )
