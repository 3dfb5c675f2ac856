"""What a list of cases is narrowed by, as the address of its page says it, and the tags that show it.

    q  state (several)  todo=1  disputed=1  parked=1  light  due=today  station  who  item  from  to  sort

What makes no sense narrows nothing: an address is not a form, and an old one must still open.

Must not know: how cases are found.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from werkzeug.datastructures import MultiDict

from sync.case_pages.words import LISTED_STATES
from sync.casework.describe_case import state_name
from sync.casework.narrow_cases import HERE, ME, MINE, NO_ONE, Wish
from sync.messages import N_, _
from sync.node.lists.case_list import DUE, RECEIVED
from sync.typed import Value, field

LIGHT_WORDS: Mapping[str, str] = MappingProxyType(
    {"red": N_("Late"), "yellow": N_("Near its end"), "green": N_("In time")}
)
SORTS = ((RECEIVED, N_("When received, newest first")), (DUE, N_("When due, the most urgent first")))
_WHO = {MINE: N_("Mine and nobody’s"), ME: N_("Mine"), NO_ONE: N_("Nobody’s")}
_LONGEST = 100  # characters of what was typed

Pairs = tuple[tuple[str, str], ...]


class Known(Value):
    """What a list of this node may be narrowed by: stations, items and colleagues, each (value, what is read).

    has_more_stations  not all of them are named here: nobody finds one of thousands in a select
    """

    stations: Pairs = ()
    items: Pairs = ()
    people: Pairs = ()
    has_more_stations: bool = False


class Filters(Value):
    """What an address asked for, as far as it makes sense; `values` as {name: [value, …]} to make addresses of."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The value of a filter; "" where it is not set."""
        found = self.values.get(name, ())
        return found[0] if found else ""

    @property
    def order(self) -> str:
        """In which order the list stands."""
        return self.one("sort") or RECEIVED

    def without(self, name: str, value: str = "") -> dict[str, Any]:
        """The arguments of the address without one filter, or without one of its values."""
        kept = {other: list(values) for other, values in self.values.items() if other != name}
        rest = [one for one in self.values.get(name, ()) if value and one != value]
        return {**kept, name: rest} if rest else kept

    def wish(self, *, today: str) -> Wish:
        """The same as `narrow_cases` takes it."""
        return Wish(
            states=tuple(self.values.get("state", ())),
            station=self.one("station"),
            item=self.one("item"),
            assignee=self.one("who"),
            turn=HERE if self.one("todo") else "",
            disputed=bool(self.one("disputed")),
            parked=bool(self.one("parked")),
            light=self.one("light"),
            due_on=today if self.one("due") else "",
            received_from=_day(self.one("from")),
            received_to=_day(self.one("to")),
            q=self.one("q"),
        )


def read_filters(asked: MultiDict[str, str], known: Known) -> Filters:
    """What an address asks for."""
    choices: dict[str, Sequence[str]] = {
        "todo": ("1",),
        "disputed": ("1",),
        "parked": ("1",),
        "light": tuple(LIGHT_WORDS),
        "due": ("today",),
        "station": [one[0] for one in known.stations],
        "who": [*_WHO, *(one[0] for one in known.people)],
        "item": [one[0] for one in known.items],
        "sort": [one[0] for one in SORTS],
    }
    found: dict[str, Sequence[str]] = {}
    typed = " ".join(asked.get("q", "").split())[:_LONGEST]
    if typed.isprintable() and typed:
        found["q"] = [typed]
    states = [one for one in dict.fromkeys(asked.getlist("state")) if one in LISTED_STATES]
    if states:
        found["state"] = states
    for name, lawful in choices.items():
        if asked.get(name) in lawful:
            found[name] = [asked[name]]
    for name in ("from", "to"):
        if _day(asked.get(name, "")):
            found[name] = [asked[name]]
    return Filters(found)


def tags_of(filters: Filters, known: Known) -> list[tuple[str, dict[str, Any]]]:
    """The tags of what narrows a list: (what is read, the arguments of the address without it)."""
    stations, items = dict(known.stations), dict(known.items)
    people = {**_who(), **dict(known.people)}
    words: Mapping[str, Callable[[str], str]] = {
        "q": lambda value: _("Search: %(words)s", words=value),
        "state": state_name,
        "todo": lambda value: _("This level has to act"),
        "disputed": lambda value: _("In dispute"),
        "parked": lambda value: _("Changes to be answered"),
        "light": lambda value: _(LIGHT_WORDS[value]),
        "due": lambda value: _("Due today"),
        "station": lambda value: _("Station: %(station)s", station=stations[value]),
        "who": lambda value: _("Assignee: %(person)s", person=people[value]),
        "item": lambda value: _("Item: %(item)s", item=items[value]),
        "from": lambda value: _("Received from %(day)s", day=value),
        "to": lambda value: _("Received until %(day)s", day=value),
    }
    return [
        (say(value), filters.without(name, value))
        for name, say in words.items()
        for value in filters.values.get(name, ())
    ]


def who_choices(known: Known) -> Pairs:
    """Whose cases, for a select."""
    return (("", _("Everybody")), *_who().items(), *known.people)


def _who() -> dict[str, str]:
    return {value: _(message) for value, message in _WHO.items()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
