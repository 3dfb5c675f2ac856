"""事项: everything that may be applied for here, and the guide of one item, to be read aloud or printed.

    GET  /items          all of them, page by page, and 一件事
    GET  /items/<code>   办事指南

Must not know: where the catalogue came from.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from edge_node.station import station_of_app
from sync.casework.show_items import ASKED_FOR, VILLAGE_ROLES, page_by_department, show_item

_ROWS = 100


def items() -> ResponseReturnValue:
    """A page of the list, by department; 一件事 stand before the first."""
    page = page_by_department(station_of_app().catalogue, cursor=request.args.get("cursor", ""), limit=_ROWS)
    return render_template("desk/items.html", **page)


def guide(code: str) -> ResponseReturnValue:
    """The guide of one item."""
    item = show_item(station_of_app().catalogue.items(), code)
    return render_template("desk/guide.html", item=item, asked_for=ASKED_FOR, village_roles=VILLAGE_ROLES)
