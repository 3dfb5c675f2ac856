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
from typing import Any, TypeVar

from sync.errors import BadRequest
from sync.messages import _
from sync.records.catalogue import Row, read_bundle, read_item, read_rows, reason_of
from sync.records.items import Bundle, Item, ItemState
from sync.records.places import COUNTY_DIGITS, Place, read_place
from sync.records.working_days import Calendar, load_calendar
from sync.typed import Value
from sync.values.json_text import canonical, dump, parse_object

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
    """A file as it was read: what is in order, and a sentence for each thing that is not."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


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
        return File((), (_("The whole file has to be one JSON object"),))
    entries: list[Entry] = []
    problems: list[str] = []
    for member, read in _READERS.items():
        if member in whole:
            found, wrong = read(whole)
            entries += found
            problems += wrong
    if not entries and not problems:
        raise BadRequest(
            _("There is nothing to be published in the file; it has one of %(members)s", members=_(", ").join(_READERS))
        )
    return File(tuple(entries), tuple(problems))


def read_entry(doc_id: str, body: bytes) -> Entry:
    """Read a document of `public` as an entry; raises BadRequest when it is none, or of a version this node lacks."""
    kind, _colon, code = doc_id.partition(":")
    whole = parse_object(body)
    if kind not in KINDS or whole.get("type") != kind:
        raise BadRequest(f"{doc_id} is nothing that is published")
    member = {ITEM: "items", BUNDLE: "bundles", CALENDAR: "years", REGIONS: "regions"}[kind]
    entries, problems = _READERS[member](_as_file(kind, code, whole))
    if problems:
        raise BadRequest(problems[0])
    if len(entries) != 1 or entries[0].id != doc_id:
        raise BadRequest(f"{doc_id} holds something else than its id says")
    return at_version(entries[0], whole["version"]) if kind in (CALENDAR, REGIONS) else entries[0]


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
    items, problems = read_rows("items", [whole.get("item")], whole.get("notice"), read_item)
    return _only(items, problems)


def bundle_in(body: bytes) -> Bundle:
    """The 一件事 of an entry's body; raises BadRequest when it is none."""
    whole = parse_object(body)
    bundles, problems = read_rows("bundles", [whole.get("bundle")], whole.get("notice"), read_bundle)
    return _only(bundles, problems)


def calendar_in(bodies: Mapping[str, bytes]) -> Calendar:
    """One calendar of {year: body}; raises BadRequest when one is none."""
    return load_calendar(dump({"years": {year: parse_object(body) for year, body in bodies.items()}}))


def places_in(bodies: Iterable[bytes]) -> tuple[Place, ...]:
    """The places of some bodies; raises BadRequest when one is none."""
    return tuple(read_place(row) for body in bodies for row in parse_object(body)["regions"])


def _only(found: tuple[T, ...], problems: tuple[str, ...]) -> T:
    if problems:
        raise BadRequest(problems[0])
    return found[0]


def _as_file(kind: str, code: str, whole: JsonObject) -> JsonObject:
    if kind == CALENDAR:
        return {"years": {code: {name: value for name, value in whole.items() if name not in ("type", "version")}}}
    if kind == REGIONS:
        return {"regions": whole.get("regions")}
    return {"notice": whole.get("notice"), f"{kind}s": [whole.get(kind)]}


def _items(whole: JsonObject) -> tuple[list[Entry], tuple[str, ...]]:
    return _row_entries(ITEM, whole, read_item)


def _bundles(whole: JsonObject) -> tuple[list[Entry], tuple[str, ...]]:
    return _row_entries(BUNDLE, whole, read_bundle)


def _row_entries(
    kind: str, whole: JsonObject, read: Callable[[Row, str], Item | Bundle]
) -> tuple[list[Entry], tuple[str, ...]]:
    member, entries = f"{kind}s", []
    found, problems = read_rows(member, whole[member], whole.get("notice"), read)
    rows = _rows(whole[member]) if found else {}
    for one in found:
        try:
            entries.append(_row_entry(kind, rows[one.code], whole["notice"], one))
        except BadRequest:
            told = _(
                "%(name)s (%(code)s): a number in it is not whole or too large, or too much stands in one another",
                name=one.name,
                code=one.code,
            )
            problems = (*problems, told)
    return entries, problems


def _row_entry(kind: str, row: JsonObject, notice: str, read: Item | Bundle) -> Entry:
    common = isinstance(read, Item) and read.common
    body = canonical({"type": kind, "notice": notice, kind: row})
    return Entry(kind, read.code, read.version, read.name, body, read.state, common)


def _rows(rows: list[JsonObject]) -> dict[str, JsonObject]:
    return {str(row["code"]): row for row in reversed(rows) if isinstance(row, dict) and "code" in row}


def _calendars(whole: JsonObject) -> tuple[list[Entry], tuple[str, ...]]:
    try:
        load_calendar(dump({"years": whole["years"]}))
    except BadRequest as error:
        return [], (_("Calendar: %(reason)s", reason=error.reason),)
    more = {"source": str(whole["source"])} if "source" in whole else {}
    return [
        Entry(CALENDAR, year, 1, _("Calendar of %(year)s", year=year), _calendar_body({**more, **days}))
        for year, days in whole["years"].items()
    ], ()


def _calendar_body(days: JsonObject) -> bytes:
    return canonical({**days, "type": CALENDAR, "version": 1})


def _regions(whole: JsonObject) -> tuple[list[Entry], tuple[str, ...]]:
    if not isinstance(whole["regions"], list):
        return [], (_("Places: regions has to be a list"),)
    good: dict[str, JsonObject] = {}
    problems = []
    for number, row in enumerate(whole["regions"], start=1):
        code = row.get("code") if isinstance(row, dict) else None
        try:
            if code in good:
                raise BadRequest(_("this code was there before"))
            good[read_place(row).region.code] = row
        except (BadRequest, KeyError, TypeError, ValueError, AttributeError) as error:
            reason = reason_of(error)
            problems.append(
                _(
                    "Row %(number)s of the places (%(code)s): %(reason)s",
                    number=number,
                    code=code,
                    reason=reason,
                )
            )
    return [
        Entry(REGIONS, county, 1, _("Places of %(county)s", county=county), _regions_body(list(rows)))
        for county, rows in groupby(
            (good[code] for code in sorted(good)), key=lambda row: str(row["code"])[:COUNTY_DIGITS]
        )
    ], tuple(problems)


def _regions_body(rows: list[JsonObject]) -> bytes:
    return canonical({"type": REGIONS, "version": 1, "regions": rows})


_READERS: Mapping[str, Callable[[JsonObject], tuple[list[Entry], tuple[str, ...]]]] = {
    "items": _items,
    "bundles": _bundles,
    "years": _calendars,
    "regions": _regions,
}
