"""Calendars of working days read and checked, year by year: the days that differ from an ordinary week.

    {"years": {"2025": {"holidays": ["2025-01-01", …], "working_weekends": ["2025-01-26", …]}}}

Must not know: how days are counted, who publishes calendars.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.records.row_headings import CALENDAR
from sync.records.row_reading import Reading
from sync.records.working_days import SATURDAY, Calendar
from sync.typed import Value
from sync.values.json_text import parse_object

_YEAR = re.compile(r"20[0-9]{2}\Z")


class Year(Value):
    """A year's calendar as it was read."""

    reading: Reading
    holidays: frozenset[date]
    working_weekends: frozenset[date]


def load_calendar(text: bytes | str) -> Calendar:
    """Read a file of calendars; raises BadRequest with the first thing that is wrong."""
    years = parse_object(text).get("years")
    if not isinstance(years, dict):
        raise BadRequest(_("years has to be one JSON object"))
    read = read_years(years)
    for year in read.values():
        if year.reading.faults:
            raise BadRequest(year.reading.faults[0].sentence)
    return Calendar(
        frozenset(map(int, read)),
        _all(year.holidays for year in read.values()),
        _all(year.working_weekends for year in read.values()),
    )


def read_years(years: Mapping[str, object], *, place: int = 0) -> dict[str, Year]:
    """Read each year; what is wrong is noted in its reading. place, where calendars stand among the kinds of a file."""
    return {
        name: _year(name, Reading(days, CALENDAR, number=_shown(name), order=(place, number)))
        for number, (name, days) in enumerate(years.items(), start=1)
    }


def _year(name: str, row: Reading) -> Year:
    if not (name.isascii() and name.isdecimal()):
        row.note("", _("write a year as 2025 before its days"))
    holidays, worked = (_days(row, name, member) for member in ("holidays", "working_weekends"))
    for day in sorted(worked):
        if day.weekday() < SATURDAY:
            row.note("working_weekends", _("%(day)s is neither a Saturday nor a Sunday: take it away", day=day))
        elif day in holidays:
            row.note("working_weekends", _("%(day)s stands among the days off, too: take one away", day=day))
    if not row.faults:
        _note_unannounced(name, row, holidays)
    return Year(row, holidays, worked)


def _note_unannounced(name: str, row: Reading, holidays: frozenset[date]) -> None:
    """Note a year that was not announced so: counted by it, days would be told that nobody keeps."""
    if not _YEAR.match(name):
        row.note_if_brought("", _("write a year from 2000 to 2099"))
    elif (new_year := date(int(name), 1, 1)) not in holidays:
        told = _("%(day)s (New Year’s Day) is missing: the year is half written, add what was announced", day=new_year)
        row.note_if_brought("holidays", told)


def _days(row: Reading, year: str, member: str) -> frozenset[date]:
    listed = row.row.get(member)
    if not isinstance(listed, list):
        advice, example = _LISTS[member]
        row.wrong(member, _(advice, example=example))
        return frozenset()
    days = set()
    for text in listed:
        day = _day(text)
        if day is None or str(day.year) != year:
            row.note(member, _("write a date of %(year)s as 2025-07-31", year=year), text)
        else:
            days.add(day)
    return frozenset(days)


_LISTS = {  # no year is without days off
    "holidays": (N_("write a list of dates, as %(example)s"), '["2025-10-01"]'),
    "working_weekends": (N_("write a list of dates, as %(example)s; [] for none"), '["2025-09-28"]'),
}


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _all(days: Iterable[frozenset[date]]) -> frozenset[date]:
    return frozenset().union(*days)


def _shown(name: str) -> str:
    return name[:10]
