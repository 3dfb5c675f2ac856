"""补正告知: everything that is missing, told at once, each with what is wrong; and until when it may be handed in.

Must not know: who may ask, how the notice is printed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sync.casework.act_on_case import act_on_case
from sync.casework.missing_papers import papers_that_belong
from sync.errors import Invalid
from sync.messages import N_, _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.case_dates import LONGEST_DAYS
from sync.records.items import Item
from sync.records.log import Record
from sync.store.transaction import Transaction
from sync.typed import Value

_STRANGE = N_(
    "The item needs no material “%(name)s”; what else is to be put right is described without naming a material"
)


class Gap(Value):
    """Something that is missing: the material, "" where it is none, and what is wrong, in a sentence."""

    material: str
    what: str


def ask_for_supplement(node: Node, case_id: str, gaps: Sequence[Gap], due: date | None, doer: Doer) -> Answer:
    """Tell the citizen what is missing; see `act_on_case`.

    due     the last day to hand it in, at most `LONGEST_DAYS` from today; None for ten natural days
    raises  Invalid naming the field
    """
    if not gaps:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("gaps", _("Write at one time everything that has to be supplemented"))],
        )
    today = node.today()
    if due is not None and due < today:
        raise Invalid(_("Something is not filled in rightly"), fields=[("due", _("The day may not be before today"))])
    latest = today + timedelta(days=LONGEST_DAYS)
    if due is not None and due > latest:
        too_late = _("The day may not be after %(day)s", day=latest)
        raise Invalid(_("Something is not filled in rightly"), fields=[("due", too_late)])
    told = [{"material": one.material, "what": one.what} for one in gaps]
    node.catalogue.items()  # within the transaction it is taken as last read

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        _require_asked_for(node.catalogue.item_of(case.fields), case, gaps)
        return {"gaps": told, "supplement_due": "" if due is None else due.isoformat()}

    return act_on_case(node, case_id, lambda case: "supplement_asked", doer, fill=fill)


def _require_asked_for(item: Item | None, case: Record, gaps: Sequence[Gap]) -> None:
    """Refuse to demand papers that the item does not ask for; what is no paper of it is told in words alone."""
    if item is None:
        return
    names = papers_that_belong(case, item)
    strange = [
        (f"gaps.{row}.material", _(_STRANGE, name=one.material))
        for row, one in enumerate(gaps)
        if one.material and one.material not in names
    ]
    if strange:
        raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=strange)
