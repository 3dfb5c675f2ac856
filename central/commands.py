"""What the command line asks of a centre, by name: run by the process that owns the directory.

Arguments and answers are JSON objects, because they may come from another process.

Must not know: the command line, HTTP.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from central.alert_commands import alert_answers
from central.catalogue_commands import catalogue_answers
from central.centre import Centre
from central.fan_in.stations import count_stations, list_stations, read_station
from central.registry.enrolling import Wanted
from central.roles import ROLES
from central.services.enrol_station import enrol_again, enrol_station
from central.services.read_centre import read_centre
from central.services.revoke_device import reinstate_device, revoke_device
from sync.commands.bundle_answers import bundle_answers
from sync.commands.node_answers import common_answers
from sync.node.vouching.safety import sign_safe
from sync.values.json_text import parse_object
from sync.web.owner import OPERATOR, Command


def commands_of(centre: Centre) -> Mapping[str, Command]:
    """{name: function of the arguments} for one centre."""
    node, silent_days = centre.node, centre.settings.silent_days

    def status(arguments: dict[str, Any]) -> dict[str, Any]:
        return read_centre(node, centre.room, count_stations(node, silent_days=silent_days))

    def enrol(arguments: dict[str, Any]) -> dict[str, Any]:
        return parse_object(enrol_station(node, Wanted(**arguments), by=OPERATOR).body)

    def again(arguments: dict[str, Any]) -> dict[str, Any]:
        return parse_object(enrol_again(node, arguments["sid"], by=OPERATOR).body)

    def stations(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"stations": list_stations(node, silent_days=silent_days)}

    def station(arguments: dict[str, Any]) -> dict[str, Any]:
        return read_station(node, arguments["sid"], silent_days=silent_days)

    def revoke(arguments: dict[str, Any]) -> dict[str, Any]:
        revoke_device(node, **arguments, by=OPERATOR)
        return station(arguments)

    def reinstate(arguments: dict[str, Any]) -> dict[str, Any]:
        reinstate_device(node, **arguments, by=OPERATOR)
        return station(arguments)

    def backup_made(arguments: dict[str, Any]) -> dict[str, Any]:
        trusted = centre.settings.backup_same_disk or arguments["trust_same_disk"]
        return {"signed": sign_safe(node, Path(arguments["file"]), trust_same_disk=trusted)}

    return {
        **common_answers(node, centre.accounts, ROLES),
        **bundle_answers(centre.transfers),
        **catalogue_answers(node),
        **alert_answers(node),
        "status": status,
        "enrol": enrol,
        "enrol-again": again,
        "stations": stations,
        "station": station,
        "revoke": revoke,
        "reinstate": reinstate,
        "backup-made": backup_made,
    }
