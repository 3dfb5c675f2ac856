"""并入: the same person was registered twice, and goes on as one of the two; the other keeps all that was written.

Must not know: whose cases they are; those of both are found under the one that goes on.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import Invalid
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.people.act_on_person import act_on_person
from sync.people.find_person import MERGED, VOID, all_ids, find_person
from sync.records.ids import parse_record_id
from sync.records.log import Record
from sync.store.transaction import Transaction


def merge_people(node: Node, person_id: str, into_id: str, doer: Doer) -> Answer:
    """Let a person go on as another of the same station; see `act_on_person`.

    raises  Invalid where that is no other, none of this station, or not in force itself; NotFound
    """

    def fill(tx: Transaction, person: Record) -> Mapping[str, Any]:
        into = find_person(tx, node, into_id)
        here, there = parse_record_id(person_id), parse_record_id(into_id)
        problem = ""
        if into_id in all_ids(tx, person_id):
            problem = _("A registration cannot be merged into itself")
        elif here is None or there is None or here.sid != there.sid:
            problem = _("Only people registered at the same station can be merged")
        elif into.status in (MERGED, VOID):
            problem = _("That registration was merged into another one or made void")
        if problem:
            raise Invalid(_("Something is not filled in rightly"), fields=[("into", problem)])
        return {"merged_into": into_id}

    return act_on_person(node, person_id, "merged", fill, doer)
