"""What an item gives a case: who may do what, as the guard compares it with what the case claims.

A case carries its item's powers, so that it can be folded where nobody has the catalogue. A holder
that has the item's very version need not take the case's word for it.

Must not know: who publishes items, where cases are kept.
"""

from collections.abc import Callable

from sync.records.items import Item
from sync.records.regions import Level
from sync.records.states import Context

# (item code, item version) -> its powers; None where that version is not known here.
Powers = Callable[[object, object], Context | None]

_DECIDING = {Level.VILLAGE: "village", Level.TOWNSHIP: "township", Level.COUNTY: "county"}


def context_of_item(item: Item) -> Context:
    """The powers an item gives; what is decided above the county is decided at the centre for us."""
    return Context(
        village_role=item.village_role.value,
        deciding_level=_DECIDING.get(item.decides, "centre"),
        on_the_spot=item.on_the_spot,
        tolerable=any(material.may_follow for material in item.materials),
    )


def powers_of(find: Callable[[object, object], Item | None]) -> Powers:
    """The powers of items, each found by code and version."""

    def look_up(code: object, version: object) -> Context | None:
        item = find(code, version)
        return None if item is None else context_of_item(item)

    return look_up


def no_items(_code: object, _version: object) -> None:
    """The powers where nobody has a catalogue: every case is taken at its word."""
