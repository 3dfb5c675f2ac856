"""转办: a case gets another agent; what the one before did meanwhile, cut off, waits until somebody takes or leaves it.

Whoever has the case now answers, or somebody who decides at his level; whoever made the edits does not.

Must not know: who may ask, who is offline.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.casework.name_people import account_of
from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.case_assignee import ASSIGNED_AT, had_before, level_assigned
from sync.records.case_table_2 import CASE_2
from sync.records.events import Event
from sync.records.log import Record
from sync.records.taken_as import times_left
from sync.store.transaction import Reader, Transaction
from sync.values.json_text import dump_sorted, objects_in

# {actor: what he is called} of whoever may have a case here
Colleagues = Callable[[Reader], Mapping[str, str]]

YOURS, HEADS = "yours", "heads"
_MATERIALS = "materials"
_MOST_NAMED = 20  # in a sentence


def pass_on_case(node: Node, case_id: str, assignee: str, doer: Doer, *, colleagues: Colleagues) -> Answer:
    """Give a case to another account, saying why; see `act_on_case`.

    assignee    the account as events name actors (`acct:…`); `acct:…@<level>` of somebody who had it at another level,
                to whom it goes back (退回村站)
    colleagues  who may be given it; asked where it is done, so that a repetition is answered alike later
    raises      Invalid naming the field
    """
    if not doer.reason:
        raise Invalid(
            _("Something is not filled in rightly"), fields=[("reason", _("Give the reason for passing it on"))]
        )
    if assignee == doer.by:
        raise Invalid(_("Something is not filled in rightly"), fields=[("assignee", _("This case is yours already"))])

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        back, at, level = assignee.rpartition("@")
        if at:
            steps = [(event.type, event.by, event.level) for event in case.events]
            if had_before(steps, level=node.identity.level).get(level) != back:
                sentence = _("Nobody of that name had this case at that level")
                raise Invalid(_("Something is not filled in rightly"), fields=[("assignee", sentence)])
            return {"assignee": back, ASSIGNED_AT: level}
        known = colleagues(tx)
        if assignee not in known:
            others = {actor: name for actor, name in known.items() if actor != doer.by}
            sentence = _nobody_called(account_of(assignee), others)
            raise Invalid(_("Something is not filled in rightly"), fields=[("assignee", sentence)])
        return {"assignee": assignee}

    return act_on_case(node, case_id, lambda case: "passed_on", doer, fill=fill)


def nobody_else() -> str:
    """What is said where there is no colleague."""
    return _("Nobody else here could take it over; make an account for a colleague first")


def _nobody_called(account: str, others: Mapping[str, str]) -> str:
    if not others:
        return nobody_else()
    told = [(account_of(actor), name) for actor, name in others.items()]
    names = [one if one == name else _("%(name)s (%(remark)s)", name=one, remark=name) for one, name in told]
    return _(
        "There is no account “%(account)s” here that could take it over; there are: %(names)s",
        account=account,
        names=_(", ").join(names[:_MOST_NAMED]),
    )


def answer_parked(node: Node, case_id: str, doer: Doer, *, take: bool, deciders: Colleagues) -> Answer:
    """Take the edits that wait, in the order they were made, or leave them all; see `act_on_case`.

    Papers that were handed in are here, whatever becomes of the edit that brought them: they are kept either way.

    deciders  who may do so here though he has not the case
    raises    Forbidden where none waits, or where somebody else answers them
    """

    def choose(case: Record) -> str:
        if not case.parked_edits:
            raise Forbidden(_("There are no changes to be answered"))
        return "parked_taken" if take else "parked_left"

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        answering = answering_of(case, doer.by, node.identity.level)
        if answering != YOURS and not (answering == HEADS and doer.by in deciders(tx)):
            raise Forbidden(_("These changes are answered by whoever has the case now, or a head at that level"))
        return parked_fields(case) if take else _papers(case)

    return act_on_case(node, case_id, choose, doer, fill=fill)


def answering_of(case: Record, by: str, level: str) -> str:
    """Whether somebody may answer the edits that wait: `YOURS`; `HEADS`, if he decides at this level; "" where not.

    by     who asks, as events name actors;  level, of his node
    """
    assignee = str(case.fields.get("assignee", ""))
    given_at = level_assigned(case.events, assignee)
    if assignee == by and given_at == level:
        return YOURS
    levels = {event.hash: event.level for event in case.events}
    is_own = any(edit["by"] == by and levels.get(edit["event"]) == level for edit in case.parked_edits)
    # Given to two hands at once it is on nobody's desk: then any level's head, until one is chosen.
    return HEADS if given_at in (level, "") and not is_own else ""


def parked_fields(case: Record) -> dict[str, Any]:
    """What the waiting edits would set; a move of state among them has to be done anew."""
    fields: dict[str, Any] = {}
    for event in _waiting(case):
        fields |= {name: value for name, value in event.set.items() if name not in (*CASE_2.fixed, _MATERIALS)}
    return {**fields, **_papers(case)}


def _papers(case: Record) -> dict[str, Any]:
    """{"materials": the papers of the case with those that waiting edits brought}; nothing where they brought none."""
    before = objects_in(case.fields.get(_MATERIALS))
    papers = {str(row.get("name", "")): row for row in before}
    for event in _waiting(case):
        for row in objects_in(event.set.get(_MATERIALS)):
            name = str(row.get("name", ""))
            papers[name] = _joined(papers.get(name, row), row)
    found = list(papers.values())
    return {} if found == before else {_MATERIALS: found}


def _joined(known: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A paper of the case, with what a waiting edit brought of it."""
    photos = [*objects_in(known.get("photos")), *objects_in(row.get("photos"))]
    different = {dump_sorted(photo): photo for photo in photos}
    more = {"photos": list(different.values())} if len(different) > len(objects_in(known.get("photos"))) else {}
    return {**(row if times_left(row) > times_left(known) else known), **more}


def _waiting(case: Record) -> Iterator[Event]:
    waiting = {one["event"] for one in case.parked_edits}
    return (event for event in case.events if event.hash in waiting)
