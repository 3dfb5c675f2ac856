"""What may be done to a person over HTTP: one route for each act.

    POST /people/<id>/correct · verify · household · relations · consents · note
    POST /people/<id>/move · death · merge · void · reinstate

Must not know: how people are kept.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from sync.case_api.record_acts import ActRoutes, RecordAct, Sent
from sync.case_api.schemas import RequiredReasonSchema
from sync.messages import D_
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.people.correct_person import correct_person, verify_person
from sync.people.errors import AlreadyRegistered
from sync.people.give_consent import give_consent, withdraw_consent
from sync.people.keep_household import HEAD, found_household, join_household, leave_household, make_head
from sync.people.leave_register import move_away, note_death, note_on_person, reinstate_person, void_person
from sync.people.merge_people import merge_people
from sync.people.relate_people import relate_people, unrelate_people
from sync.people_api import schemas as shapes
from sync.people_api.card_reading import card_read
from sync.web.describing import Shapes

_OF_PEOPLE = Shapes("sync.people_api.answer_schemas")

_ROUTES = ActRoutes(
    "/people/<person_id>", "act_", tag=D_("Acts on people"), answer=_OF_PEOPLE.PersonDoneAnswer, largest_bytes=32 << 10
)


def _facts(sent: Sent) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if name not in ("reason", "reading")}


def _correct(node: Node, person: str, sent: Sent, doer: Doer) -> Answer:
    return correct_person(node, person, _facts(sent), doer, read=card_read(sent.get("reading", "")))


def _verify(node: Node, person: str, sent: Sent, doer: Doer) -> Answer:
    return verify_person(node, person, _facts(sent), doer, read=card_read(sent.get("reading", "")))


def _household(node: Node, person: str, sent: Sent, doer: Doer) -> Answer:
    match sent["action"]:
        case "found":
            return found_household(node, person, doer, role=sent["role"] or HEAD)
        case "join":
            return join_household(node, person, sent["with_"], sent["role"], doer)
        case "head":
            return make_head(node, person, doer, role=sent["role"])
    return leave_household(node, person, doer)


def _relation(node: Node, person: str, sent: Sent, doer: Doer) -> Answer:
    if sent["action"] == "end":
        return unrelate_people(node, person, sent["person"], doer)
    return relate_people(
        node, person, sent["person"], doer, kind=sent["kind"], until=sent["until"], means=sent["means"]
    )


def _consent(node: Node, person: str, sent: Sent, doer: Doer) -> Answer:
    if sent["action"] == "withdraw":
        return withdraw_consent(node, person, sent["kind"], doer, item=sent["item"])
    errand = {name: sent[name] for name in ("item", "agent", "agent_id_number", "scope")}
    return give_consent(node, person, sent["kind"], doer, means=sent["means"], until=sent["until"], errand=errand)


PERSON_ACTS = (
    RecordAct(
        "correct",
        D_("Correct"),
        _correct,
        shapes.FactsAndReasonSchema(),
        refusals=(AlreadyRegistered,),
        text=D_("Only what is to be changed; what is written empty takes back what was filled in."),
    ),
    RecordAct(
        "verify",
        D_("Verify"),
        _verify,
        shapes.FactsAndReasonSchema(),
        refusals=(AlreadyRegistered,),
        text=D_(
            "What was compared with the paper, or called and answered; where several verified it, the last time counts."
        ),
    ),
    RecordAct(
        "household",
        D_("Found, join or leave a household"),
        _household,
        shapes.HouseholdSchema(),
        text=D_("With head a member becomes the head, and role is what the head until now is to him: one act."),
    ),
    RecordAct(
        "relations",
        D_("Register or end a family relation"),
        _relation,
        shapes.RelationSchema(),
        text=D_("At most five are in force at a time."),
    ),
    RecordAct("consents", D_("Give or withdraw a consent"), _consent, shapes.ConsentSchema()),
    RecordAct(
        "note", D_("Note"), lambda node, person, sent, doer: note_on_person(node, person, doer), RequiredReasonSchema()
    ),
    RecordAct("move", D_("Moved away"), lambda node, person, sent, doer: move_away(node, person, doer)),
    RecordAct(
        "death",
        D_("Died"),
        lambda node, person, sent, doer: note_death(node, person, doer, on=sent["died_on"]),
        shapes.DeathSchema(),
        text=D_("What the person agreed to, whom he entrusted and who may ask for him ends with it."),
    ),
    RecordAct(
        "merge",
        D_("Merge into another"),
        lambda node, person, sent, doer: merge_people(node, person, sent["into"], doer),
        shapes.MergingSchema(),
        text=D_("For who was registered twice; into is the one that is kept."),
    ),
    RecordAct(
        "void", D_("Void"), lambda node, person, sent, doer: void_person(node, person, doer), RequiredReasonSchema()
    ),
    RecordAct(
        "reinstate",
        D_("Reinstate"),
        lambda node, person, sent, doer: reinstate_person(node, person, doer),
        RequiredReasonSchema(),
        refusals=(AlreadyRegistered,),
    ),
)


def add_acts(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes of all acts."""
    _ROUTES.add(blueprint, PERSON_ACTS, node_of_app)
