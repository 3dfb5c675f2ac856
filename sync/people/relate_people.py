"""亲情关系: whom a person lets ask and act for him, at most five at a time, each to a day.

Must not know: what a relative may do.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.lists.people_index import row_of
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.find_person import LIVING, all_ids, find_person, has_died, registrations_of
from sync.people.leave_register import require_alive
from sync.people.read_days import day_problem
from sync.records.log import Record
from sync.records.person_table import RELATION
from sync.records.person_words import MEANS, RELATIONS, all_words
from sync.store.transaction import Reader, Transaction

MOST_RELATIONS = 5
# Of father or mother and child by birth or adoption; less was typed the wrong way round, or is somebody else.
LEAST_YEARS = 12


def relate_people(
    node: Node, person_id: str, other_id: str, doer: Doer, *, kind: str, until: str, means: str = "signature"
) -> Answer:
    """Bind another person to this one; see `act_on_person`.

    kind    what the other is to this one, in `RELATIONS`;  until, YYYY-MM-DD, the last day;  means, in `MEANS`
    raises  Invalid naming every wrong field, when five live already, and where a parent is not `LEAST_YEARS` older
            than the child; Forbidden where one of them died; NotFound
    """
    today = node.today()
    problems = []
    if kind not in RELATIONS:
        problems.append(("kind", _("The relation has to be one of %(choices)s", choices=all_words(RELATIONS))))
    if means not in MEANS:
        problems.append(("means", _("How it was agreed to has to be one of %(choices)s", choices=all_words(MEANS))))
    if other_id == person_id:
        problems.append(("person", _("Nobody is a relative of himself")))
    problems += [("until", problem)] if (problem := day_problem(until, today)) else []
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        require_alive(person)
        other = find_person(tx, node, other_id)
        require_alive(other)
        if problem := _age_problem(kind, person, other):
            raise Invalid(_("Something is not filled in rightly"), fields=[("kind", problem)])
        living = (one for one in living_relations(person, today) if one != other_id)
        others = [one for one in living if not has_died(tx, one)]
        if len(others) >= MOST_RELATIONS:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("person", _("At most %(most)s relatives; first end one relation", most=MOST_RELATIONS))],
            )
        return {RELATION + other_id: {"kind": kind, "until": until, "by": means}}

    return act_on_person(node, person_id, "related", fill, doer)


def _age_problem(kind: str, person: Record, other: Record) -> str:
    """What is wrong with a parent and a child by their birthdays; "" where nothing is, or a birthday is not known."""
    if kind not in ("parent", "child"):
        return ""
    parent, child = (row_of(one).birthday for one in ((other, person) if kind == "parent" else (person, other)))
    if not parent or not child or int(child[:4]) - int(parent[:4]) - (child[4:] < parent[4:]) >= LEAST_YEARS:
        return ""
    return _(
        "The parent is not at least %(years)s years older than the child; perhaps it is the other way round",
        years=LEAST_YEARS,
    )


def unrelate_people(node: Node, person_id: str, other_id: str, doer: Doer) -> Answer:
    """End it; see `act_on_person`. Raises Invalid where there was none."""

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        if not isinstance(person.fields.get(RELATION + other_id), dict):
            raise Invalid(
                _("Something is not filled in rightly"), fields=[("person", _("There is no such family relation"))]
            )
        return {RELATION + other_id: None}

    return act_on_person(node, person_id, "unrelated", fill, doer)


def valid_relation(
    reader: Reader, node: Node, person: Record, relative: Record, today: date
) -> Mapping[str, Any] | None:
    """What was said of the relation in which a person lets another ask for him today; None where there is none.

    What he says himself stands before what a registration says that was merged into him; what is in dispute does not
    count, nor does anything of whoever is on the register no more.
    """
    if person.status not in LIVING or relative.status not in LIVING:
        return None
    names = [RELATION + one for one in all_ids(reader, relative.id)]
    for one in registrations_of(reader, node, person):
        said = [name for name in names if name in one.fields]
        if said:
            living = living_relations(one, today)
            disputed = {dispute.get("field") for dispute in one.disputes}
            valid = (living[name.removeprefix(RELATION)] for name in said if name.removeprefix(RELATION) in living)
            return None if disputed.intersection(said) else next(valid, None)
    return None


def living_relations(person: Record, today: date) -> dict[str, Mapping[str, Any]]:
    """{id of the other: what was said} for those that have neither ended nor run out."""
    return {
        name.removeprefix(RELATION): said
        for name, said in person.fields.items()
        if name.startswith(RELATION) and isinstance(said, dict) and str(said.get("until", "")) >= today.isoformat()
    }
