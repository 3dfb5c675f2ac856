"""What the centre publishes for everybody: items, 一件事, calendars and places, as documents of `public`.

    item:QX-MZ-0024     {"type": "item", "notice", "item": row}          bundle:QX-YJS-01   {…, "bundle": row}
    calendar:2026       {"type": "calendar", "version", "holidays", "working_weekends"[, "source"]}
    regions:990281      {"type": "regions", "version", "regions": [row, …]}, the places of one county

Bodies are canonical, so that the same content is the same document wherever it came from. An entry has a version; the
greatest one published counts.

Must not know: databases, signatures, who may publish.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any, TypeVar

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.calendar_rows import load_calendar, read_years
from sync.records.catalogue import Rows, read_bundle, read_item, read_rows
from sync.records.items import Bundle, Item, ItemState
from sync.records.places import COUNTY_DIGITS, Place, note_replacing_each_other, read_place
from sync.records.row_headings import REGION
from sync.records.row_reading import Fault, Reading, Row
from sync.records.working_days import Calendar
from sync.typed import Value
from sync.values.json_text import canonical, dump, json_flaw, parse_object

ITEM, BUNDLE, CALENDAR, REGIONS = KINDS = ("item", "bundle", "calendar", "regions")
DIGEST_BYTES = 12  # of a SHA-256: 96 bits, so that nobody finds a second body for a digest that was signed
JsonObject = dict[str, Any]
T = TypeVar("T")


class Entry(Value):
    """One thing published.

    kind   one of `KINDS`;  code, an item's, a bundle's, a year, or the first six digits of a county's code
    name   for people;  state, an item's or bundle's;  common, whether an item stands on the first page
    """

    kind: str
    code: str
    version: int
    name: str
    body: bytes
    state: str = ItemState.IN_USE
    common: bool = False

    @property
    def id(self) -> str:
        """The id of its document."""
        return f"{self.kind}:{self.code}"

    @property
    def digest(self) -> bytes:
        """What a release signs of it."""
        return hashlib.sha256(self.body).digest()[:DIGEST_BYTES]


class File(Value):
    """A file as it was read.

    entries  what can be read;  faults, each thing that cannot
    brought  what is wrong in a file all the same, though it is read where it was published
    rows     its items and 一件事 that have a code, in order or not, by the ids of their documents
    places   its places that have one, by their codes
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
    rows: Mapping[str, Reading] = MappingProxyType({})
    brought: tuple[Fault, ...] = ()
    places: Mapping[str, Reading] = MappingProxyType({})

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each fault, in the order of the rows."""
        return sentences_of(self.faults)


def is_published(doc_id: str) -> bool:
    """Whether a document of `public` is an entry by its id."""
    return doc_id.partition(":")[0] in KINDS


def read_file(text: bytes | str) -> File:
    """Read a file with any of `items`, `bundles`, `years` (calendars) and `regions`.

    Calendars and places have no versions in files; they come out as version 1.

    A file that is no JSON object has that one problem. Raises BadRequest when it has none of these.
    """
    try:
        whole = parse_object(text)
    except BadRequest:
        return File((), (Fault((0, 0), json_flaw(text) or _("The whole file has to be one JSON object")),))
    read = [_READERS[member](whole) for member in _READERS if member in whole]
    if not any(one.entries or one.faults for one in read):
        raise BadRequest(
            _("There is nothing to be published in the file; it has one of %(members)s", members=_(", ").join(_READERS))
        )
    return File(
        tuple(entry for one in read for entry in one.entries),
        tuple(fault for one in read for fault in one.faults),
        {doc_id: row for one in read for doc_id, row in one.rows.items()},
        tuple(fault for one in read for fault in one.brought),
        {code: row for one in read for code, row in one.places.items()},
    )


def read_entry(doc_id: str, body: bytes) -> Entry:
    """Read a document of `public` as an entry; raises BadRequest when it is none, or of a version this node lacks."""
    kind, _colon, code = doc_id.partition(":")
    whole = parse_object(body)
    if kind not in KINDS or whole.get("type") != kind:
        raise BadRequest(f"{doc_id} is nothing that is published")
    member = {ITEM: "items", BUNDLE: "bundles", CALENDAR: "years", REGIONS: "regions"}[kind]
    file = _READERS[member](_as_file(kind, code, whole))
    if file.faults:
        raise BadRequest(file.faults[0].sentence)
    if len(file.entries) != 1 or file.entries[0].id != doc_id:
        raise BadRequest(f"{doc_id} holds something else than its id says")
    (entry,) = file.entries
    return at_version(entry, whole.get("version")) if kind in (CALENDAR, REGIONS) else entry


def at_version(entry: Entry, version: object) -> Entry:
    """The entry as another version of itself."""
    if type(version) is not int or version < 1:
        raise BadRequest(_("version has to be a whole number, 1 or more"))
    whole = parse_object(entry.body)
    if entry.kind in (ITEM, BUNDLE):
        whole[entry.kind] = {**whole[entry.kind], "version": version}
    else:
        whole["version"] = version
    return Entry(entry.kind, entry.code, version, entry.name, canonical(whole), entry.state, entry.common)


def withdrawn(entry: Entry) -> Entry:
    """The next version of an item or a 一件事, which takes no new cases."""
    whole = parse_object(entry.body)
    version = entry.version + 1
    whole[entry.kind] = {**whole[entry.kind], "version": version, "state": ItemState.WITHDRAWN.value}
    return Entry(entry.kind, entry.code, version, entry.name, canonical(whole), ItemState.WITHDRAWN)


def item_in(body: bytes) -> Item:
    """The item of an entry's body; raises BadRequest when it is none."""
    whole = parse_object(body)
    return _only(read_rows("items", [whole.get("item")], whole.get("notice"), read_item))


