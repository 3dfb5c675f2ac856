"""The buttons of a case page: what may be done next, by the state table and nobody's guess.

Must not know: routes, forms, templates.
"""

from collections.abc import Callable, Iterable, Mapping

from sync.casework.accept_case import accept_case
from sync.casework.complete_case import complete_case
from sync.casework.decide_case import decide_case
from sync.casework.deliver_case import archive_case
from sync.casework.finish_case import finish_case
from sync.casework.refuse_case import refuse_case
from sync.casework.return_case import return_case
from sync.casework.run_special import end_special
from sync.casework.start_review import start_review
from sync.casework.withdraw_case import withdraw_case
from sync.errors import BadRequest
from sync.messages import N_, _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.typed import Value

Deed = Callable[[Node, str, Doer], Answer]


class Button(Value):
    """Something one may do to a case.

    name     what the form sends;  events, {event it writes: what the button says then}
    decides  only for those who may decide;  needs_reason, the service refuses without one
    look     primary, danger or "";  question, asked again before it is done, "" for none
    """

    name: str
    events: Mapping[str, str]
    deed: Deed
    look: str = ""
    decides: bool = False
    needs_reason: bool = False
    question: str = ""


def _approve(node: Node, case_id: str, doer: Doer) -> Answer:
    return decide_case(node, case_id, "approve", doer)


def _deny(node: Node, case_id: str, doer: Doer) -> Answer:
    return decide_case(node, case_id, "deny", doer)


BUTTONS = (
    Button("accept", {"accepted": N_("Accept")}, accept_case, look="primary"),
    Button("review", {"review_started": N_("Start the review")}, start_review, look="primary"),
    Button(
        "approve",
        {"approved": N_("Approve")},
        _approve,
        look="primary",
        decides=True,
        question=N_("An approval cannot be undone. Approve?"),
    ),
    Button(
        "deny",
        {"denied": N_("Deny")},
        _deny,
        look="danger",
        decides=True,
        needs_reason=True,
        question=N_("A denial cannot be undone. Deny?"),
    ),
    Button("complete", {"completed": N_("Complete")}, complete_case, look="primary"),
    Button(
        "finish",
        {"finished": N_("Complete on the spot")},
        finish_case,
        look="primary",
        question=N_("This cannot be undone. Is it really done?"),
    ),
    Button("special_end", {"special_ended": N_("End the special procedure")}, end_special, look="primary"),
    Button("archive", {"archived": N_("Archive")}, archive_case),
    Button("return", {"returned": N_("Return")}, return_case, needs_reason=True),
    Button(
        "refuse",
        {"rejected": N_("Refuse to accept")},
        refuse_case,
        look="danger",
        decides=True,
        needs_reason=True,
        question=N_("A refusal cannot be undone. Refuse?"),
    ),
    Button(
        "withdraw",
        {"withdrawn": N_("Withdraw")},
        withdraw_case,
        needs_reason=True,
        question=N_("A withdrawn case goes no further. Withdraw it?"),
    ),
)


class Offer(Value):
    """A button as a page shows it."""

    button: Button
    label: str


def offers(open_acts: Iterable[Mapping[str, str]], *, may_decide: bool) -> list[Offer]:
    """The buttons of a case.

    open_acts  the `acts` of `read_case`: what state, item and level allow
    """
    types = {act["type"] for act in open_acts}
    return [
        Offer(button, _(label))
        for button in BUTTONS
        if may_decide or not button.decides
        for event, label in button.events.items()
        if event in types
    ]


def withheld(open_acts: Iterable[Mapping[str, str]], *, may_decide: bool) -> list[str]:
    """What the buttons would say that this account has not got, and another one of this level has."""
    if may_decide:
        return []
    return [offer.label for offer in offers(open_acts, may_decide=True) if offer.button.decides]


def not_yet(withheld_acts: Iterable[Mapping[str, str]], *, may_decide: bool) -> list[tuple[str, str]]:
    """(what a button would say, why it is not there yet) for what the papers of a case forbid.

    withheld_acts  those of `read_case`
    """
    whys = {act["type"]: act["why"] for act in withheld_acts}
    return [
        (_(label), whys[event])
        for button in BUTTONS
        if may_decide or not button.decides
        for event, label in button.events.items()
        if event in whys
    ]


def button_named(name: str) -> Button:
    """The button a form sends; raises BadRequest when there is none by that name."""
    for button in BUTTONS:
        if button.name == name:
            return button
    raise BadRequest(_("No operation was chosen; go back and choose again"))
