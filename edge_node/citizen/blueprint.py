"""Every page for people without an account in one place. Nothing here asks who somebody is, or changes a case.

    GET       /citizen/                 search, common items, 一件事, the way to everything else
    GET       /citizen/search           items and 一件事 that fit; never cases
    GET       /citizen/items            everything that may be applied for
    GET       /citizen/items/<code>     办事指南
    GET       /citizen/bundles/<code>   一件事 with its items
    GET POST  /citizen/progress         how a case stands, by its number and query code

Must not know: how anything is found or told.
"""

from flask import Blueprint, Flask, g, request

from edge_node.citizen.guides import bundle, guide, home, items, search_page
from edge_node.citizen.kiosk import is_kiosk, turn_kiosk
from edge_node.citizen.progress import Desk, attach_desk, progress
from edge_node.citizen.warnings import warnings
from edge_node.station import station_of_app
from sync.casework.query_case import Queries
from sync.messages import N_
from sync.web.frame import MenuItem, show_public, text_size

HOME = "citizen.home"
MENU = (
    MenuItem(HOME, N_("Home"), "home"),
    MenuItem("citizen.items", N_("Guides"), "list"),
    MenuItem("citizen.progress", N_("Progress"), "search"),
)
_LARGEST_FORM_BYTES = 4096


def register_citizen(app: Flask) -> None:
    """Give an application the pages; the station and the frame have to be there."""
    with app.app_context():
        station = station_of_app()
    attach_desk(app, Desk(Queries(station.node)))
    blueprint = Blueprint("citizen", __name__, static_folder="static", url_prefix="/citizen")
    blueprint.before_request(_begin)
    blueprint.before_request(turn_kiosk)
    blueprint.context_processor(lambda: {"kiosk": _kiosk_seconds()})
    blueprint.context_processor(warnings)
    blueprint.add_url_rule("/", "home", home)
    blueprint.add_url_rule("/search", "search", search_page)
    blueprint.add_url_rule("/items", "items", items)
    blueprint.add_url_rule("/items/<code>", "guide", guide)
    blueprint.add_url_rule("/bundles/<code>", "bundle", bundle)
    blueprint.add_url_rule("/progress", "progress", progress, methods=["GET", "POST"])
    app.register_blueprint(blueprint)


def _begin() -> None:
    # Whoever is signed in in this browser is not shown: these pages are the same for everybody.
    g.account = None
    request.max_content_length = _LARGEST_FORM_BYTES
    show_public(MENU)


def _kiosk_seconds() -> int:
    """After how long without a touch a kiosk asks whether somebody is there; 0 where this browser is none."""
    if not is_kiosk():
        return 0
    # 长辈版: enough time.
    return station_of_app().settings.kiosk_idle_seconds * (1 if text_size() == "standard" else 2)
