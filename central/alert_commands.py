"""What the command line asks of the centre's alerts, by name.

Must not know: the command line, HTTP.
"""

from collections.abc import Mapping
from typing import Any

from central.services.publish_alert import publish_alert, withdraw_alert
from sync.casework.list_alerts import list_alerts
from sync.node.node import Node
from sync.values.json_text import parse_object
from sync.web.owner import OPERATOR, Command


def alert_answers(node: Node) -> Mapping[str, Command]:
    """{name: function of the arguments} for `alert-publish`, `-list` and `-withdraw`."""

    def publish(arguments: dict[str, Any]) -> dict[str, Any]:
        return parse_object(publish_alert(node, arguments, by=OPERATOR).body)

    def listed(arguments: dict[str, Any]) -> dict[str, Any]:
        return list_alerts(node)

    def withdraw(arguments: dict[str, Any]) -> dict[str, Any]:
        return withdraw_alert(node, arguments["code"], by=OPERATOR)

    return {"alert-publish": publish, "alert-list": listed, "alert-withdraw": withdraw}
