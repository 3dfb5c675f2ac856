"""The handbook's table for cases (办件): every state, every act, who may do it, what the clock does.

One clause per version: what a published fold version says is never changed, a new one stands beside it.

Must not know: how events are ordered, or where cases are kept.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sync.records.states import CONTEXT_FIELDS, Act, Clock, State, StateTable, Who, moves_to

_STATES = (
    State("draft", "暂存", Clock.NONE),
    State("void", "作废", Clock.NONE),
    State("received", "已收件", Clock.ANSWER),
    State("supplement_before", "待补正（受理前）", Clock.STOPPED),
    State("rejected", "不予受理", Clock.NONE),
    State("accepted", "已受理", Clock.RUNNING),
    State("tolerance", "容缺受理", Clock.RUNNING),
    State("in_review", "审查中", Clock.RUNNING),
    State("special", "特别程序", Clock.PAUSED),
    State("supplement", "补正（受理后）", Clock.PAUSED),
    State("approved", "准予", Clock.STOPPED),
    State("denied", "不予", Clock.STOPPED),
    State("completed", "办结", Clock.STOPPED),
    State("delivered", "已送达", Clock.STOPPED),
    State("reviewed", "已评价", Clock.STOPPED),
    State("archived", "已归档", Clock.NONE),
    State("withdrawn", "撤回", Clock.NONE),
    State("returned", "退件", Clock.NONE),
    State("terminated", "异常终止", Clock.NONE),
)
# Nothing is decided in these any more; a case leaves them for another of them, or not at all.
CLOSED = frozenset(
    ("void", "rejected", "completed", "delivered", "reviewed", "archived", "withdrawn", "returned", "terminated")
)
_BEFORE_DECISION = ("received", "supplement_before", "accepted", "tolerance", "in_review", "special", "supplement")


def _moves(**moves: str) -> Mapping[str, str]:
    return MappingProxyType(moves)


_NOWHERE: Mapping[str, str] = MappingProxyType({})
# "" is where a record is before its first event; a draft is local, so as a rule a record begins received.
_ACTS = (
    Act(
        "received",
        "收件",
        Who.ANYONE,
        MappingProxyType({"": "received", "draft": "received"}),
        requires=("received_at",),
    ),
    Act("voided", "作废", Who.ANYONE, _moves(draft="void")),
    Act("accepted", "受理", Who.ACCEPTOR, moves_to("accepted", ("received", "tolerance"))),
    Act("tolerated", "容缺受理", Who.ACCEPTOR, _moves(received="tolerance"), only_tolerable=True),
    Act(
        "supplement_asked",
        "补正告知",
        Who.ANYONE,
        _moves(received="supplement_before", in_review="supplement"),
        who_in=MappingProxyType({"in_review": Who.DECIDER}),
    ),
    Act(
        "supplemented",
        "补正提交",
        Who.ANYONE,
        _moves(supplement_before="received", supplement="in_review", tolerance="tolerance"),
    ),
    Act("rejected", "不予受理", Who.REFUSER, _moves(received="rejected"), decides=True),
    Act("review_started", "进入审查", Who.ACCEPTOR, _moves(accepted="in_review")),
    Act("special_started", "特别程序开始", Who.ABOVE, _moves(in_review="special")),
    Act("special_ended", "特别程序结束", Who.ABOVE, _moves(special="in_review")),
    Act("approved", "准予", Who.DECIDER, _moves(in_review="approved"), decides=True),
    Act("denied", "不予", Who.DECIDER, _moves(in_review="denied"), decides=True),
    Act("completed", "办结", Who.COMPLETER, moves_to("completed", ("approved", "denied"))),
    Act("delivered", "送达", Who.ANYONE, _moves(completed="delivered")),
    Act("reviewed", "评价", Who.ANYONE, _moves(delivered="reviewed")),
    Act("archived", "归档", Who.DECIDER, moves_to("archived", ("delivered", "reviewed"))),
    Act("withdrawn", "撤回", Who.ANYONE, moves_to("withdrawn", _BEFORE_DECISION), late=2, request=True),
    Act(
        "returned",
        "退件",
        Who.ACCEPTOR,
        moves_to("returned", ("supplement_before", "tolerance", "supplement")),
        who_in=MappingProxyType({"supplement": Who.ABOVE}),
        late=1,
    ),
    Act(
        "terminated",
        "异常终止",
        Who.ABOVE,
        moves_to("terminated", (*_BEFORE_DECISION, "approved", "denied")),
        who_in=MappingProxyType({"approved": Who.DECIDER, "denied": Who.DECIDER}),
        late=1,
    ),
    Act("tolerance_expired", "容缺期满", Who.ANYONE, _moves(tolerance="tolerance"), clock=Clock.PAUSED),
    Act("materials_added", "补充材料", Who.ANYONE, _NOWHERE),
    Act("corrected", "信息更正", Who.ANYONE, _NOWHERE),
    Act("verified", "核验", Who.ANYONE, _NOWHERE, verifies=True),
    Act("reassigned", "转办", Who.ANYONE, _NOWHERE, requires=("assignee",)),
    Act("noted", "备注", Who.ANYONE, _NOWHERE),
    Act("request_closed", "请求已处理", Who.ABOVE, _NOWHERE, answers=True),
    Act("settled", "争议裁定", Who.ABOVE, _NOWHERE, decides=True, settles=True),
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
