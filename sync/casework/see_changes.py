"""What was done to a case since somebody saw it.

Must not know: how it is shown.
"""

from collections.abc import Collection
from typing import Any

from sync.casework.find_case import find_case
from sync.casework.read_case import describe_event
from sync.node.name_version import BETWEEN
from sync.node.node import Node
from sync.records.events import Event


def changes_since(node: Node, case_id: str, version: str) -> list[dict[str, Any]]:
    """What was done that whoever saw this version (`version_of`) has not seen, as `read_case` tells a log.

    raises  NotFound
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    known = _seen_by(case.events, version.split(BETWEEN))
    return [describe_event(event) for event in case.events if event.hash not in known]


def _seen_by(events: Collection[Event], heads: Collection[str]) -> set[str]:
    """The hashes of these heads, and of all that had been seen before them."""
    by_hash = {event.hash: event for event in events}
    known: set[str] = set()
    waiting = [*heads]
    while waiting:
        name = waiting.pop()
        if name in by_hash and name not in known:
            known.add(name)
            waiting.extend(by_hash[name].seen)
    return known
