"""What the command line asks of a station, by name: run by the process that owns the directory.

Arguments and answers are JSON objects, because they may come from another process.

Must not know: the command line, HTTP.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.roles import ROLES
from edge_node.services.change_upstream import change_upstream
from edge_node.services.let_go_of_photos import let_go_of_photos
from edge_node.services.read_station import read_station
from edge_node.station import Station
from sync.casework.describe_catalogue import describe_catalogue
from sync.casework.describe_failure import for_operator
from sync.casework.see_road import see_road
from sync.commands.bundle_answers import bundle_answers
from sync.commands.node_answers import common_answers
from sync.errors import SyncError
from sync.node.meeting.enrolment import enter_code
from sync.web.owner import Command


def commands_of(station: Station) -> Mapping[str, Command]:
    """{name: function of the arguments} for one station."""
    node = station.node

    def status(arguments: dict[str, Any]) -> dict[str, Any]:
        return {**read_station(node, station.photo_meter, station.room), "road": see_road(station.road)}

    def road(arguments: dict[str, Any]) -> dict[str, Any]:
        return see_road(station.road)

    def enrol(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"sid": enter_code(node, arguments["code"]).sid}

    def catalogue(arguments: dict[str, Any]) -> dict[str, Any]:
        node.catalogue.bring(arguments["text"].encode())
        return describe_catalogue(node)

    def upstream(arguments: dict[str, Any]) -> dict[str, Any]:
        allow_plain = station.settings.allow_plain_upstream
        return {"upstream": change_upstream(node, station.courier, arguments["url"], allow_plain=allow_plain)}

    def sync(arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            return station.courier.synchronise()
        except SyncError as error:
            raise for_operator(error) from None

    def let_go(arguments: dict[str, Any]) -> dict[str, Any]:
        days = station.settings.let_go_days if arguments["days"] is None else arguments["days"]
        return let_go_of_photos(node, older_than_days=days, dry_run=arguments["dry_run"])

    return {
        **common_answers(node, station.accounts, ROLES),
        **bundle_answers(station.transfers),
        "status": status,
        "road": road,
        "enrol": enrol,
        "catalogue": catalogue,
        "upstream": upstream,
        "sync": sync,
        "let-go": let_go,
    }
