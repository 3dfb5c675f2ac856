"""Which stations' photos the node above takes in no more for now, and why: kept as it said it last.

It says so of photos and of nothing else: whatever it says of other databases is not believed.

Must not know: why a node has no room.
"""

from collections.abc import Iterable

from sync.node.lanes import Lane, lane_of
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.values.json_text import dump, parse_object

_SHUT = "upward.shut"
_LONGEST_REASON = 200


def note_shut(tx: Transaction, told: Iterable[tuple[str, str]]) -> None:
    """Keep what an answer says of it."""
    shut = {name: reason[:_LONGEST_REASON] for name, reason in sorted(told) if lane_of(name) is Lane.PHOTOS}
    put_settings(tx, {_SHUT: dump(shut).decode() if shut else None})


def shut_above(reader: Reader) -> dict[str, str]:
    """{name: why} of the databases whose photos the node above does not take in."""
    return {name: str(reason) for name, reason in parse_object((setting(reader, _SHUT) or "{}").encode()).items()}
