"""A sheet of paper that several cases of a 一件事 share: handed in once, it lies in one place for all of them.

It is told by its name and the moment it first came: what came to several cases of a 一件事 in one step is one sheet;
what came to one of them alone is another. More of it that is brought to a case later is not told apart from it, as
within one case.

Must not know: bags, how it is shown.
"""

from collections.abc import Iterable, Mapping

from sync.casework.find_case import find_cases
from sync.node.node import Node
from sync.records.ids import parse_record_id, sid_of
from sync.records.log import Record
from sync.records.taken_as import stays
from sync.typed import Value

_MOST = 50  # cases of a 一件事 that are looked at; a real one has six


class Shared(Value):
    """Another case that a sheet is for, too."""

    case: str
    receipt_number: str


def with_kin(node: Node, cases: Mapping[str, Record]) -> dict[str, Record]:
    """These cases, and the others of their 一件事 that are here."""
    kin = {one for case in cases.values() for one in kin_of(case)} - set(cases)
    return {**cases, **find_cases(node, sorted(kin))} if kin else dict(cases)


def kin_of(case: Record) -> tuple[str, ...]:
    """The ids of the other cases of its 一件事, in order; only those of its own station, as it names them."""
    listed: object = case.fields.get("bundle_cases")
    ids = [one.get("id") for one in listed[:_MOST] if isinstance(one, dict)] if isinstance(listed, list) else []
    named = ((one, parse_record_id(one)) for one in ids if isinstance(one, str) and one != case.id)
    return tuple(one for one, of in named if of is not None and (of.type, of.sid) == ("case", sid_of(case.id)))


def shared_sheets(case: Record, cases: Mapping[str, Record]) -> dict[str, tuple[Shared, ...]]:
    """{name of a paper: the other cases it was handed in for in the same step}; what is a case's alone is left out.

    cases  those that are known, by id
    """
    bundle, own = case.fields.get("bundle_number"), _handed_in(case)
    kin = [cases[one] for one in kin_of(case) if one in cases and bundle]
    theirs = [(one, _handed_in(one)) for one in kin if one.fields.get("bundle_number") == bundle]
    found = {
        name: tuple(
            Shared(one.id, str(one.fields.get("receipt_number", "")))
            for one, handed in theirs
            if handed.get(name) == moment
        )
        for name, moment in own.items()
    }
    return {name: others for name, others in found.items() if others}


def _handed_in(case: Record) -> dict[str, str]:
    """{paper: when the first of it came that stayed}."""
    found: dict[str, str] = {}
    for event in case.events:
        for one in _objects(event.set.get("materials")):
            if one.get("name") and stays(one):
                found.setdefault(str(one["name"]), event.at)
    return found


def _objects(listed: object) -> Iterable[Mapping[str, object]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, (list, tuple)) else []
