"""What may be done to a case over HTTP: one route for each act, one page for all of them.

    POST /cases/<id>/acceptance · tolerance · notice · refusal · review · opinion · forwarding · special · special-end
    POST /cases/<id>/decision · finish · completion · delivery · archiving · return · withdrawal
    POST /cases/<id>/authority · step · passing · parked · settlement · correction · request-closing

State, item and level say what is lawful; here it is only said who may ask.

Must not know: how cases are kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from sync.case_api import act_schemas as shapes
from sync.case_api.answer_schemas import DoneAnswer
from sync.case_api.asking import answered, asker, request_named, seen_versions
from sync.case_api.schemas import DecisionSchema, ReasonSchema, RequiredReasonSchema
from sync.casework.accept_case import accept_case
from sync.casework.act_on_case import Doer
from sync.casework.ask_for_supplement import ask_for_supplement
from sync.casework.complete_case import complete_case
from sync.casework.correct_case import correct_case
from sync.casework.decide_case import decide_case
from sync.casework.deliver_case import archive_case, deliver_case
from sync.casework.examine_case import forward_case, give_opinion
from sync.casework.finish_case import finish_case
from sync.casework.pass_on_case import answer_parked, pass_on_case
from sync.casework.refuse_case import refuse_case
from sync.casework.return_case import return_case
from sync.casework.run_errand import entrust_case, note_step
from sync.casework.run_special import begin_special, end_special
from sync.casework.settle_dispute import settle_dispute
from sync.casework.start_review import start_review
from sync.casework.tolerate_case import tolerate_case
from sync.casework.withdraw_case import close_request, withdraw_case
from sync.errors import Conflict, StoreUnreachable
from sync.node.answer_once import Answer
from sync.node.name_version import ChangedMeanwhile
from sync.node.node import Node
from sync.web.accounts import Role
from sync.web.bodies import load, read_object
from sync.web.describing import Key, described
from sync.web.sessions import signed_in

# Who works with citizens; an administrator of the PC sees none of their papers.
STAFF = (Role.AGENT, Role.HEAD, Role.REVIEWER, Role.SUPERVISOR)
DECIDERS = (Role.HEAD, Role.REVIEWER, Role.SUPERVISOR)
_LARGEST_BYTES = 32 << 10
TAG = "办件办理"

Sent = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One route: the shape of what is sent, and what is done with it; `title` is what the description calls it."""

    name: str
    title: str
    does: Callable[[Node, str, Sent, Doer], Answer]
    schema: Schema = field(default_factory=ReasonSchema)
    roles: tuple[Role, ...] = STAFF


ACTS = (
    CaseAct("acceptance", "受理", lambda node, case, sent, doer: accept_case(node, case, doer)),
    CaseAct(
        "tolerance",
        "容缺受理",
        lambda node, case, sent, doer: tolerate_case(node, case, sent["materials"], sent["due"], doer),
        shapes.ToleranceSchema(),
    ),
    CaseAct(
        "notice",
        "补正告知",
        lambda node, case, sent, doer: ask_for_supplement(node, case, sent["gaps"], sent["due"], doer),
        shapes.NoticeSchema(),
    ),
    CaseAct(
        "refusal",
        "不予受理",
        lambda node, case, sent, doer: refuse_case(node, case, doer),
        RequiredReasonSchema(),
        DECIDERS,
    ),
    CaseAct("review", "进入审查", lambda node, case, sent, doer: start_review(node, case, doer)),
    CaseAct(
        "opinion",
        "填写审核意见",
        lambda node, case, sent, doer: give_opinion(node, case, sent["opinion"], doer),
        shapes.OpinionSchema(),
    ),
    CaseAct(
        "forwarding",
        "上报",
        lambda node, case, sent, doer: forward_case(node, case, sent["to"], doer),
        shapes.ForwardingSchema(),
    ),
    CaseAct(
        "special",
        "特别程序开始",
        lambda node, case, sent, doer: begin_special(node, case, sent["special"], doer),
        shapes.SpecialSchema(),
    ),
    CaseAct("special-end", "特别程序结束", lambda node, case, sent, doer: end_special(node, case, doer)),
    CaseAct(
        "decision",
        "作出决定",
        lambda node, case, sent, doer: decide_case(node, case, sent["decision"], doer),
        DecisionSchema(),
        DECIDERS,
    ),
    CaseAct("finish", "当场办结", lambda node, case, sent, doer: finish_case(node, case, doer)),
    CaseAct("completion", "办结", lambda node, case, sent, doer: complete_case(node, case, doer)),
    CaseAct(
        "delivery",
        "送达",
        lambda node, case, sent, doer: deliver_case(node, case, sent["method"], sent["receiver"], doer),
        shapes.DeliverySchema(),
    ),
    CaseAct("archiving", "归档", lambda node, case, sent, doer: archive_case(node, case, doer)),
    CaseAct("return", "退件", lambda node, case, sent, doer: return_case(node, case, doer), RequiredReasonSchema()),
    CaseAct(
        "withdrawal", "撤回", lambda node, case, sent, doer: withdraw_case(node, case, doer), RequiredReasonSchema()
    ),
    CaseAct(
        "authority",
        "授权委托",
        lambda node, case, sent, doer: entrust_case(node, case, sent["authority"], doer),
        shapes.AuthoritySchema(),
    ),
    CaseAct(
        "step",
        "代办记录",
        lambda node, case, sent, doer: note_step(node, case, sent["step"], doer),
        shapes.StepSchema(),
    ),
    CaseAct(
        "passing",
        "转办",
        lambda node, case, sent, doer: pass_on_case(node, case, f"acct:{sent['assignee']}", doer),
        shapes.PassingSchema(),
    ),
    CaseAct(
        "settlement",
        "裁定争议",
        lambda node, case, sent, doer: settle_dispute(node, case, sent["choices"], doer),
        shapes.SettlementSchema(),
    ),
    CaseAct(
        "correction",
        "信息更正",
        lambda node, case, sent, doer: correct_case(node, case, sent["fields"], doer),
        shapes.CorrectionSchema(),
    ),
    CaseAct(
        "request-closing",
        "答复迟到的撤回",
        lambda node, case, sent, doer: close_request(node, case, doer),
        RequiredReasonSchema(),
    ),
    CaseAct(
        "parked",
        "认可或放下待定的修改",
        lambda node, case, sent, doer: answer_parked(node, case, doer, take=sent["take"]),
        shapes.ParkedSchema(),
    ),
)


def add_acts(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes of all acts."""
    for act in ACTS:
        tell = described(
            act.title,
            tag=TAG,
            body=act.schema,
            answer=DoneAnswer,
            key=Key.MAY,
            refusals=(Conflict, ChangedMeanwhile, StoreUnreachable),
            if_match=True,
        )
        view = tell(signed_in(*act.roles)(_view(act, node_of_app)))
        blueprint.add_url_rule(f"/cases/<case_id>/{act.name}", f"act_{act.name}", view, methods=["POST"])


def _view(act: CaseAct, node_of_app: Callable[[], Node]) -> Callable[[str], ResponseReturnValue]:
    def view(case_id: str) -> ResponseReturnValue:
        body = read_object(max_bytes=_LARGEST_BYTES)
        named = request_named(body)
        sent = load(act.schema, body)
        doer = Doer(asker().actor, sent["reason"].strip(), named, seen_versions())
        return answered(act.does(node_of_app(), case_id, sent, doer))

    return view
