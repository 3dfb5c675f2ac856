"""What a node answers to the commands of `node_group`, in the process that owns its directory.

Must not know: what a station or a centre is, the command line.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sync.casework.digest_content import digest_content
from sync.casework.list_alarms import list_alarms
from sync.casework.locate_case import locate_case
from sync.casework.settle_alarm import settle_alarm
from sync.node.node import Node
from sync.web.accounts import Accounts, Role
from sync.web.control import OPERATOR, Command
from sync.web.making_accounts import make_account, reset_password


def common_answers(node: Node, accounts: Accounts, roles: Collection[Role]) -> Mapping[str, Command]:
    """{name: function of the arguments} for `account`, `alarms`, `digest` and `where`.

    roles  those the people of this node may have
    """

    def digest(arguments: dict[str, Any]) -> dict[str, Any]:
        return digest_content(node, station=arguments["station"])

    def where(arguments: dict[str, Any]) -> dict[str, Any]:
        return locate_case(node, arguments["case"])

    def alarms(arguments: dict[str, Any]) -> dict[str, Any]:
        return list_alarms(node)

    def settle(arguments: dict[str, Any]) -> dict[str, Any]:
        return settle_alarm(node, arguments["alarm"], by=OPERATOR)

    def account(arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.pop("reset"):
            return reset_password(accounts, arguments["name"])
        return make_account(accounts, roles, **arguments)

    return {
        "digest": digest,
        "account": account,
        "where": where,
        "alarms": alarms,
        "settle-alarm": settle,
    }
