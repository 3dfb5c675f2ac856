"""The sheets of paper of a case: which of a name is meant, and which other cases of a 一件事 share it.

A sheet is told by its name and the moment it was handed in. What was handed in again (after a 补正, or for one that got
lost) is another sheet, in no bag that was packed before it came. What came to several cases of a 一件事 in one step is
one sheet, handed in once, which lies in one place for all of them.

Must not know: how a bag is kept, how it is shown.
"""

from collections.abc import Mapping

from sync.casework.find_case import find_cases
from sync.node.node import Node
from sync.records.ids import parse_record_id, sid_of
from sync.records.log import Record
from sync.records.taken_as import times_left
from sync.typed import Value
from sync.values.json_text import objects_in

_MOST = 50  # cases of a 一件事 that are looked at; a real one has six


class Shared(Value):
    """Another case that a sheet is for, too."""

    case: str
    receipt_number: str


class Sheet(Value):
    """The sheet a case has under a name.

    shared_with  the other cases it was handed in for in the same step
    spans        {case: (from, until)} under which bags may name it: those packed from the one moment on and before
                 the other; "" for since ever, and until today
    """

    shared_with: tuple[Shared, ...]
    spans: Mapping[str, tuple[str, str]]

    def is_in_bag(self, case_id: str, packed_at: str) -> bool:
        """Whether what a bag names under that case is this sheet, and not one of before or after."""
        if case_id not in self.spans:
            return False
        since, until = self.spans[case_id]
        return since <= packed_at and not (until and until <= packed_at)


def with_kin(node: Node, cases: Mapping[str, Record]) -> dict[str, Record]:
    """These cases, and the others of their 一件事 that are here."""
    kin = {one for case in cases.values() for one in kin_of(case)} - set(cases)
    return {**cases, **find_cases(node, sorted(kin))} if kin else dict(cases)


def kin_of(case: Record) -> tuple[str, ...]:
    """The ids of the other cases of its 一件事, in order; only those of its own station, as it names them."""
    ids = [one.get("id") for one in objects_in(case.fields.get("bundle_cases"))[:_MOST]]
    named = ((one, parse_record_id(one)) for one in ids if isinstance(one, str) and one != case.id)
    return tuple(one for one, of in named if of is not None and (of.type, of.sid) == ("case", sid_of(case.id)))


def sheets_of(case: Record, cases: Mapping[str, Record], *, packed_at: str = "") -> dict[str, Sheet]:
    """{name of a paper: the sheet that was handed in last of it}.

    cases      those that are known, by id
    packed_at  the last that had come when a bag was packed; "" for the last
    """
    bundle = case.fields.get("bundle_number")
    kin = [cases[one] for one in kin_of(case) if one in cases and bundle]
    theirs = [(one, _handed_in(one)) for one in kin if one.fields.get("bundle_number") == bundle]
    found = {}
    for name, moments in _handed_in(case).items():
        had_come = [one for one in moments if not packed_at or one <= packed_at] or moments[:1]
        sharing = [(one, handed[name]) for one, handed in theirs if had_come[-1] in handed.get(name, ())]
        found[name] = Sheet(
            tuple(Shared(one.id, str(one.fields.get("receipt_number", ""))) for one, _moments in sharing),
            {one.id: _span(had_come[-1], its) for one, its in [(case, moments), *sharing]},
        )
    return found


def _span(moment: str, moments: list[str]) -> tuple[str, str]:
    """When a bag was packed that holds what came at a moment; clocks may have been set back, so the first is open."""
    place = moments.index(moment)
    return moment if place else "", moments[place + 1] if place + 1 < len(moments) else ""


def _handed_in(case: Record) -> dict[str, list[str]]:
    """{paper: when the first of it came that stayed, and when it was left again}."""
    found: dict[str, list[str]] = {}
    counted: dict[str, int] = {}
    for event in case.events:
        for one in objects_in(event.set.get("materials")):
            name, times = str(one.get("name") or ""), times_left(one)
            if name and times > counted.get(name, 0):
                counted[name] = times
                found.setdefault(name, []).append(event.at)
    return found
