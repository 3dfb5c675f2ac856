"""What the command line asks of a station, by name: run by the process that owns the directory.

Arguments and answers are JSON objects, because they may come from another process.

Must not know: the command line, HTTP.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.station import Station
from sync.casework.digest_content import digest_content
from sync.casework.read_status import read_status
from sync.node.catalogue import import_items
from sync.node.enrolment import enter_code
from sync.records.ids import PUBLIC
from sync.web.accounts import Role
from sync.web.control import Command
from sync.web.making_accounts import make_account, reset_password

ROLES = (Role.AGENT, Role.HEAD, Role.REVIEWER, Role.ADMIN)


def commands_of(station: Station) -> Mapping[str, Command]:
    """{name: function of the arguments} for one station."""
    node = station.node

    def status(arguments: dict[str, Any]) -> dict[str, Any]:
        return read_status(node)

    def digest(arguments: dict[str, Any]) -> dict[str, Any]:
        return digest_content(node, station=arguments["station"])

    def catalogue(arguments: dict[str, Any]) -> dict[str, Any]:
        changed = import_items(node.engine.database(PUBLIC), arguments["text"].encode())
        return {"changed": changed, "items": len(node.catalogue.items())}

    def account(arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.pop("reset"):
            return reset_password(station.accounts, arguments["name"])
        return make_account(station.accounts, ROLES, **arguments)

    def enrol(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"sid": enter_code(node, arguments["code"]).sid}

    def sync(arguments: dict[str, Any]) -> dict[str, Any]:
        return station.courier.synchronise()

    return {
        "status": status,
        "digest": digest,
        "catalogue": catalogue,
        "account": account,
        "enrol": enrol,
        "sync": sync,
    }
