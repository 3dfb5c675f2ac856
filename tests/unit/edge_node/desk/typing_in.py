"""What an agent types into the form of an item."""

from fixtures.applications import sample_fields
from fixtures.county import county
from tests.unit.edge_node.applications import item


def filled(name: str = "高龄津贴", *, number: int = 0) -> dict[str, str]:
    """What somebody types and ticks for an item, complete and in order."""
    wanted = item(name)
    typed = sample_fields(wanted, county().people[number], number=number)
    values = {f"fields.{field}": value for field, value in typed.items()}
    got = {f"materials.{row}.got": "yes" for row, paper in enumerate(wanted.materials) if paper.required}
    return {**values, **got}


def address_of(name: str = "高龄津贴") -> str:
    """Where the form of an item is."""
    return f"/items/{item(name).code}/application"
