"""A row of a file read member by member, and everything that is wrong with it noted on the way.

Each question is answered with something of the right type, whatever stands there; what is read off a row in which
faults were noted is not used. Each fault says the row, the member by its heading, what stands there, and what to do.

What was published is read however loosely it was written then, and a file that is brought is held to more: that is
noted apart, and hinders nobody from reading.

Must not know: which members a row has, what becomes of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sync.errors import TooDeep
from sync.messages import _
from sync.records.row_headings import Kind, codes_in_words, heading
from sync.typed import Value
from sync.values.json_text import dump

ABSENT = object()
EXAMPLE_TEXTS = '["…", "…"]'
_LONGEST_SHOWN = 40  # characters of what stands there; the whole of it stands in the file
_NOTHING: Mapping[str, Any] = {}

Row = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)


class Fault(Value):
    """Something wrong with a file: the place of its row among all rows, and a sentence for whoever keeps the file."""

    order: tuple[int, int]
    sentence: str


class Mention(Value):
    """That a row names an item, or a place another, by its code, and where."""

    reading: "Reading"
    member: str
    code: str


class Reading:
    """One object of a file while it is read. Guards what was found wrong with it so far, and with its parts."""

    __slots__ = ("_above", "_is_object", "_kind", "_number", "_wrong", "brought", "faults", "mentions", "order", "row")

    def __init__(
        self,
        row: object,
        kind: Kind,
        *,
        number: int | str = "",
        order: tuple[int, int] = (0, 0),
        above: "tuple[Reading, str] | None" = None,
    ) -> None:
        """Read `row`, the n-th of its kind; above, the object it stands in and the member that holds it."""
        self.row: Row = row if isinstance(row, dict) else _NOTHING
        self._is_object = isinstance(row, dict)
        self._kind, self._number, self._above = kind, number, above
        self._wrong: set[str] = set()
        self.order: tuple[int, int] = above[0].order if above else order
        self.faults: list[Fault] = above[0].faults if above else []
        self.brought: list[Fault] = above[0].brought if above else []
        self.mentions: list[Mention] = above[0].mentions if above else []
        if not self._is_object:
            self.note("", _("write a JSON object: { … }"), row)

    @property
    def code(self) -> object:
        """What tells the row apart; None where it has nothing to."""
        return self.row.get("code")

    def fault(self, name: str, advice: str, value: object = ABSENT) -> Fault:
        """What is wrong with a member, not noted yet; value, what stands there."""
        told = {"place": self._place(name), "advice": advice}
        if value is ABSENT:
            return Fault(self.order, _("%(place)s: %(advice)s", **told))
        return Fault(self.order, _("%(place)s is %(value)s: %(advice)s", value=_shown(value), **told))

    def wrong(self, name: str, advice: str) -> None:
        """Note that a member is wrong as it stands, or is not there, and what to do."""
        if name in self.row:
            self.note(name, advice, self.row[name])
        elif self._is_object:  # of what is no object that has been said, and nothing else of it is there
            missing = _("%(place)s is missing: %(advice)s", place=self._place(name), advice=advice)
            self._keep(Fault(self.order, missing), name)

    def note(self, name: str, advice: str, value: object = ABSENT) -> None:
        """Note something wrong with a member; value, what of it, left out where it does not go with another member."""
        self._keep(self.fault(name, advice, value), name)

    def wrong_if_brought(self, name: str, advice: str) -> None:
        """Note that a member may not stand so in a file, though it is read where it was published."""
        self.note_if_brought(name, advice, self.row.get(name, ABSENT))

    def note_if_brought(self, name: str, advice: str, value: object = ABSENT) -> None:
        """Note something that may not stand in a file, as `note` does."""
        self.brought.append(self.fault(name, advice, value))

    def is_wrong(self, *names: str) -> bool:
        """Whether something was noted of one of these members, or of what stands in it."""
        return not self._wrong.isdisjoint(names)

    def mention(self, name: str, code: str) -> None:
        """Note that a member names an item or a place, which there has to be."""
        self.mentions.append(Mention(self, name, code))

    def text(self, name: str) -> str:
        """Text that is not empty."""
        value = self.row.get(name)
        if isinstance(value, str) and value:
            return value
        self.wrong(name, _("write text that is not empty"))
        return ""

    def line(self, name: str, most: int, *, empty: bool = False) -> str:
        """One line of text of at most so many characters; empty, whether it may be left out."""
        value = self.row.get(name, "" if empty else None)
        if isinstance(value, str) and len(value) <= most and (empty or value.strip()) and value.isprintable():
            return value
        self.wrong(name, _("write one line of text of at most %(most)s characters", most=most))
        return ""

    def anything(self, name: str, *, empty: bool = False) -> str:
        """Whatever stands there, as text, which it is in a file; empty, whether it may be left out."""
        value = self.row.get(name, "")
        if name not in self.row and not empty:
            self.wrong(name, _("write text that is not empty"))
        elif not isinstance(value, str):
            self.wrong_if_brought(name, _("write text in quotation marks"))
        elif not value and not empty:
            self.wrong_if_brought(name, _("write text that is not empty"))
        return str(value)

    def truth(self, name: str) -> bool:
        """Whether true stands there; a file has true or false, or leaves it out."""
        value = self.row.get(name, False)
        if not isinstance(value, bool):
            self.wrong_if_brought(name, _("write true for yes, or false for no"))
        return value is True

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; () where the row does not say."""
        values = self.row.get(name, [])
        if isinstance(values, list) and all(isinstance(one, str) and one for one in values):
            return tuple(values)
        self.wrong(name, _("write a list of texts, as %(example)s", example=EXAMPLE_TEXTS))
        return ()

    def whole(self, name: str, least: int, most: int, *, usual: int | None = None) -> int:
        """A whole number within bounds; usual, what counts where the row does not say."""
        value = self.row.get(name, usual)
        if type(value) is int and least <= value <= most:
            return value
        self.wrong(name, _("write a whole number from %(least)s to %(most)s", least=least, most=most))
        return least

    def one_of(self, name: str, kind: type[E], *, usual: E | None = None) -> E:
        """One of some codes; usual, what counts where the row does not say."""
        value = self.row.get(name, usual)
        try:
            return kind(value)
        except ValueError:
            self.wrong(name, _("write one of %(choices)s", choices=codes_in_words(kind)))
            return next(iter(kind))

    def day(self, name: str, *, usual: date = date.min) -> date:
        """A day; `usual` where it is none."""
        try:
            return date.fromisoformat(self.row.get(name))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            self.wrong(name, _("write a date as 2025-07-31"))
            return usual

    def part(self, name: str, kind: Kind, *, usual: object = None) -> "Reading":
        """The object that stands in a member; usual, what counts where the row does not say."""
        return Reading(self.row.get(name, usual), kind, above=(self, name))

    def parts(self, name: str, kind: Kind, *, usual: object = None) -> "Iterator[Reading]":
        """The objects listed in a member."""
        rows = self.row.get(name, usual)
        if not isinstance(rows, list):
            self.wrong(name, _("write a list: [ … ]"))
            return
        for number, row in enumerate(rows, start=1):
            yield Reading(row, kind, number=number, above=(self, name))

    def table(self, name: str) -> Row:
        """An object of codes by names; nothing where the row does not say."""
        value = self.row.get(name, _NOTHING)
        if isinstance(value, Mapping):
            return value
        self.wrong(name, _("write a JSON object: { … }"))
        return _NOTHING

    def require_different(self, name: str, member: str, values: Iterable[str]) -> None:
        """Note each value that stands twice in the list `name`, each in its `member`."""
        seen: dict[str, int] = {}
        for number, value in enumerate(values, start=1):
            if value and value in seen:
                told = {"value": _seen(value), "first": seen[value], "second": number, "member": member}
                advice = _("%(member)s “%(value)s” stands in number %(first)s and in %(second)s: change one", **told)
                self.note(name, advice)
            seen.setdefault(value, number)

    def _keep(self, fault: Fault, name: str = "") -> None:
        self.faults.append(fault)
        self._wrong.add(name)
        if self._above:
            self._above[0]._is_wrong_within(self._above[1])

    def _is_wrong_within(self, name: str) -> None:
        self._wrong.add(name)
        if self._above:
            self._above[0]._is_wrong_within(self._above[1])

    def _place(self, name: str) -> str:
        own = [heading(self._kind, name)] if name else []
        return _(" · ").join([*self._path(), *own])

    def _path(self) -> list[str]:
        above = self._above[0]._path() if self._above else []
        if not self._kind.label:  # it is the only one in its member
            return [*above, heading(self._above[0]._kind, self._above[1])] if self._above else above
        label = _(self._kind.label, number=self._number)
        called = self.row.get(self._kind.called)
        if isinstance(called, str) and called:
            return [*above, _("%(label)s (%(called)s)", label=label, called=_seen(called))]
        return [*above, label]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return _("“%(text)s”", text=_seen(value))
    try:
        return _seen(dump(value).decode())
    except TooDeep:
        return "…"


def _seen(text: str) -> str:
    """A text as it may stand in a line on a terminal."""
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return "".join(one if one.isprintable() else "\ufffd" for one in short)
