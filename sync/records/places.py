"""区划: which places there are, each with the days from and to which its code is valid.

Codes are re-cut yearly. A place that was merged away stays as 已撤销 with what replaced it, so that a case, which
keeps the code it was taken under, can always be read.

Must not know: stations, who publishes places, clocks (whoever asks says which day).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sync.errors import BadRequest
from sync.messages import _
from sync.records.regions import Level, Region, parse_region
from sync.typed import Value

COUNTY_DIGITS = 6


class Place(Value):
    """A place under one code; `valid_to` is its last day, None while it stands, `replaced_by` what took its place."""

    region: Region
    name: str
    valid_from: date
    valid_to: date | None = None
    replaced_by: tuple[str, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """Whether the code is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Places(Value):
    """Every place known, by its code."""

    by_code: Mapping[str, Place]

    def name_of(self, code: str) -> str:
        """What a place is or was called; "" for one nobody told of."""
        place = self.by_code.get(code)
        return place.name if place else ""

    def full_name(self, code: str) -> str:
        """The names from the county down to the place: 青溪县柳河镇石桥村."""
        place = self.by_code.get(code)
        if place is None:
            return ""
        return "".join(self.name_of(one) for one in place.region.chain if parse_region(one).level >= Level.COUNTY)

    def below(self, code: str, day: date) -> tuple[Place, ...]:
        """The places valid on a day that lie within one, that one left out, by code."""
        outer = parse_region(code)
        return tuple(
            place
            for known, place in sorted(self.by_code.items())
            if known != code and outer.contains(place.region) and place.is_valid_on(day)
        )


def read_place(row: Mapping[str, Any]) -> Place:
    """Read `{"code", "name", "valid_from"[, "valid_to", "replaced_by"]}`.

    raises  BadRequest, KeyError, TypeError or ValueError on whatever is wrong
    """
    name = row["name"]
    if not isinstance(name, str) or not name:
        raise BadRequest(_("%(name)s has to be text and not empty", name="name"))
    replaced = row.get("replaced_by", [])
    if not isinstance(replaced, list):
        raise BadRequest(_("replaced_by has to be a list of region codes"))
    until = row.get("valid_to")
    place = Place(
        parse_region(str(row["code"])),
        name,
        _day(row["valid_from"], "valid_from"),
        None if until is None else _day(until, "valid_to"),
        tuple(parse_region(str(one)).code for one in replaced),
    )
    if place.valid_to is not None and place.valid_to < place.valid_from:
        raise BadRequest(_("valid_to is before valid_from"))
    if place.replaced_by and place.valid_to is None:
        raise BadRequest(_("with replaced_by there has to be valid_to, the last day before it was abolished"))
    return place


def places_of(places: Iterable[Place]) -> Places:
    """Places by their codes."""
    return Places({place.region.code: place for place in places})


def _day(text: object, name: str) -> date:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else _no_day(name)
    except ValueError:
        return _no_day(name)


def _no_day(name: str) -> date:
    raise BadRequest(_("%(name)s has to be a date as 2025-07-31", name=name))
