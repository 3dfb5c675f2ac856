"""信息更正: what was filled in wrongly is put right, by the form of the case's own version of its item.

What was decided rests on what was filled in. From then on whoever decided puts it right, or somebody above; others only
how the applicant is reached; and what is archived stays as it is.

Must not know: who may ask, how it is shown.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.casework.describe_case import level_name
from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.people.find_person import first_row
from sync.records.applicant_paper import KIND, NUMBER, asked_with, papers_of
from sync.records.case_table import BEFORE_DECISION
from sync.records.events import LEVELS
from sync.records.fold import course
from sync.records.form import Field, field_problems, kept_value
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.store.transaction import Transaction

_REACHED_BY = ("address",)  # beside telephones


def correct_case(node: Node, case_id: str, fields: Mapping[str, str], doer: Doer) -> Answer:
    """Set fields of the form anew; what is not named stays. See `act_on_case`.

    fields   {name: value as it is typed}
    raises   Invalid naming every field that is not of the form, or whose value is unlawful or what it was already;
             Forbidden where the item's version of the case is not here, or where it is not for this level any more
    """
    today = node.today()
    node.catalogue.items()  # within the transaction it is taken as last read

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        kept = fields_to_keep(node, case, fields, today)
        changed = {name: value for name, value in kept.items() if value != case.fields.get(name, "")}
        if not changed:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("fields", _("Nothing is changed, fill in what is to be corrected"))],
            )
        _require_still(node, case, changed)
        return {**changed, **_whose(node, tx, case, changed)}

    return act_on_case(node, case_id, lambda case: "corrected", doer, fill=fill)


def _require_still(node: Node, case: Record, changed: Collection[str]) -> None:
    if case.status in BEFORE_DECISION:
        return
    if case.status == "archived":
        raise Forbidden(_("This case is archived and stays as it is"))
    form = _form_of(node, case)
    is_reach_alone = all(form[name].kind == "phone" or name in _REACHED_BY for name in changed)
    level = _level_that_ended(case)
    if not is_reach_alone and LEVELS.index(node.identity.level) < LEVELS.index(level):
        raise Forbidden(
            _(
                "This case is decided: what the decision rests on is corrected by the %(level)s or above; here only "
                "the telephone and the address can be put right",
                level=level_name(level),
            )
        )


def _level_that_ended(case: Record) -> str:
    """The level of whoever took the case out of what may still be decided."""
    level, before = LEVELS[0], ""
    for stage in course(case.fold, case.type, case.events) if case.understood else ():
        if before in BEFORE_DECISION and stage.status not in BEFORE_DECISION:
            level = stage.event.level
        before = stage.status
    return level


def _whose(node: Node, tx: Transaction, case: Record, changed: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whose case it is when it bears another number: who is registered with that, or nobody."""
    if KIND not in changed and NUMBER not in changed:
        return {}
    fields = {**case.fields, **changed}
    number = str(fields.get(NUMBER, ""))
    row = first_row(tx, sid_of(case.id), papers_of(fields), number) if number else None
    person = "" if row is None else row.id
    return {} if person == case.fields.get("person", "") else {"person": person}


def fields_to_keep(node: Node, case: Record, fields: Mapping[str, str], today: date) -> dict[str, str]:
    """Fields of a case's form that are lawful, as records keep them.

    raises  as `correct_case`, but for what is set already
    """
    form = {name: asked_with(field, fields, case.fields) for name, field in _form_of(node, case).items()}
    checked = {NUMBER: str(case.fields.get(NUMBER, "")), **fields} if KIND in fields else fields
    problems = [one for name, value in checked.items() for one in _problems(form, name, value, today)]
    if problems:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
    return {name: kept_value(form[name], value, today) for name, value in fields.items()}


def _form_of(node: Node, case: Record) -> Mapping[str, Field]:
    item = node.catalogue.item_of(case.fields)
    if item is None:
        raise Forbidden(
            _(
                "The form of that version of the item is not on this machine yet and it cannot be corrected for "
                "now; wait until the catalogue is here"
            )
        )
    return {field.name: field for field in item.fields}


def _problems(form: Mapping[str, Field], name: str, value: str, today: date) -> list[tuple[str, str]]:
    if name not in form:
        return [(f"fields.{name[:20]}", _("The item has no field “%(name)s”", name=name[:20]))]
    return [(f"fields.{name}", sentence) for sentence in field_problems(form[name], value, today)]
