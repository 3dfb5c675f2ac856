"""代查询: how a person's cases stand, told to a relative whom he lets ask for him (亲情关系), and to nobody else.

Who asked for whom is in the audit before anything is told, and so is that it was refused.

Must not know: who sits at the desk, how it is shown.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sync.casework.find_case import find_cases
from sync.casework.tell_citizen import tell_citizen
from sync.errors import Forbidden, NotFound
from sync.messages import _
from sync.node.node import Node
from sync.people.find_person import find_going_on
from sync.people.relate_people import valid_relation
from sync.people.whose_cases import case_ids_of
from sync.records.log import Record
from sync.records.people import mask_name
from sync.records.person_words import RELATIONS, word_of
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Reader, Transaction

MOST_CASES = 20
# Of what a citizen is told; where it lies and what happened on the way is his own to ask for, with his slip.
_TOLD = (
    *("item_name", "receipt_number", "received_at", "station_name", "state", "state_name"),
    *("told", "missing", "missing_due", "clock"),
)


def tell_relative(node: Node, person_id: str, relative_id: str, *, by: str) -> dict[str, Any]:
    """The cases of a person for a relative, the newest first.

    person_id, relative_id  whose cases, and who asks; "" for somebody who is not registered here
    by       who answers, as the audit names actors
    returns  {"person", "relative" (names, masked), "relation", "relation_name", "until", "cases": of each what
             `tell_citizen` tells but the road and the steps}
    raises   Forbidden where the person has not named the relative, or not for today
    """
    today, now_ms = node.today(), node.clock()

    def work(tx: Transaction) -> tuple[Record, Record, Mapping[str, Any]] | None:
        person, relative = (_registered(tx, node, one) for one in (person_id, relative_id))
        relation = valid_relation(tx, node, person, relative, today) if person and relative else None
        action = "relative_query" if relation else "relative_query_refused"
        append_entry(tx, Entry(now_ms, by, action, person_id if person else "", relative_id if relative else ""))
        return (person, relative, relation) if person and relative and relation else None

    found = node.write(work)
    if found is None:
        raise Forbidden(
            _("No family relation in force lets this person ask for the other; nothing is told"),
            remedy=_("The person may ask himself, or have the relation registered with his consent first."),
        )
    person, relative, relation = found
    ids = node.read(lambda reader: case_ids_of(reader, node, person.id, limit=MOST_CASES))
    cases = find_cases(node, ids)
    told = (tell_citizen(node, cases[one]) for one in ids if one in cases)
    kind = str(relation.get("kind", ""))
    return {
        "person": mask_name(str(person.fields.get("name", ""))),
        "relative": mask_name(str(relative.fields.get("name", ""))),
        "relation": kind,
        "relation_name": word_of(RELATIONS, kind),
        "until": str(relation.get("until", "")),
        "cases": [{name: one[name] for name in _TOLD} for one in told],
    }


def _registered(reader: Reader, node: Node, person_id: str) -> Record | None:
    with suppress(NotFound):
        return find_going_on(reader, node, person_id)
    return None
