"""What was done to a case since somebody saw it.

Must not know: how it is shown.
"""

from typing import Any

from sync.casework.describe_event import describe_log
from sync.casework.find_case import find_case
from sync.casework.name_people import STRANGERS, People
from sync.node.acts.name_version import unseen_events
from sync.node.node import Node


def changes_since(node: Node, case_id: str, version: str, people: People = STRANGERS) -> list[dict[str, Any]]:
    """What was done that whoever saw this version (`version_of`) has not seen, as `read_case` tells a log.

    raises  NotFound
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    item = node.catalogue.item_of(case.fields)
    return describe_log(case, unseen_events(case, version), people, item)
