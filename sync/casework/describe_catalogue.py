"""How the catalogue stands here: which release, how many items, and how far the working days are known.

Must not know: who asks.
"""

from datetime import date
from typing import Any

from sync.messages import _
from sync.node.node import Node
from sync.records.clock import beijing, minute_text, time_text
from sync.records.working_days import Calendar

# Next year's days are announced in November; from then on a station without them says so.
_ANNOUNCED = (11, 15)


def describe_catalogue(node: Node) -> dict[str, Any]:
    """{release, at_text, items, bundles, places, unvouched, by_hand, calendar_years, calendar_warning}."""
    catalogue, now_ms = node.catalogue, node.clock()
    stands = catalogue.standing()
    today = beijing(now_ms).date()
    return {
        "release": stands.release,
        "at_text": minute_text(time_text(stands.at_ms)) if stands.release else "",
        "items": stands.items,
        "bundles": len(catalogue.bundles()),
        "places": len(catalogue.places().by_code),
        "unvouched": stands.unvouched,
        "by_hand": bool(stands.items) and not stands.release,
        "calendar_years": list(stands.calendar_years),
        "calendar_warning": calendar_warning(catalogue.calendar(), today),
    }


def calendar_warning(calendar: Calendar, today: date) -> str:
    """What a node says of a calendar that does not reach far enough; "" when it does."""
    if today.year not in calendar.years:
        return _("There is no calendar of %(year)s; working days cannot be counted", year=today.year)
    if (today.month, today.day) >= _ANNOUNCED and today.year + 1 not in calendar.years:
        return _(
            "There is no calendar of %(year)s yet; limits beyond the end of the year cannot be told for now",
            year=today.year + 1,
        )
    return ""
