"""What may be done to a person over HTTP: one route for each act.

    POST /people/<id>/correct · verify · household · relations · consents · note
    POST /people/<id>/move · death · merge · void · reinstate

Must not know: how people are kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from sync.case_api.act_routes import STAFF
from sync.case_api.asking import answered, asker, request_named, seen_versions
from sync.case_api.schemas import ReasonSchema, RequiredReasonSchema
from sync.errors import Conflict, StoreUnreachable, SyncError
from sync.node.answer_once import Answer
from sync.node.name_version import ChangedMeanwhile
from sync.node.node import Node
from sync.people.act_on_person import By
from sync.people.correct_person import correct_person, verify_person
from sync.people.errors import AlreadyRegistered
from sync.people.give_consent import give_consent, withdraw_consent
from sync.people.keep_household import HEAD, found_household, join_household, leave_household
from sync.people.leave_register import move_away, note_death, note_on_person, reinstate_person, void_person
from sync.people.merge_people import merge_people
from sync.people.relate_people import relate_people, unrelate_people
from sync.people_api import schemas as shapes
from sync.people_api.answer_schemas import PersonDoneAnswer
from sync.web.bodies import load, read_object
from sync.web.describing import Key, described
from sync.web.sessions import signed_in

_LARGEST_BYTES = 32 << 10
TAG = "人员办理"

Sent = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PersonAct:
    """One route: the shape of what is sent, and what is done with it.

    title     what the description calls it;  text, more of it
    refusals  what it may refuse beside what every act does
    """

    name: str
    title: str
    does: Callable[[Node, str, Sent, By], Answer]
    schema: Schema = field(default_factory=ReasonSchema)
    refusals: tuple[type[SyncError], ...] = ()
    text: str = ""


def _facts(sent: Sent) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if name != "reason"}


def _household(node: Node, person: str, sent: Sent, by: By) -> Answer:
    match sent["action"]:
        case "found":
            return found_household(node, person, by, role=sent["role"] or HEAD)
        case "join":
            return join_household(node, person, sent["with_"], sent["role"], by)
    return leave_household(node, person, by)


def _relation(node: Node, person: str, sent: Sent, by: By) -> Answer:
    if sent["action"] == "end":
        return unrelate_people(node, person, sent["person"], by)
    return relate_people(node, person, sent["person"], by, kind=sent["kind"], until=sent["until"], means=sent["means"])


def _consent(node: Node, person: str, sent: Sent, by: By) -> Answer:
    if sent["action"] == "withdraw":
        return withdraw_consent(node, person, sent["kind"], by, item=sent["item"])
    errand = {name: sent[name] for name in ("item", "agent", "scope")}
    return give_consent(node, person, sent["kind"], by, means=sent["means"], until=sent["until"], errand=errand)


PERSON_ACTS = (
    PersonAct(
        "correct",
        "信息更正",
        lambda node, person, sent, by: correct_person(node, person, _facts(sent), by),
        shapes.FactsAndReasonSchema(),
        (AlreadyRegistered,),
        "只写要改的各项；写成空的，收回以前所填。",
    ),
    PersonAct(
        "verify",
        "核验",
        lambda node, person, sent, by: verify_person(node, person, _facts(sent), by),
        shapes.FactsAndReasonSchema(),
        (AlreadyRegistered,),
        "对照证件看过或者打通过的各项；几个人都核验过的，以最后一次为准。",
    ),
    PersonAct("household", "建户、入户、出户", _household, shapes.HouseholdSchema()),
    PersonAct("relations", "建立或解除亲情关系", _relation, shapes.RelationSchema(), text="同时有效的最多五人。"),
    PersonAct("consents", "同意或撤回", _consent, shapes.ConsentSchema()),
    PersonAct("note", "备注", lambda node, person, sent, by: note_on_person(node, person, by), RequiredReasonSchema()),
    PersonAct("move", "迁出", lambda node, person, sent, by: move_away(node, person, by)),
    PersonAct("death", "身故", lambda node, person, sent, by: note_death(node, person, by)),
    PersonAct(
        "merge",
        "并入",
        lambda node, person, sent, by: merge_people(node, person, sent["into"], by),
        shapes.MergingSchema(),
        text="同一个人登记了两次的，以后以 into 那一条为准。",
    ),
    PersonAct("void", "作废", lambda node, person, sent, by: void_person(node, person, by), RequiredReasonSchema()),
    PersonAct(
        "reinstate",
        "恢复在册",
        lambda node, person, sent, by: reinstate_person(node, person, by),
        RequiredReasonSchema(),
    ),
)


def add_acts(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes of all acts."""
    for act in PERSON_ACTS:
        tell = described(
            act.title,
            tag=TAG,
            body=act.schema,
            answer=PersonDoneAnswer,
            key=Key.MAY,
            refusals=(Conflict, ChangedMeanwhile, *act.refusals, StoreUnreachable),
            if_match=True,
            text=act.text,
        )
        view = tell(signed_in(*STAFF)(_view(act, node_of_app)))
        blueprint.add_url_rule(f"/people/<person_id>/{act.name}", f"act_{act.name}", view, methods=["POST"])


def _view(act: PersonAct, node_of_app: Callable[[], Node]) -> Callable[[str], ResponseReturnValue]:
    def view(person_id: str) -> ResponseReturnValue:
        body = read_object(max_bytes=_LARGEST_BYTES)
        named = request_named(body)
        sent = load(act.schema, body)
        by = By(asker().actor, sent["reason"].strip(), named, seen_versions())
        return answered(act.does(node_of_app(), person_id, sent, by))

    return view