def bundle_in(body: bytes) -> Bundle:
    """The 一件事 of an entry's body; raises BadRequest when it is none."""
    whole = parse_object(body)
    return _only(read_rows("bundles", [whole.get("bundle")], whole.get("notice"), read_bundle))


def calendar_in(bodies: Mapping[str, bytes]) -> Calendar:
    """One calendar of {year: body}; raises BadRequest when one is none."""
    return load_calendar(dump({"years": {year: parse_object(body) for year, body in bodies.items()}}))


def places_in(bodies: Iterable[bytes]) -> tuple[Place, ...]:
    """The places of some bodies; raises BadRequest when one is none."""
    readings = [Reading(row, REGION) for body in bodies for row in parse_object(body)["regions"]]
    places = [read_place(reading) for reading in readings]
    _require(fault for reading in readings for fault in reading.faults)
    return tuple(place for place in places if place is not None)


def sentences_of(faults: Iterable[Fault]) -> tuple[str, ...]:
    """A sentence for each fault, in the order of the rows."""
    return tuple(fault.sentence for fault in sorted(faults, key=lambda fault: fault.order))


def _only(rows: Rows[T]) -> T:
    _require(rows.problems)
    (one,) = rows.good.values()
    return one


def _require(faults: Iterable[Fault]) -> None:
    for fault in faults:
        raise BadRequest(fault.sentence)


def _as_file(kind: str, code: str, whole: JsonObject) -> JsonObject:
    if kind == CALENDAR:
        return {"years": {code: {name: value for name, value in whole.items() if name not in ("type", "version")}}}
    if kind == REGIONS:
        return {"regions": whole.get("regions")}
    return {"notice": whole.get("notice"), f"{kind}s": [whole.get(kind)]}


def _items(whole: JsonObject) -> File:
    return _row_entries(ITEM, whole, read_item)


def _bundles(whole: JsonObject) -> File:
    return _row_entries(BUNDLE, whole, read_bundle)


