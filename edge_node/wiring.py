"""The composition root: a node and its settings become a running station.

Must not know: what any part does.
"""

import secrets

from flask import Flask

from edge_node.api.blueprint import register_api
from edge_node.api.problems import STATION_PROBLEMS
from edge_node.settings import Settings
from edge_node.station import Station, attach_station
from sync.node.catalogue import Catalogue
from sync.node.node import Node
from sync.records.ids import PUBLIC
from sync.web.accounts import Accounts
from sync.web.frame import Frame, register_frame
from sync.web.passwords import Passwords
from sync.web.problems import register_problems
from sync.web.sessions import Sessions
from sync.web.signing_in import register_signing_in


def build_station(node: Node, settings: Settings, *, passwords: Passwords | None = None) -> Station:
    """The parts of a station over its node.

    passwords  how passwords are hashed; None for the ordinary cost
    """
    accounts = Accounts(node.engine, passwords or Passwords(), now_ms=node.clock)
    return Station(node, Catalogue(node.engine.database(PUBLIC)), accounts, settings)


def build_app(station: Station) -> Flask:
    """The station's HTTP face: API, signing in, the frame of its pages."""
    app = Flask(__name__, static_folder=None)
    # Only for messages from one page to the next: a restart may forget them.
    app.secret_key = secrets.token_bytes(32)
    attach_station(app, station)
    register_problems(app, STATION_PROBLEMS)
    register_frame(app, Frame(station.node.identity.name))
    sessions = Sessions(
        station.node.engine,
        station.accounts,
        now_ms=station.node.clock,
        idle_seconds=station.settings.idle_minutes * 60,
    )
    register_signing_in(app, sessions)
    register_api(app)
    return app
