"""办事指南 at the centre: what a station may apply for with an item, as the station reads it.

Must not know: how the catalogue is published.
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from sync.casework.show_items import ASKED_FOR, VILLAGE_ROLES, show_item


def guide(code: str) -> ResponseReturnValue:
    """The guide of one item."""
    item = show_item(centre_of_app().node.catalogue.items(), code)
    return render_template("console/guide.html", item=item, asked_for=ASKED_FOR, village_roles=VILLAGE_ROLES)
