"""What may be done to a case over HTTP: one route for each act, one page for all of them.

    POST /cases/<id>/acceptance · tolerance · notice · refusal · review · opinion · forwarding · special · special-end
    POST /cases/<id>/decision · finish · completion · delivery · archiving · return · withdrawal
    POST /cases/<id>/authority · step · passing · parked · settlement · correction · request-closing

Must not know: how cases are kept.
"""

from collections.abc import Callable

from flask import Blueprint

from sync.case_api import act_schemas as shapes
from sync.case_api.record_acts import DECIDERS, ActRoutes, RecordAct, is_colleague
from sync.case_api.schemas import DecisionSchema, RequiredReasonSchema
from sync.casework.accept_case import accept_case
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
from sync.messages import D_
from sync.node.node import Node
from sync.store.transaction import Reader
from sync.web.accounts import all_in
from sync.web.describing import Shapes

_OF_CASES = Shapes("sync.case_api.answer_schemas")


def _colleagues(reader: Reader) -> dict[str, str]:
    return {one.actor: one.display_name for one in all_in(reader) if is_colleague(one)}


def _deciders(reader: Reader) -> dict[str, str]:
    return {one.actor: one.display_name for one in all_in(reader) if one.enabled and one.role in DECIDERS}


_ROUTES = ActRoutes(
    "/cases/<case_id>", "act_", tag=D_("Acts on cases"), answer=_OF_CASES.DoneAnswer, largest_bytes=32 << 10
)
_COUNTS_AS_ACCEPTED = D_(
    "Refused where the five working days of the answer have run out: the application counts as accepted from its "
    "receipt, and is accepted first."
)

ACTS = (
    RecordAct(
        "acceptance",
        D_("Accept"),
        lambda node, case, sent, doer: accept_case(node, case, doer),
        text=D_(
            "Refused while a paper is missing and nothing was promised, until the five working days of the answer have "
            "run out; and while what was promised has not come."
        ),
    ),
    RecordAct(
        "tolerance",
        D_("Accept with tolerance"),
        lambda node, case, sent, doer: tolerate_case(node, case, sent["materials"], sent["due"], doer),
        shapes.ToleranceSchema(),
        text=D_("All papers that are missing have to be promised, and only those may be that the item lets follow."),
    ),
    RecordAct(
        "notice",
        D_("Ask to supplement"),
        lambda node, case, sent, doer: ask_for_supplement(node, case, sent["gaps"], sent["due"], doer),
        shapes.NoticeSchema(),
        text=_COUNTS_AS_ACCEPTED,
    ),
    RecordAct(
        "refusal",
        D_("Refuse to accept"),
        lambda node, case, sent, doer: refuse_case(node, case, doer),
        RequiredReasonSchema(),
        DECIDERS,
        text=_COUNTS_AS_ACCEPTED,
    ),
    RecordAct("review", D_("Start the review"), lambda node, case, sent, doer: start_review(node, case, doer)),
    RecordAct(
        "opinion",
        D_("Give an opinion"),
        lambda node, case, sent, doer: give_opinion(node, case, sent["opinion"], doer),
        shapes.OpinionSchema(),
    ),
    RecordAct(
        "forwarding",
        D_("Report upwards"),
        lambda node, case, sent, doer: forward_case(node, case, sent["to"], doer),
        shapes.ForwardingSchema(),
    ),
    RecordAct(
        "special",
        D_("Begin a special procedure"),
        lambda node, case, sent, doer: begin_special(node, case, sent["special"], doer),
        shapes.SpecialSchema(),
    ),
    RecordAct(
        "special-end",
        D_("End the special procedure"),
        lambda node, case, sent, doer: end_special(node, case, doer),
        text=D_(
            "A public notice is not ended before its days have run out: those of the item, or those set for the case "
            "where these are more; nor by a clock that nobody vouches for."
        ),
    ),
    RecordAct(
        "decision",
        D_("Decide"),
        lambda node, case, sent, doer: decide_case(node, case, sent["decision"], doer),
        DecisionSchema(),
        DECIDERS,
        text=D_("Approving is refused while papers that were promised (tolerance) have not come."),
    ),
    RecordAct("finish", D_("Complete on the spot"), lambda node, case, sent, doer: finish_case(node, case, doer)),
    RecordAct("completion", D_("Complete"), lambda node, case, sent, doer: complete_case(node, case, doer)),
    RecordAct(
        "delivery",
        D_("Deliver"),
        lambda node, case, sent, doer: deliver_case(node, case, sent["method"], shapes.receiver_sent(sent), doer),
        shapes.DeliverySchema(),
        text=D_(
            "The applicant is the receiver by his name; of anybody else relation and id_number have to be told, "
            "but by post, or where the agent of the case takes it."
        ),
    ),
    RecordAct("archiving", D_("Archive"), lambda node, case, sent, doer: archive_case(node, case, doer)),
    RecordAct(
        "return", D_("Return"), lambda node, case, sent, doer: return_case(node, case, doer), RequiredReasonSchema()
    ),
    RecordAct(
        "withdrawal",
        D_("Withdraw"),
        lambda node, case, sent, doer: withdraw_case(node, case, doer),
        RequiredReasonSchema(),
    ),
    RecordAct(
        "authority",
        D_("Authority of an agent"),
        lambda node, case, sent, doer: entrust_case(node, case, sent["authority"], doer),
        shapes.AuthoritySchema(),
    ),
    RecordAct(
        "step",
        D_("Step of the errand"),
        lambda node, case, sent, doer: note_step(node, case, sent["step"], doer),
        shapes.StepSchema(),
    ),
    RecordAct(
        "passing",
        D_("Pass on"),
        lambda node, case, sent, doer: pass_on_case(
            node, case, f"acct:{sent['assignee']}", doer, colleagues=_colleagues
        ),
        shapes.PassingSchema(),
        text=D_(
            "account@level of whoever had it last at another level gives it back there; it is that level's turn then."
        ),
    ),
    RecordAct(
        "settlement",
        D_("Settle a dispute"),
        lambda node, case, sent, doer: settle_dispute(node, case, sent["choices"], doer),
        shapes.SettlementSchema(),
    ),
    RecordAct(
        "correction",
        D_("Correct"),
        lambda node, case, sent, doer: correct_case(node, case, sent["fields"], doer),
        shapes.CorrectionSchema(),
    ),
    RecordAct(
        "request-closing",
        D_("Answer a withdrawal that came too late"),
        lambda node, case, sent, doer: close_request(node, case, doer),
        RequiredReasonSchema(),
    ),
    RecordAct(
        "parked",
        D_("Take or leave parked edits"),
        lambda node, case, sent, doer: answer_parked(node, case, doer, take=sent["take"], deciders=_deciders),
        shapes.ParkedSchema(),
        text=D_("Only for whoever has the case now, or a head of station, reviewer or supervisor at that level."),
    ),
)


def add_acts(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes of all acts."""
    _ROUTES.add(blueprint, ACTS, node_of_app)
