"""Whoever applies and is not on the register yet is registered with his application, by what stands on its form.

Must not know: transactions of its own, what he applies for.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from edge_node.messages import _, pgettext
from edge_node.services.draft import HAND
from edge_node.services.file_application import Receipt
from edge_node.services.prepare_application import Application
from sync.errors import Invalid
from sync.node.node import Node
from sync.people.find_person import LIVING, first_row
from sync.people.register_person import register_in
from sync.records.applicant_paper import paper_kind
from sync.records.id_papers import CITIZEN_KINDS, kind_of_number
from sync.records.person_facts import Facts, first_facts
from sync.store.transaction import Transaction

REGISTER = "register"
# {what the register calls it: the field of the form}
_ON_FORM = {"name": "applicant_name", "cert_number": "id_number", "phone": "phone", "address": "address"}


def newcomer(whole: Application, cases: Sequence[Mapping[str, Any]], today: date) -> Facts | None:
    """What the applicant is to be registered with; None where nobody asked for it, or where he is registered.

    cases   the fields of each, as they will be written; of what two say the first counts
    raises  Invalid where he cannot be registered by what the form says
    """
    if not whole.register or any(fields.get("person") for fields in cases):
        return None
    fields = {name: value for one in reversed(cases) for name, value in one.items()}
    told = {name: fields.get(field, "") for name, field in _ON_FORM.items()}
    if not told["cert_number"]:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[
                (REGISTER, _("The form has no number of the paper of the applicant, who cannot be registered with it"))
            ],
        )
    kind = paper_kind(fields) or kind_of_number(told["cert_number"])
    facts, problems = first_facts({**told, "cert_kind": kind, "source": whole.source or HAND}, today=today)
    if problems:
        why = pgettext("between sentences", "; ").join(dict.fromkeys(sentence for _name, sentence in problems))
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[(REGISTER, _("The applicant cannot be registered with it: %(why)s", why=why))],
        )
    return facts


def person_in(tx: Transaction, node: Node, facts: Facts, receipt: Receipt) -> str:
    """Register him, in the transaction that takes his application; the id of whoever applies.

    Somebody may have registered him a moment ago; whoever is not in force any more is not registered anew: "".
    """
    kind = facts.fields["cert_kind"]
    kinds = CITIZEN_KINDS if kind in CITIZEN_KINDS else (kind,)
    known = first_row(tx, node.identity.sid, kinds, facts.fields["cert_number"])
    if known is not None:
        return known.id if known.status in LIVING else ""
    return register_in(tx, node, facts, by=receipt.by, at_ms=receipt.now_ms, quality=receipt.quality).id
