"""The composition root: a node and its settings become a running centre.

Must not know: what any part does.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from central.api.blueprint import register_api
from central.centre import Centre, attach_centre
from central.console.blueprint import HOME, MENU, register_console
from central.console.live import changed, look
from central.fan_in.stations import list_stations
from central.messages import MESSAGES
from central.registry.granting import Grants
from central.settings import Settings
from sync.carrying.transfers import Transfers
from sync.case_api.problems import CASE_PROBLEMS
from sync.case_pages.attention import ATTENTION
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.node import Node
from sync.node.road.sparing import Spared
from sync.node.room import Room
from sync.people_api.problems import PEOPLE_PROBLEMS
from sync.web.accounts import Accounts
from sync.web.frame import Frame, register_frame
from sync.web.leading_back import register_leading_back
from sync.web.limits import register_limits
from sync.web.live import register_live
from sync.web.metrics import register_metrics
from sync.web.new_app import new_app
from sync.web.passwords import Passwords
from sync.web.problems import register_problems
from sync.web.roles import Role
from sync.web.sessions import Sessions
from sync.web.signing_in import register_signing_in
from sync.web.streams import Streams

if TYPE_CHECKING:
    from prometheus_client.core import Metric


def build_centre(node: Node, settings: Settings, *, passwords: Passwords | None = None) -> Centre:
    """The parts of a centre over its node.

    passwords  how passwords are hashed; None for the ordinary cost
    """
    accounts = Accounts(node.engine, passwords or Passwords(), now_ms=node.clock)
    room = Room(node, settings.budgets())
    return Centre(node, accounts, Grants(node), room, settings, Transfers(node, room))


def build_app(centre: Centre, feeds: FeedGate) -> Flask:
    """The centre's HTTP face: API, signing in, the frame of its pages, and the doors stations knock at.

    feeds  the places for requests that wait; to be closed before the server stops
    """
    app = new_app(__name__)
    attach_centre(app, centre)
    register_problems(app, {**CASE_PROBLEMS, **PEOPLE_PROBLEMS})
    register_leading_back(app)
    register_frame(app, Frame(centre.node.identity.name, layout="console", home=HOME, menu=MENU), MESSAGES)
    idle_seconds = centre.settings.idle_minutes * 60
    sessions = Sessions(centre.node.engine, centre.accounts, now_ms=centre.node.clock, idle_seconds=idle_seconds)
    register_signing_in(app, sessions)
    register_limits(app, centre.settings.rates())
    register_api(app, centre.node)
    register_console(app)
    _register_seeing(app, centre, feeds)
    mount_node(app, centre.node, enrol=centre.grants.answer, feeds=feeds, shut=centre.room.shut)
    return app


def _register_seeing(app: Flask, centre: Centre, feeds: FeedGate) -> None:
    """The bar above the pages, the stream that keeps it as things stand, and the numbers for operators."""
    standing = Spared(lambda: look(centre), lambda: changed(centre))
    streams = Streams(lambda: standing.look().event(), centre.node.documents.wakes.wait_for_anything)
    feeds.at_close(streams.close)
    roles = (Role.SUPERVISOR, Role.ADMIN)
    register_live(app, standing.look, streams, roles=roles, page=HOME, badge_page=ATTENTION)
    days = centre.settings.silent_days
    rows = Spared(lambda: list_stations(centre.node, silent_days=days), lambda: changed(centre))

    def collect() -> Iterable["Metric"]:
        # Here and not above, as in `sync/web/metrics`.
        from central.metrics import centre_families

        return centre_families(centre, rows.look(), listeners=len(streams))

    register_metrics(app, collect, token=centre.settings.metrics_token, roles=roles)
