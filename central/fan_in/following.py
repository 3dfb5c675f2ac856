"""The centre follows its stations' home databases into the one list of cases, merges what diverged, and signs for it.

Every change is looked at once, whichever station brought it and by whichever road; a start after a
crash goes on where the disk stands.

Must not know: how the list is read, who brought the changes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sync.node.lists.tending import Caretaker
from sync.node.node import Node
from sync.node.vouching.holding import account_for


@contextmanager
def following(node: Node) -> Iterator[None]:
    """Follow while the block runs; the page of changes under way is finished first."""
    caretaker = Caretaker(node, then=lambda stations, is_ending: account_for(node, stations, is_ending=is_ending))
    caretaker.start()
    try:
        yield
    finally:
        caretaker.stop()
