"""Whether the applicant of a draft has reached the age what he applies for is for: said as soon as his number is known.

Must not know: how an application is taken.
"""

from datetime import date
from typing import Any

from edge_node.desk.filled_step import parts_of
from edge_node.services.draft import Draft
from edge_node.services.matter import Matter
from sync.records.ages import reaches_age_on


def too_young(matter: Matter, draft: Draft, today: date) -> list[dict[str, Any]]:
    """[{"item", "age", "day"}] of those whose age he reaches on a day to come."""
    days = [(item, reaches_age_on(item, part.fields, today)) for item, part in parts_of(matter, draft)]
    return [{"item": item.name, "age": item.least_age, "day": day.isoformat()} for item, day in days if day]