def _row_entries(kind: str, whole: JsonObject, read: Callable[[Reading, str], Item | Bundle]) -> File:
    member = f"{kind}s"
    rows = read_rows(member, whole[member], whole.get("notice"), read, place=_place(member))
    entries, faults = [], [*rows.problems]
    if rows.faults:  # without a notice no row is what would be published of it
        return File((), tuple(faults), brought=rows.brought)
    known = {f"{kind}:{one.code}": one for one in reversed(rows.readings) if isinstance(one.code, str)}
    for code, one in rows.good.items():
        reading = known[f"{kind}:{code}"]
        try:
            entries.append(_row_entry(kind, reading.row, whole["notice"], one))
        except BadRequest:
            faults.append(reading.fault("", _(_TOO_MUCH)))
    return File(tuple(entries), tuple(faults), known, rows.brought)


_TOO_MUCH = N_("a number in it is not whole or too large, or too much stands in one another: make it plainer")


def _row_entry(kind: str, row: Row, notice: str, read: Item | Bundle) -> Entry:
    common = isinstance(read, Item) and read.common
    body = canonical({"type": kind, "notice": notice, kind: row})
    return Entry(kind, read.code, read.version, read.name, body, read.state, common)


def _calendars(whole: JsonObject) -> File:
    place, years = _place("years"), whole["years"]
    if not isinstance(years, dict):
        return File((), (Fault((place, 0), _("years has to be one JSON object")),))
    more = {"source": str(whole["source"])} if "source" in whole else {}
    bodies: dict[str, bytes] = {}
    readings = []
    for name, year in read_years(years, place=place).items():
        readings.append(year.reading)
        try:
            bodies[name] = _calendar_body({**more, **year.reading.row})
        except BadRequest:
            year.reading.note("", _(_TOO_MUCH))
    faults = [fault for reading in readings for fault in reading.faults]
    brought = tuple(fault for reading in readings for fault in reading.brought)
    if faults:
        return File((), tuple(faults), brought=brought)
    return File(
        tuple(Entry(CALENDAR, year, 1, _("Calendar of %(year)s", year=year), body) for year, body in bodies.items()),
        brought=brought,
    )


def _calendar_body(days: JsonObject) -> bytes:
    return canonical({**days, "type": CALENDAR, "version": 1})


def _regions(whole: JsonObject) -> File:
    place = _place("regions")
    if not isinstance(whole["regions"], list):
        return File((), (Fault((place, 0), _("Places: regions has to be a list")),))
    good: dict[str, Row] = {}
    readings: list[Reading] = []
    for number, row in enumerate(whole["regions"], start=1):
        reading = Reading(row, REGION, number=number, order=(place, number))
        found = read_place(reading)
        if found is not None and found.region.code in good:
            reading.wrong("code", _("another row has this code already: delete one"))
        elif found is not None and not _is_writable(reading.row):
            reading.note("", _(_TOO_MUCH))
        elif found is not None:
            good[found.region.code] = reading.row
        readings.append(reading)
    places = {one.code: one for one in reversed(readings) if isinstance(one.code, str)}
    note_replacing_each_other(places)
    return File(
        tuple(
            Entry(REGIONS, county, 1, _("Places of %(county)s", county=county), _regions_body(list(rows)))
            for county, rows in groupby(
                (good[code] for code in sorted(good)), key=lambda row: str(row["code"])[:COUNTY_DIGITS]
            )
        ),
        tuple(fault for one in readings for fault in one.faults),
        brought=tuple(fault for one in readings for fault in one.brought),
        places=places,
    )


def _is_writable(row: Row) -> bool:
    try:
        return bool(canonical(row))
    except BadRequest:
        return False


def _regions_body(rows: list[Row]) -> bytes:
    return canonical({"type": REGIONS, "version": 1, "regions": rows})


def _place(member: str) -> int:
    """Where a kind of row stands among those of a file."""
    return list(_READERS).index(member)


_READERS: Mapping[str, Callable[[JsonObject], File]] = {
    "items": _items,
    "bundles": _bundles,
    "years": _calendars,
    "regions": _regions,
}
