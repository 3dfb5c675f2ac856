"""What may be applied for, and how, for everybody to read: search, common items, the whole list, guides, 一件事.

In 长辈版 a page has fewer of them.

Must not know: where the catalogue came from, cases.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.messages import _
from edge_node.services.matter import BUNDLE, matter_of
from edge_node.station import station_of_app
from sync.casework.query_case import read_number
from sync.casework.search import search_items
from sync.casework.show_items import (
    ASKED_FOR,
    VILLAGE_ROLES,
    common_items,
    describe_material,
    list_bundles,
    page_by_department,
    show_item,
)
from sync.errors import BadRequest, NotFound
from sync.records.items import Item
from sync.records.missed_words import is_number_of_a_person
from sync.web.frame import text_size

_LONGEST = 100  # characters, as the box itself allows


def home() -> ResponseReturnValue:
    """The first page."""
    catalogue = station_of_app().catalogue
    return render_template(
        "citizen/home.html", items=common_items(catalogue)[: _few(6, 12)], bundles=list_bundles(catalogue)[: _few(4, 8)]
    )


def items() -> ResponseReturnValue:
    """A page of the list, by department; 一件事 stand before the first."""
    page = page_by_department(station_of_app().catalogue, cursor=request.args.get("cursor", ""), limit=_few(12, 60))
    return render_template("citizen/items.html", **page)


def guide(code: str) -> ResponseReturnValue:
    """The guide of one item."""
    item = show_item(station_of_app().catalogue.items(), code)
    return render_template("citizen/guide.html", item=item, asked_for=ASKED_FOR, village_roles=VILLAGE_ROLES)


def bundle(code: str) -> ResponseReturnValue:
    """One 一件事."""
    for one in list_bundles(station_of_app().catalogue):
        if one["code"] == code:
            whole = matter_of(station_of_app().catalogue, BUNDLE, code)
            return render_template(
                "citizen/bundle.html",
                bundle=one,
                limits=[(item.name, _limits(item)) for item in whole.items],
                papers=[describe_material(paper) for paper in whole.materials],
                asked_for=ASKED_FOR,
                by_situation=bool(whole.situations),
            )
    raise NotFound(_("The catalogue has no such bundle"))


def _limits(item: Item) -> str:
    promise, statutory = (limit.label if limit else "" for limit in (item.promise, item.statutory))
    return _(
        "promised: %(promise)s; by law: %(statutory)s",
        promise=promise or _("the local list is what counts"),
        statutory=statutory or _("none is laid down"),
    )


def search_page() -> ResponseReturnValue:
    """What was found, or what to try instead."""
    asked = " ".join(request.args.get("q", "").split())[:_LONGEST]
    if is_number_of_a_person(asked):
        return redirect(url_for("citizen.search", refused="number"), 303)  # so that no link or history repeats it
    if _is_number_of_a_case(asked):
        return redirect(url_for("citizen.progress"), 303)
    found = search_items(station_of_app().node, asked, limit=_few(8, 20)) if asked else {"items": [], "bundles": []}
    is_number = "refused" in request.args and not asked
    return render_template("citizen/search.html", asked=asked, found=found, is_number=is_number)


def _few(few: int, many: int) -> int:
    return many if text_size() == "standard" else few


def _is_number_of_a_case(asked: str) -> bool:
    try:
        return any(map(str.isdigit, read_number(asked)))
    except BadRequest:
        return False
