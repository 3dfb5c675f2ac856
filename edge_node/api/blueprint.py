"""Every route of the API in one place, under /api/v1; signing in is `sync.web.signing_in`'s.

Must not know: how anything is done.
"""

from flask import Flask
from flask.typing import ResponseReturnValue

from edge_node.api.asking import told
from edge_node.api.cases import STAFF, cases
from edge_node.services.read_status import read_status
from edge_node.services.show_items import list_items, show_item
from edge_node.station import station_of_app
from sync.web.accounts import Role
from sync.web.sessions import signed_in

PREFIX = "/api/v1"


def register_api(app: Flask) -> None:
    """Give an application the API; the station has to be attached to it."""
    app.register_blueprint(cases, url_prefix=PREFIX)
    app.add_url_rule(f"{PREFIX}/items", "api_items", _items)
    app.add_url_rule(f"{PREFIX}/items/<code>", "api_item", _item)
    app.add_url_rule(f"{PREFIX}/status", "api_status", _status)


@signed_in(*STAFF)
def _items() -> ResponseReturnValue:
    return told(list_items(station_of_app().catalogue.items()))


@signed_in(*STAFF)
def _item(code: str) -> ResponseReturnValue:
    return told(show_item(station_of_app().catalogue.items(), code))


@signed_in(*STAFF, Role.ADMIN)
def _status() -> ResponseReturnValue:
    return told(read_status(station_of_app().node))
