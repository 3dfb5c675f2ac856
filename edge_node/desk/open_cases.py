"""Whether the applicant of a draft has a case of the same item under way: said as soon as both are known.

Must not know: how an application is taken.
"""

from typing import Any

from edge_node.desk.filled_step import parts_of
from edge_node.services.draft import Draft
from edge_node.services.file_application import tell_open
from edge_node.services.matter import Matter
from edge_node.station import Station
from sync.node.lists.case_index import CaseRow
from sync.people.open_alike import open_alike
from sync.store.transaction import Reader

ANOTHER = "another"  # the open cases beside which another is to be received, as the page named them


def open_cases(station: Station, matter: Matter, draft: Draft) -> tuple[tuple[str, CaseRow], ...]:
    """(name of the item, open case) of whoever applies, item by item."""
    parts = parts_of(matter, draft)

    def work(reader: Reader) -> tuple[tuple[str, CaseRow], ...]:
        return tuple(
            (item.name, row) for item, part in parts for row in open_alike(reader, item.code, part.fields, part.person)
        )

    return station.node.engine.read(work)


def told_open(station: Station, matter: Matter, draft: Draft) -> list[dict[str, Any]]:
    """`open_cases` as pages show them."""
    return [{**tell_open(row), "item": name} for name, row in open_cases(station, matter, draft)]
