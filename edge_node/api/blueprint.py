"""Every route of the API in one place, under /api/v1; signing in is `sync.web.signing_in`'s.

Must not know: how anything is done.
"""

from functools import partial

from flask import Flask, request
from flask.typing import ResponseReturnValue

from edge_node.api.cases import applications
from edge_node.api.drafts import drafts
from edge_node.api.road import NODE, road
from edge_node.api.schemas import MissesSchema
from edge_node.api.signed_papers import signed_papers
from edge_node.citizen.address import progress_page
from edge_node.devices.id_reader import CardNotRead
from edge_node.services.read_card import read_card
from edge_node.services.read_station import read_station
from edge_node.station import station_of, station_of_app
from sync.api_description.routes import register_description
from sync.case_api.alert_schemas import NothingSchema
from sync.case_api.asking import asker, told, told_if_new
from sync.case_api.attention_routes import LOOKERS
from sync.case_api.record_acts import STAFF
from sync.case_api.routes import register_cases
from sync.casework.list_alerts import alerts_here, read_alert
from sync.casework.note_miss import list_misses
from sync.casework.see_road import see_road
from sync.catalogue_api.routes import SEARCHING, register_catalogue
from sync.messages import D_
from sync.people_api.card_reading import keep_reading
from sync.people_api.routes import TAG, register_people
from sync.typed import asdict
from sync.web.bodies import load, read_object
from sync.web.describing import Shapes, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

_OF_STATION = Shapes("edge_node.api.answers")
_OF_ALERTS = Shapes("sync.case_api.alert_answer_schemas")

PREFIX = "/api/v1"
_ALERTS = D_("Alerts")
_LARGEST_READING_BYTES = 1024


def register_api(app: Flask) -> None:
    """Give an application the API; the station has to be attached to it."""
    station = station_of(app)
    register_cases(
        app,
        station.node,
        prefix=PREFIX,
        fetcher=station.fetcher,
        query_page_of=partial(progress_page, station),
    )
    days = station.settings.on_file_days
    register_people(app, station.node, prefix=PREFIX, on_file_days=days, fetcher=station.fetcher)
    app.register_blueprint(applications, url_prefix=PREFIX)
    app.register_blueprint(signed_papers, url_prefix=PREFIX)
    app.register_blueprint(drafts, url_prefix=PREFIX)
    app.register_blueprint(road, url_prefix=PREFIX)
    register_catalogue(app, prefix=PREFIX)
    app.add_url_rule(f"{PREFIX}/search/misses", "api_misses", _misses)
    app.add_url_rule(f"{PREFIX}/alerts", "api_alerts", _alerts)
    app.add_url_rule(f"{PREFIX}/alerts/<code>/reading", "api_alert_read", _alert_read, methods=["POST"])
    app.add_url_rule(f"{PREFIX}/card-readings", "api_card_read", _card_read, methods=["POST"])
    app.add_url_rule(f"{PREFIX}/status", "api_status", _status)
    register_description(app, prefix=PREFIX, title=D_("Yizhan: the API of a station"))


@described(D_("Words that were not found"), tag=SEARCHING, query=MissesSchema, answer=_OF_STATION.MissListAnswer)
@signed_in(Role.HEAD, Role.ADMIN)
def _misses() -> ResponseReturnValue:
    query = load(MissesSchema(), request.args.to_dict())
    return told(list_misses(station_of_app().node, **query))


@described(
    D_("Alerts in force"),
    tag=_ALERTS,
    answer=_OF_ALERTS.AlertsHereAnswer,
    etag=True,
    text=D_("What the centre tells this station, the most severe first."),
)
@signed_in(*LOOKERS)
def _alerts() -> ResponseReturnValue:
    return told_if_new({"alerts": alerts_here(station_of_app().node, by=asker().actor)})


@described(
    D_("Say that an alert was read"),
    tag=_ALERTS,
    body=NothingSchema,
    answer=_OF_ALERTS.AlertReadAnswer,
    text=D_("Who asks is shown it no more; it is noted."),
)
@signed_in(*LOOKERS)
def _alert_read(code: str) -> ResponseReturnValue:
    load(NothingSchema(), read_object(max_bytes=_LARGEST_READING_BYTES))
    return told(read_alert(station_of_app().node, code, by=asker().actor))


@described(
    D_("Read an identity card"),
    tag=TAG,
    body=NothingSchema,
    answer=_OF_STATION.CardReadingAnswer,
    refusals=(CardNotRead,),
    text=D_(
        "What lies on the reader of this station now, unmasked. For ten minutes reading lets this session say "
        "of this name and number that the card was read. 409 where nothing is read, or there is no reader."
    ),
)
@signed_in(*STAFF)
def _card_read() -> ResponseReturnValue:
    load(NothingSchema(), read_object(max_bytes=_LARGEST_READING_BYTES))
    station = station_of_app()
    card = read_card(station.node, station.id_reader)
    return told({"reading": keep_reading(card), **asdict(card)})


@described(D_("How the station stands"), tag=NODE, answer=_OF_STATION.StationStatusAnswer)
@signed_in(*STAFF, Role.ADMIN)
def _status() -> ResponseReturnValue:
    station = station_of_app()
    return told({**read_station(station.node, station.photo_meter, station.room), "road": see_road(station.road)})
