"""What every use case of a running station has in hand, and how a route gets at it.

Must not know: routes, pages, what is done with the parts.
"""

from flask import Flask, current_app

from edge_node.devices.id_reader import IdReader
from edge_node.services.keep_drafts import Drafts
from edge_node.services.spare_link import PhotoMeter
from edge_node.services.synchronise import Courier
from edge_node.services.take_photos import PhotoIntake
from edge_node.settings import Settings
from sync.carrying.transfers import Transfers
from sync.casework.see_road import RoadView
from sync.node.catalogue import Catalogue
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.node.room import Room
from sync.typed import Value
from sync.web.accounts import Accounts

_EXTENSION = "yizhan.station"


class Station(Value):
    """The parts of one running station."""

    node: Node
    catalogue: Catalogue
    accounts: Accounts
    courier: Courier
    photo_meter: PhotoMeter
    room: Room
    photos: PhotoIntake
    fetcher: Fetcher
    settings: Settings
    road: RoadView
    transfers: Transfers
    drafts: Drafts
    id_reader: IdReader | None


def attach_station(app: Flask, station: Station) -> None:
    """Let the routes of an application find the station they belong to."""
    app.extensions[_EXTENSION] = station


def station_of_app() -> Station:
    """The station of the current application."""
    return station_of(current_app)


def station_of(app: Flask) -> Station:
    """The station attached to an application."""
    station: Station = app.extensions[_EXTENSION]
    return station
