"""区划: which places there are, each with the days from and to which its code is valid.

Codes are re-cut yearly. A place that was merged away stays as 已撤销 with what replaced it, so that a case, which
keeps the code it was taken under, can always be read.

Must not know: stations, who publishes places, clocks (whoever asks says which day).
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sync.errors import BadRequest
from sync.messages import _
from sync.records.regions import Level, Region, parse_region
from sync.records.row_reading import Reading
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


def read_place(row: Reading) -> Place | None:
    """Read `{"code", "name", "valid_from"[, "valid_to", "replaced_by"]}`; what is wrong is noted, and None returned."""
    name = row.text("name")
    first = row.day("valid_from")
    last = None if row.row.get("valid_to") is None else row.day("valid_to", usual=first)
    replaced = row.texts("replaced_by")
    own = row.row.get("code")
    for code in replaced:
        if _region(row, "replaced_by", code):
            row.mention("replaced_by", code)
        if code == own:
            row.note_if_brought("replaced_by", _("no place takes its own place: correct the code"), code)
    region = _region(row, "code", own)
    if region is not None and not isinstance(own, str):
        row.wrong_if_brought("code", _("write text in quotation marks"))
    if last is not None and not row.is_wrong("valid_from", "valid_to") and last < first:
        row.wrong("valid_to", _("write a day that is not before %(first)s, its first", first=first))
    if replaced and last is None:
        row.note("replaced_by", _("write valid_to, too: the last day before it was abolished"))
    return None if row.faults or region is None else Place(region, name, first, last, replaced)


def note_replacing_each_other(places: Mapping[str, Reading]) -> None:
    """Note, of rows by their codes, each two of which either is said to have taken the place of the other."""
    replaced = {code: dict.fromkeys(mention.code for mention in row.mentions) for code, row in places.items()}
    for code, row in places.items():
        for other in replaced[code]:
            if other != code and code in replaced.get(other, ()):
                advice = _("two places cannot take each other’s place: correct one of them")
                row.note_if_brought("replaced_by", advice, other)


def places_of(places: Iterable[Place]) -> Places:
    """Places by their codes."""
    return Places({place.region.code: place for place in places})


def _region(row: Reading, member: str, code: object) -> Region | None:
    try:
        return parse_region(str(code))
    except BadRequest as error:
        row.wrong(member, error.reason)
        return None
