"""What is not to be done with a case yet, for papers are missing, a public notice hangs or edits wait for an answer,
and what is to be done instead.

Whether the state allows an act is the table's affair, and events of nodes that know no such rule stay valid: these
are for whoever acts here. Pages and clients are told the same before as whoever tries is refused with.

Must not know: who may ask, routes.
"""

from collections.abc import Callable

from sync.casework.await_posting import why_posted
from sync.casework.describe_case import act_name
from sync.casework.missing_papers import papers_lacking, promised_and_lacking
from sync.casework.read_clocks import clocks_of
from sync.errors import Forbidden
from sync.messages import _
from sync.node.node import Node
from sync.node.own_clock import read_clock
from sync.records.case_table_2 import CASE_2
from sync.records.items import Material
from sync.records.log import Record
from sync.records.states import context_of


def why_withheld(node: Node, case: Record, event_type: str) -> str:
    """Why an act that state, item and level allow is not for this case as it stands, and what may be done instead; ""
    where it is."""
    rule = _RULES.get(event_type)
    return _while_edits_wait(case, event_type) or (rule(node, case) if rule else "")


def require_papers(node: Node, case: Record, event_type: str) -> None:
    """Refuse what is withheld; raises Forbidden, saying why and what may be done."""
    why = why_withheld(node, case, event_type)
    if why:
        raise Forbidden(why)


def _while_edits_wait(case: Record, event_type: str) -> str:
    """A case is not taken further over the head of what somebody did who did not know that it had been passed on.

    He may have told the citizen what to bring. What the citizen does himself, and what nobody decides, goes on.
    """
    act = CASE_2.acts.get(event_type)
    if not case.parked_edits or act is None or not act.moves or event_type in _GOES_ON:
        return ""
    names = dict.fromkeys(act_name(str(edit["type"])) for edit in case.parked_edits)
    return _(
        "Somebody who did not know that the case had been passed on has done something that waits: %(acts)s. Take it "
        "or leave it first (whoever has the case now, or a head at that level)",
        acts=_(", ").join(names),
    )


def _accepting(node: Node, case: Record) -> str:
    """受理 is for what is complete, or has become so as it was promised (容缺 → 补齐 → 受理).

    Once the five working days of the answer have run out the application counts as accepted from its receipt
    (行政许可法 art. 32): then it may be written down, whatever is missing. What is asked for by an item that this
    node does not know, nobody can say.
    """
    if case.status == "tolerance":
        return _keeping_a_promise(node, case)
    item = node.catalogue.item_of(case.fields)
    if item is None or case.status != "received":
        return ""
    missing = papers_lacking(case, item)
    if not missing or _counts_as_accepted(node, case):
        return ""
    if all(one.may_follow for one in missing) and context_of(case.fields).tolerable:
        return _(
            "It cannot be accepted as complete, still lacking: %(materials)s. Either accept it with tolerance, "
            "against a signed promise and a day; or tell the applicant at one time what is missing (ask to "
            "supplement)",
            materials=_names(missing),
        )
    return _(
        "It cannot be accepted, still lacking: %(materials)s. Tell the applicant at one time what is missing "
        "(ask to supplement)",
        materials=_names(missing),
    )


def _tolerating(node: Node, case: Record) -> str:
    """容缺受理 is for papers that may follow, and for these alone."""
    item = node.catalogue.item_of(case.fields)
    if item is None or case.status != "received":
        return ""
    missing = papers_lacking(case, item)
    needed = [one for one in missing if one.required]
    if needed:
        return _(
            "Necessary materials are missing and it cannot be accepted with tolerance: %(materials)s",
            materials=_names(needed),
        )
    return "" if missing else _("This case has no material that may follow")


def _keeping_a_promise(node: Node, case: Record) -> str:
    """What was accepted against a promise goes on, and is decided for the applicant, when the promise is kept.

    It may be denied, returned and withdrawn at any time: none of these needs what is missing.
    """
    missing = promised_and_lacking(case)
    if not missing:
        return ""
    return _(
        "Materials that were promised when it was accepted with tolerance have not come: %(materials)s. Have them "
        "handed in first; if they do not come in time, the clock stops and the case is returned",
        materials=_(", ").join(missing),
    )


def _not_answered_in_time(node: Node, case: Record) -> str:
    """An application that counts as accepted is neither refused nor sent back for papers before its acceptance.

    By a clock that nothing vouches for nobody has missed a day.

    source  行政许可法 art. 32
    """
    if case.status != "received" or not _counts_as_accepted(node, case):
        return ""
    if node.read(lambda reader: read_clock(reader, node.clock())).must_ask:
        return ""
    return _(
        "There was no answer within five working days, so it counts as accepted from its receipt. Accept it first; "
        "what is missing is asked for and what cannot be granted is denied in the review"
    )


_GOES_ON = frozenset((*CASE_2.unparked, "supplemented", "tolerance_expired", "delivered", "reviewed"))
_RULES: dict[str, Callable[[Node, Record], str]] = {
    "accepted": _accepting,
    "tolerated": _tolerating,
    "rejected": _not_answered_in_time,
    "supplement_asked": _not_answered_in_time,
    "approved": _keeping_a_promise,
    "finished": _keeping_a_promise,
    "special_ended": why_posted,
}


def _names(papers: list[Material]) -> str:
    return _(", ").join(one.name for one in papers)


def _counts_as_accepted(node: Node, case: Record) -> bool:
    clocks = clocks_of(node, case, node.catalogue.calendar())
    return clocks is not None and clocks.deemed_accepted
