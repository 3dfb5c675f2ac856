"""信息更正: what was filled in wrongly is put right, by the form of the case's own version of its item.

Must not know: who may ask, how it is shown.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.errors import Forbidden, Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.applicant_paper import KIND, NUMBER, asked_with
from sync.records.form import Field, field_problems, kept_value
from sync.records.log import Record
from sync.store.transaction import Transaction


def correct_case(node: Node, case_id: str, fields: Mapping[str, str], doer: Doer) -> Answer:
    """Set fields of the form anew; what is not named stays. See `act_on_case`.

    fields   {name: value as it is typed}
    raises   Invalid naming every field that is not of the form, or whose value is unlawful or what it was already;
             Forbidden where the item's version of the case is not here
    """
    today = node.today()

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        kept = fields_to_keep(node, case, fields, today)
        changed = {name: value for name, value in kept.items() if value != case.fields.get(name, "")}
        if not changed:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("fields", _("Nothing is changed, fill in what is to be corrected"))],
            )
        return changed

    return act_on_case(node, case_id, lambda case: "corrected", doer, fill=fill)


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
