"""What a record as it stands is called, so that somebody can say which one they have seen.

It is called by the heads of its log, as an event names what its writer had seen: a merge that adds nothing leaves it as
it was, and whatever anybody did makes it another. What is told beside the record (of a case, how far it has come and
what time is left) is no part of it.

Must not know: ETags, pages.
"""

from collections.abc import Collection

from sync.errors import Conflict
from sync.messages import _
from sync.records.events import Event
from sync.records.log import Record

BETWEEN = "."  # no hash has it
# What the centre adds by itself: it takes nothing from anybody and opens or closes no act.
_HINDERS_NOBODY = frozenset(("numbered",))


class ChangedMeanwhile(Conflict):
    """Somebody else changed it since it was seen."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(
            reason or _("Somebody else changed it, open it again and then act"),
            remedy=_("Open it again, look at the changes and then act."),
        )


def version_of(kept: Record) -> str:
    """The name: hashes with dots between, mostly one."""
    return BETWEEN.join(kept.heads)


def unseen_events(kept: Record, version: str) -> list[Event]:
    """What was done to a record that whoever saw this version has not seen, in the order of its log."""
    known = _seen_by(kept.events, version.split(BETWEEN))
    return [event for event in kept.events if event.hash not in known]


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


def require_seen(kept: Record, seen: Collection[str] | None) -> None:
    """Raise ChangedMeanwhile when somebody did something since it was seen; None when they do not say."""
    if seen is not None and not any(_is_as_seen(kept, version) for version in seen):
        raise ChangedMeanwhile


def _is_as_seen(kept: Record, version: str) -> bool:
    here = {event.hash for event in kept.events}
    return here.issuperset(version.split(BETWEEN)) and all(
        event.type in _HINDERS_NOBODY for event in unseen_events(kept, version)
    )
