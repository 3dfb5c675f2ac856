"""The composition root: a node and its settings become a running station.

Must not know: what any part does.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from edge_node.api.blueprint import register_api
from edge_node.api.problems import STATION_PROBLEMS
from edge_node.citizen.blueprint import HOME as CITIZEN_HOME
from edge_node.citizen.blueprint import register_citizen
from edge_node.desk.blueprint import HOME, MENU, register_desk
from edge_node.desk.live import changed, look
from edge_node.devices.http_reader import HttpIdReader
from edge_node.devices.id_reader import IdReader
from edge_node.devices.reader_mapping import DEFAULT, mapping_at
from edge_node.jobs.pacing import place_of
from edge_node.messages import MESSAGES
from edge_node.pictures.fitter import Fitter
from edge_node.services.keep_drafts import Drafts
from edge_node.services.keep_originals import Originals
from edge_node.services.spare_link import Frugality, PhotoMeter
from edge_node.services.synchronise import Courier
from edge_node.services.take_photos import PhotoIntake
from edge_node.settings import Settings
from edge_node.station import Station, attach_station
from sync.carrying.transfers import Transfers
from sync.case_api.record_acts import STAFF
from sync.case_pages.attention import ATTENTION
from sync.casework.see_road import RoadView
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.node import Node
from sync.node.road.backlog import Backlog
from sync.node.road.fetching import Fetcher
from sync.node.road.lane_memory import open_watch
from sync.node.road.sparing import Spared
from sync.node.room import Room
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
from sync.web.uploads import keep_uploads_in_memory

if TYPE_CHECKING:
    from prometheus_client.core import Metric


def build_station(node: Node, settings: Settings, *, passwords: Passwords | None = None) -> Station:
    """The parts of a station over its node.

    passwords  how passwords are hashed; None for the ordinary cost
    """
    accounts = Accounts(node.engine, passwords or Passwords(), now_ms=node.clock)
    meter = PhotoMeter(node, _frugality(node, settings))
    watch, room = open_watch(node), Room(node, settings.budgets())
    courier = Courier(
        node,
        meter,
        timeout_seconds=settings.link_timeout_seconds,
        allow_plain=settings.allow_plain_upstream,
        watch=watch,
    )
    return Station(
        node,
        node.catalogue,
        accounts,
        courier,
        meter,
        room,
        _intake(node, settings),
        Fetcher(node, courier.way, refused=room.photos_refused),
        settings,
        RoadView(node, watch, Backlog(node, runs=watch.runs), meter.held),
        Transfers(node, room),
        Drafts(node, most_bytes=settings.drafts_bytes, days=settings.draft_days),
        _id_reader(node, settings),
    )


def _frugality(node: Node, settings: Settings) -> Callable[[], Frugality]:
    quiet, budget_bytes = settings.quiet_windows(), settings.blob_budget_mb << 20
    return lambda: Frugality(quiet, budget_bytes, place_of(node.identity.sid))


def _id_reader(node: Node, settings: Settings) -> IdReader | None:
    if not settings.id_reader_url:
        return None
    mapping = mapping_at(Path(settings.id_reader_mapping)) if settings.id_reader_mapping else DEFAULT
    seconds = settings.id_reader_seconds
    return HttpIdReader(settings.id_reader_url, timeout_seconds=seconds, today=node.today, mapping=mapping)


def _intake(node: Node, settings: Settings) -> PhotoIntake:
    return PhotoIntake(
        settings.largest_photo_bytes,
        Fitter(target_bytes=settings.photo_fit_bytes),
        Originals(node, most_bytes=settings.originals_bytes),
    )


def build_app(station: Station, feeds: FeedGate) -> Flask:
    """The station's HTTP face: API, signing in, the frame of its pages, and the doors other nodes knock at.

    feeds  the places for requests that wait; to be closed before the server stops
    """
    app = new_app(__name__)
    keep_uploads_in_memory(app, most_bytes=station.settings.largest_application_bytes)
    attach_station(app, station)
    register_problems(app, STATION_PROBLEMS)
    register_leading_back(app)
    register_frame(app, Frame(station.node.identity.name, home=HOME, menu=MENU, public=CITIZEN_HOME), MESSAGES)
    sessions = Sessions(
        station.node.engine,
        station.accounts,
        now_ms=station.node.clock,
        idle_seconds=station.settings.idle_minutes * 60,
    )
    register_signing_in(app, sessions)
    register_limits(app, station.settings.rates())
    register_api(app)
    register_desk(app)
    register_citizen(app)
    _register_seeing(app, station, feeds)
    mount_node(
        app,
        station.node,
        enrol=station.courier.relay_enrolment,
        feeds=feeds,
        shut=station.room.shut,
        fetch=station.fetcher.want,
    )
    return app


def _register_seeing(app: Flask, station: Station, feeds: FeedGate) -> None:
    """The bar above the pages, the stream that keeps it as things stand, and the numbers for operators."""
    standing = Spared(lambda: look(station), lambda: changed(station), ended=station.road.watch.runs)
    streams = Streams(lambda: standing.look().event(), station.node.documents.wakes.wait_for_anything)
    feeds.at_close(streams.close)
    register_live(app, standing.look, streams, roles=(*STAFF, Role.ADMIN), page="desk.road", badge_page=ATTENTION)

    def collect() -> Iterable["Metric"]:
        # Here and not above, as in `sync/web/metrics`.
        from edge_node.metrics import station_families

        return station_families(station, listeners=len(streams))

    register_metrics(app, collect, token=station.settings.metrics_token, roles=(Role.ADMIN,))
