"""The handbook's table for cases (办件): every state, every act, who may do it, what the clock does.

One clause per version: what a published fold version says is never changed, a new one stands beside it.

Must not know: how events are ordered, or where cases are kept.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sync.messages import N_
from sync.records.states import CONTEXT_FIELDS, Act, Clock, State, StateTable, Who, moves_to

_STATES = (
    State("draft", N_("draft"), Clock.NONE),
    State("void", N_("void"), Clock.NONE),
    State("received", N_("Application received"), Clock.ANSWER),
    State("supplement_before", N_("to be supplemented, before acceptance"), Clock.STOPPED),
    State("rejected", N_("not accepted"), Clock.NONE),
    State("accepted", N_("accepted"), Clock.RUNNING),
    State("tolerance", N_("accepted with tolerance"), Clock.RUNNING),
    State("in_review", N_("in review"), Clock.RUNNING),
    State("special", N_("in a special procedure"), Clock.PAUSED),
    State("supplement", N_("to be supplemented, after acceptance"), Clock.PAUSED),
    State("approved", N_("approved"), Clock.STOPPED),
    State("denied", N_("denied"), Clock.STOPPED),
    State("completed", N_("completed"), Clock.STOPPED),
    State("delivered", N_("delivered"), Clock.STOPPED),
    State("reviewed", N_("reviewed by the applicant"), Clock.STOPPED),
    State("archived", N_("archived"), Clock.NONE),
    State("withdrawn", N_("withdrawn"), Clock.NONE),
    State("returned", N_("returned"), Clock.NONE),
    State("terminated", N_("terminated"), Clock.NONE),
)
# Nothing is decided in these any more; a case leaves them for another of them, or not at all.
CLOSED = frozenset(
    ("void", "rejected", "completed", "delivered", "reviewed", "archived", "withdrawn", "returned", "terminated")
)
BEFORE_DECISION = ("received", "supplement_before", "accepted", "tolerance", "in_review", "special", "supplement")


def _moves(**moves: str) -> Mapping[str, str]:
    return MappingProxyType(moves)


_NOWHERE: Mapping[str, str] = MappingProxyType({})
# "" is where a record is before its first event; a draft is local, so as a rule a record begins received.
_ACTS = (
    Act(
        "received",
        N_("Receive"),
        Who.ANYONE,
        MappingProxyType({"": "received", "draft": "received"}),
        requires=("received_at",),
    ),
    Act("voided", N_("Void"), Who.ANYONE, _moves(draft="void")),
    Act("accepted", N_("Accept"), Who.ACCEPTOR, moves_to("accepted", ("received", "tolerance"))),
    Act("tolerated", N_("Accept with tolerance"), Who.ACCEPTOR, _moves(received="tolerance"), only_tolerable=True),
    Act(
        "supplement_asked",
        N_("Ask to supplement"),
        Who.ANYONE,
        _moves(received="supplement_before", in_review="supplement"),
        who_in=MappingProxyType({"in_review": Who.DECIDER}),
    ),
    Act(
        "supplemented",
        N_("Supplement"),
        Who.ANYONE,
        _moves(supplement_before="received", supplement="in_review", tolerance="tolerance"),
    ),
    Act("rejected", N_("Refuse to accept"), Who.REFUSER, _moves(received="rejected"), decides=True),
    Act("review_started", N_("Start the review"), Who.ACCEPTOR, _moves(accepted="in_review")),
    Act("special_started", N_("Begin the special procedure"), Who.ABOVE, _moves(in_review="special")),
    Act("special_ended", N_("End the special procedure"), Who.ABOVE, _moves(special="in_review")),
    Act("approved", N_("Approve"), Who.DECIDER, _moves(in_review="approved"), decides=True),
    Act("denied", N_("Deny"), Who.DECIDER, _moves(in_review="denied"), decides=True),
    Act("completed", N_("Complete"), Who.COMPLETER, moves_to("completed", ("approved", "denied"))),
    Act("delivered", N_("Deliver"), Who.ANYONE, _moves(completed="delivered")),
    Act("reviewed", N_("Review by the applicant"), Who.ANYONE, _moves(delivered="reviewed")),
    Act("archived", N_("Archive"), Who.DECIDER, moves_to("archived", ("delivered", "reviewed"))),
    Act("withdrawn", N_("Withdraw"), Who.ANYONE, moves_to("withdrawn", BEFORE_DECISION), late=2, request=True),
    Act(
        "returned",
        N_("Return"),
        Who.ACCEPTOR,
        moves_to("returned", ("supplement_before", "tolerance", "supplement")),
        who_in=MappingProxyType({"supplement": Who.ABOVE}),
        late=1,
    ),
    Act(
        "terminated",
        N_("Terminate"),
        Who.ABOVE,
        moves_to("terminated", (*BEFORE_DECISION, "approved", "denied")),
        who_in=MappingProxyType({"approved": Who.DECIDER, "denied": Who.DECIDER}),
        late=1,
    ),
    Act(
        "tolerance_expired",
        N_("The time of tolerance is over"),
        Who.ANYONE,
        _moves(tolerance="tolerance"),
        clock=Clock.PAUSED,
    ),
    Act("materials_added", N_("Add materials"), Who.ANYONE, _NOWHERE),
    Act("corrected", N_("Correct"), Who.ANYONE, _NOWHERE),
    Act("verified", N_("Verify"), Who.ANYONE, _NOWHERE, verifies=True),
    Act("reassigned", N_("Pass on"), Who.ANYONE, _NOWHERE, requires=("assignee",)),
    Act("noted", N_("Note"), Who.ANYONE, _NOWHERE),
    Act("request_closed", N_("The request was dealt with"), Who.ABOVE, _NOWHERE, answers=True),
    Act("settled", N_("Decide the dispute"), Who.ABOVE, _NOWHERE, decides=True, settles=True),
)

CASE_1 = StateTable(
    record_type="case",
    states=MappingProxyType({state.code: state for state in _STATES}),
    acts=MappingProxyType({act.type: act for act in _ACTS}),
    first="received",
    fixed=frozenset(("item", "item_version", "receipt_number", "received_at", *CONTEXT_FIELDS)),
    earliest=frozenset(("received_at",)),
    money=frozenset(("received_at",)),
    parked=frozenset(("assignee",)),
)
