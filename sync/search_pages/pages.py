"""搜索: one box over items, guides, people and cases, on the desk of a station and on the console of the centre.

    GET  /search   what was found, or what to try instead

Whoever may work on cases may look for them and for people, who are masked.

Must not know: how anything is found, what is noted of it, what else the application's pages are.
"""

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.record_acts import STAFF
from sync.case_pages.listing import drawn_rows
from sync.casework.locate_case import case_numbered
from sync.casework.note_miss import may_note
from sync.casework.search import search
from sync.node.node import Node
from sync.records.events import LEVELS
from sync.records.missed_words import is_number_of_a_person
from sync.typed import Value
from sync.web.sessions import signed_in

_MOST = 20  # of each kind
_LONGEST = 100  # characters, as the box itself allows
_EXTENSION = "yizhan.search_pages"


class SearchPages(Value):
    """What the page needs of its application: endpoints, "" where there is none.

    home   the page the box stands on
    guide  of an item, given `code`;  take, take_bundle, where one is applied for, given `code`
    items  all of them
    """

    node: Node
    home: str
    guide: str
    take: str = ""
    take_bundle: str = ""
    items: str = ""


def register_search_pages(app: Flask, pages: SearchPages) -> None:
    """Give an application the page; frame, sessions, and the pages about cases and people have to be registered too."""
    app.extensions[_EXTENSION] = pages
    blueprint = Blueprint("search_pages", __name__, template_folder="templates")
    blueprint.add_url_rule("/search", "search", signed_in(*STAFF)(_search))
    app.register_blueprint(blueprint)


def _search() -> ResponseReturnValue:
    pages: SearchPages = current_app.extensions[_EXTENSION]
    node = pages.node
    asked = " ".join(request.args.get("q", "").split())[:_LONGEST]
    if is_number_of_a_person(asked):
        return redirect(url_for("search_pages.search", refused="number"), 303)  # no link or history repeats it
    numbered = case_numbered(node, asked)
    if numbered:
        return redirect(url_for("case_pages.case", case_id=numbered), 303)
    found = search(node, asked, limit=_MOST)
    is_centre = node.identity.level == LEVELS[-1]  # which lists what stations miss, and not itself
    return render_template(
        "search/page.html",
        pages=pages,
        asked=asked,
        found={**found, "cases": drawn_rows(node, found["cases"])},
        is_number="refused" in request.args and not asked,
        noted=not is_centre and not any(found.values()) and may_note(node, asked),
        most=_MOST,
        show_station=node.identity.level != LEVELS[0],
    )
