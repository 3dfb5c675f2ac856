"""What a form of an act is: its inputs, what it must know of its case, and how what was typed is read.

Must not know: the acts, routes, templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from sync.case_api.act_routes import ACTS
from sync.case_api.record_acts import RecordAct
from sync.casework.name_people import People
from sync.records.form import Field
from sync.typed import Value, field
from sync.web.roles import Role

Choices = tuple[tuple[str, str], ...]


class Asked(Value):
    """One input of a form.

    kind     an input type, `textarea`, `select`, `radios`, `boxes`, or `gaps`: a box and a line for each of `choices`
    choices  (value, what is read), of a select, of radios or boxes, or the papers of `gaps`
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    choices: Choices = ()


class About(Value):
    """What a form knows of its case: `papers` (name, whether handed in, whether it may follow), who may be given it.

    had_before  who had it at another level, to whom it may go back
    special     which special procedures its item has, and how long each is, in words

    fields  of the case's form, each with its value as it may be seen
    people  what they are called, by level and account;  clock, what is asked of this machine's clock, if anything
    """

    papers: tuple[tuple[str, bool, bool], ...] = ()
    fields: tuple[tuple[Field, str], ...] = ()
    colleagues: Choices = ()
    had_before: Choices = ()
    special: str = ""
    level: str = "village"
    disputes: tuple[Mapping[str, Any], ...] = ()
    people: People = field(default_factory=dict)
    clock: Mapping[str, Any] = field(default_factory=dict)


class ActForm(Value):
    """An act and its form.

    act     the route's name in `ACTS`;  events, those that open it: the form is offered when one may happen now
    only_if a list of the case without which there is nothing to do
    until_over  whether there is no point in it any more once it is nobody's turn
    paper   the paper that is signed for it, by the name records have it under; "" for none
    may     whether somebody of a role is offered it at this case, beside what his role may do at any
    asks    the inputs;  makes, what the API takes, from what was typed
    """

    act: str
    events: tuple[str, ...]
    title: str
    asks: Callable[[About], tuple[Asked, ...]]
    makes: Callable[[MultiDict[str, str]], dict[str, Any]] = lambda form: {}
    needs_reason: bool = False
    hint: str = ""
    only_if: str = ""
    until_over: bool = False
    paper: str = ""
    may: Callable[[Mapping[str, Any], Role], bool] = lambda case, role: True

    @property
    def route(self) -> RecordAct:
        """What the API does for it."""
        return next(one for one in ACTS if one.name == self.act)

    @property
    def ends_by_itself(self) -> bool:
        """Whether it is gone once it is done: while it is there, something is still to be answered."""
        return self.only_if in ("disputes", "parked_edits", "requests")

    def is_for(self, role: Role) -> bool:
        """Whether someone may use it."""
        return role in self.route.roles


class Filled(Value):
    """A form as it was typed: what the API takes, and the values to draw it with again."""

    sent: dict[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)


def read_typed(form: ActForm, typed: MultiDict[str, str], reason: str) -> Filled:
    """What was typed, as the API takes it and as it is drawn again."""
    values = {name: typed.getlist(name) if name in ("materials", "gaps") else typed.get(name, "") for name in typed}
    return Filled({**form.makes(typed), "reason": reason}, values)
