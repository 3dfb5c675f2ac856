"""并入: the same person was registered twice, and goes on as one of the two; the other keeps all that was written.

Must not know: whose cases they are; those of both are found under the one that goes on.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import Invalid
from sync.node.acting import Doer
from sync.node.answer_once import Answer
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
            problem = "不能并入自己"
        elif here is None or there is None or here.sid != there.sid:
            problem = "只能并入同一站点登记的人员"
        elif into.status in (MERGED, VOID):
            problem = "那一条登记已经并入别处或者作废"
        if problem:
            raise Invalid("填写有误", fields=[("into", problem)])
        return {"merged_into": into_id}

    return act_on_person(node, person_id, "merged", fill, doer)
