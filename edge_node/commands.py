"""What the command line asks of a station, by name: run by the process that owns the directory.

Arguments and answers are JSON objects, because they may come from another process.

Must not know: the command line, HTTP.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.services.change_upstream import change_upstream
from edge_node.services.read_station import read_station
from edge_node.station import Station
from sync.commands.node_answers import common_answers
from sync.node.enrolment import enter_code
from sync.web.accounts import Role
from sync.web.control import Command

ROLES = (Role.AGENT, Role.HEAD, Role.REVIEWER, Role.ADMIN)


def commands_of(station: Station) -> Mapping[str, Command]:
    """{name: function of the arguments} for one station."""
    node = station.node

    def status(arguments: dict[str, Any]) -> dict[str, Any]:
        return read_station(node, station.photo_meter, station.room)

    def enrol(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"sid": enter_code(node, arguments["code"]).sid}

    def upstream(arguments: dict[str, Any]) -> dict[str, Any]:
        allow_plain = station.settings.allow_plain_upstream
        return {"upstream": change_upstream(node, station.courier, arguments["url"], allow_plain=allow_plain)}

    def sync(arguments: dict[str, Any]) -> dict[str, Any]:
        return station.courier.synchronise()

    return {
        **common_answers(node, station.accounts, ROLES),
        "status": status,
        "enrol": enrol,
        "upstream": upstream,
        "sync": sync,
    }
