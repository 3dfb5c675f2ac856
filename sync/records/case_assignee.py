"""Who has a case: an account, which is that of the node at whose level it was named.

Village and township may each have a `zhang`, so an account alone says nobody.

Must not know: what people are called, which nodes there are.
"""

from collections.abc import Iterable

from sync.records.events import Event


def level_assigned(events: Iterable[Event], assignee: str) -> str:
    """The level at which a case was given to somebody; "" if nobody named him."""
    if not assignee:
        return ""
    return next((one.level for one in reversed(tuple(events)) if one.set.get("assignee") == assignee), "")
