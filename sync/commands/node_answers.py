"""What a node answers to the commands of `node_group`, in the process that owns its directory.

Must not know: what a station or a centre is, the command line.
"""

import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sync.casework.digest_content import digest_content
from sync.casework.list_alarms import list_alarms
from sync.casework.list_lost_photos import list_lost_photos
from sync.casework.locate_case import locate_case
from sync.casework.settle_alarm import settle_alarm
from sync.node.node import Node
from sync.node.vouching.lost_photos import look_through
from sync.node.vouching.photos_from_backup import bring_from_backup
from sync.web.accounts import Accounts
from sync.web.making_accounts import change_account, make_account, reset_password
from sync.web.owner import OPERATOR, Command
from sync.web.roles import Role

_SLICE_SECONDS = 20.0  # of a long look, so that whoever asked for it sees how far it is


def common_answers(node: Node, accounts: Accounts, roles: Collection[Role]) -> Mapping[str, Command]:
    """{name: function of the arguments} for `account`, `alarms`, `digest`, `photos` and `where`.

    roles  those the people of this node may have
    """

    def digest(arguments: dict[str, Any]) -> dict[str, Any]:
        return digest_content(node, station=arguments["station"])

    def where(arguments: dict[str, Any]) -> dict[str, Any]:
        return locate_case(node, arguments["case"])

    def alarms(arguments: dict[str, Any]) -> dict[str, Any]:
        return list_alarms(node)

    def settle(arguments: dict[str, Any]) -> dict[str, Any]:
        return settle_alarm(node, arguments["alarm"], by=OPERATOR, why=arguments["why"])

    def account(arguments: dict[str, Any]) -> dict[str, Any]:
        how = arguments.pop("how")
        if how == "reset":
            return reset_password(accounts, arguments["name"])
        if how == "change":
            return change_account(accounts, **arguments)
        return make_account(accounts, roles, **arguments)

    def photos(arguments: dict[str, Any]) -> dict[str, Any]:
        return list_lost_photos(node)

    def check(arguments: dict[str, Any]) -> dict[str, Any]:
        sid, root = arguments["after"]
        until = time.monotonic() + _SLICE_SECONDS
        looked = look_through(node, (sid, root), stop=lambda: time.monotonic() > until)
        return {"photos": looked.photos, "lost": looked.lost, "end": looked.end}

    def from_backup(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"pieces": bring_from_backup(node, Path(arguments["file"]))}

    return {
        "photos": photos,
        "check-photos": check,
        "photos-from-backup": from_backup,
        "digest": digest,
        "account": account,
        "where": where,
        "alarms": alarms,
        "settle-alarm": settle,
    }
