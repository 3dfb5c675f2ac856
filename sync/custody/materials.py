"""Which blobs an event names: objects with a `blob` somewhere inside what it sets.

Their order is by member name, then by position in lists, so that every node counts them alike.

Must not know: what a material is for.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sync.records.ids import blob_id, parse_content_id

MAX_MATERIALS = 256  # of one event; a case has a dozen
_FLAT = (str, int, float, type(None))  # most of what a record holds, and nothing stands in it


def materials_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Root hashes of the blobs an event's `set` names, in order, repeated ones too; at most `MAX_MATERIALS`."""
    return tuple(islice(_roots(fields), MAX_MATERIALS))


def _roots(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, Mapping)):  # nearly always the former, which is known sooner
        root = value.get("blob")
        if isinstance(root, str) and parse_content_id(blob_id(root)):
            yield root
        for name in sorted(name for name, one in value.items() if not isinstance(one, _FLAT)):
            yield from _roots(value[name])
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _roots(one)
