"""How a case stands, told to the citizen whose it is: in plain words, with what he has to do and by when.

No name beyond its mask, no number of a person, nothing that staff wrote for each other.

Must not know: who asks, how he proved that he may, how it is shown.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.describe_case import state_name
from sync.casework.missing_papers import gaps_left, last_notice, promised_and_lacking
from sync.casework.name_stations import station_name
from sync.casework.read_clocks import clocks_of, current_clock
from sync.casework.read_decision import DENIED, decision_of
from sync.casework.tell_delivery import told_of_delivery
from sync.casework.trace_custody import trace_case
from sync.messages import N_, _
from sync.node.node import Node
from sync.records.case_clock import Clocks
from sync.records.fold import course
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.masks import mask_text, masked
from sync.records.notices import gaps_of

# {state: what it means for whoever waits}
_TOLD: Mapping[str, str] = {
    "received": N_("Your application was received and waits to be accepted. You get an answer within 5 working days."),
    "supplement_before": N_("Materials are still missing. Please hand in what is named below; then it goes on."),
    "rejected": N_(
        "This application was not accepted. The reason is in the notice; if you do not agree you may apply for "
        "administrative review or go to court."
    ),
    "accepted": N_("It is accepted and waits to be examined."),
    "tolerance": N_("It is accepted already. Please hand in the materials below in time."),
    "in_review": N_("It is being examined, please wait for the result."),
    "special": N_(
        "It is being posted, inspected or heard; this time is not counted in the limit, and then the examination "
        "goes on."
    ),
    "supplement": N_(
        "While it was examined materials were found missing. Please hand in what is named below; then it goes on."
    ),
    "approved": N_("It was approved and the result is being made."),
    "denied": N_(
        "It was not approved. The reason is in the decision; if you do not agree you may apply for "
        "administrative review or go to court."
    ),
    "completed": N_("It is done, please fetch the result at the station that received it."),
    "withdrawn": N_("This application was withdrawn and goes no further. You may apply again."),
    "returned": N_(
        "This application was returned and goes no further. Once the materials are ready you may apply again."
    ),
    "terminated": N_(
        "This application was ended and goes no further. Ask at the station that received it for the reason."
    ),
}
# The same once it was not approved.
_TOLD_DENIED: Mapping[str, str] = {
    "completed": N_(
        "It is done: it was not approved. Please fetch the decision at the station that received it; the reason is in "
        "it, and if you do not agree you may apply for administrative review or go to court."
    ),
}
_DELIVERED = ("delivered", "reviewed", "archived")
# The same where nobody answered in time: what the law says then.
_OVERDUE = N_("The answer is overdue; your application counts as accepted from the day it was received.")
_OVERDUE_ANEW = N_("The answer is overdue; your application counts as accepted from the day what was missing came.")
# The same once the day for the papers has passed.
_TOO_LATE = N_(
    "The day by which the materials below were to come has passed. Please hand them in at once; otherwise the "
    "application may be returned."
)
_PAUSED = N_(
    "It was accepted, but the day by which the materials below were to come has passed and its time stands still. It "
    "goes on once they are handed in; if they do not come, the application is returned."
)
_TO_RETURN = N_(
    "The time for the materials below is over and the application is to be returned. Please ask at the station that "
    "received it."
)
_ASK = N_("Please ask at the station that received it how it stands.")
_WAITS_FOR_PAPERS = ("supplement_before", "supplement")


def tell_citizen(node: Node, case: Record) -> dict[str, Any]:
    """A case for the one it belongs to.

    returns  {"item_name", "applicant", "receipt_number", "case_number", "received_at", "station_name", "state",
             "state_name", "told", "missing": [sentence], "missing_due", "clock": {sentence, due, …} or None,
             "steps": [{"name", "at"}], "custody": as `trace_custody`}
    """
    fields = case.fields
    texts = {name: str(fields.get(name, "")) for name in ("item_name", "receipt_number", "case_number", "received_at")}
    was_asked, missing = _asked_for(case)
    clocks = clocks_of(node, case, node.catalogue.calendar())
    sid = sid_of(case.id)
    return {
        **texts,
        "applicant": masked("applicant_name", str(fields.get("applicant_name", ""))),
        "station_name": station_name(node, sid),
        "state": case.status,
        "state_name": state_name(case.status),
        "told": _told(case, clocks, is_all_in=was_asked and not missing),
        "missing": missing,
        "missing_due": _last_day(case, clocks) if missing else "",
        "clock": current_clock(clocks, case.status),
        "steps": _steps(case),
        "custody": trace_case(node, case),
    }


def _told(case: Record, clocks: Clocks | None, *, is_all_in: bool) -> str:
    """What it means for him: by the state, and by what has come and what has not."""
    if is_all_in:
        return _("The materials were handed in and wait to be examined.")
    if case.status == "received" and clocks is not None and clocks.deemed_accepted:
        since = "" if clocks.counts_from is None else clocks.counts_from.isoformat()
        return _(_OVERDUE_ANEW if since > str(case.fields.get("received_at", ""))[:10] else _OVERDUE)
    if clocks is not None and (late := _late(clocks)):
        return late
    is_denied = decision_of(case) == DENIED
    if case.status in _DELIVERED:
        return told_of_delivery(case.fields, is_denied=is_denied)
    words = {**_TOLD, **_TOLD_DENIED} if is_denied else _TOLD
    return _(words.get(case.status, _ASK))


def _asked_for(case: Record) -> tuple[bool, list[str]]:
    """Whether papers were named that he was to bring, and what of them he still has to, each in a sentence."""
    if case.status in _WAITS_FOR_PAPERS:
        notice = last_notice(case)
        named, left = gaps_of(notice) if notice else (), gaps_left(case)
        note = notice.note if notice and (left or not named) else ""
        return bool(named), [mask_text(one) for one in (*(_gap(gap.material, gap.what) for gap in left), note) if one]
    if case.status == "tolerance":
        return bool(case.fields.get("tolerance_materials")), [mask_text(one) for one in promised_and_lacking(case)]
    return False, []


def _late(clocks: Clocks) -> str:
    """What it means that the day for what is missing has passed; "" while it has not."""
    supplement, tolerance = clocks.dates.supplement, clocks.dates.tolerance
    if supplement is not None and supplement.expired:
        return _(_TOO_LATE)
    if tolerance is not None and tolerance.expired:
        return _(_TO_RETURN if tolerance.must_return else _PAUSED)
    return ""


def _last_day(case: Record, clocks: Clocks | None) -> str:
    """The last day on which it does some good, which a notice that sets none has by the calendar; "" for none."""
    if clocks is None:
        return str(case.fields.get("tolerance_due" if case.status == "tolerance" else "supplement_due", ""))
    supplement, tolerance = clocks.dates.supplement, clocks.dates.tolerance
    day = supplement.due if supplement else None
    if tolerance is not None:
        day = tolerance.return_due if tolerance.expired else tolerance.due
    return "" if day is None or day < clocks.today else day.isoformat()


def _gap(material: str, what: str) -> str:
    return _("%(name)s: %(sentence)s", name=material, sentence=what) if material and what else material or what


def _steps(case: Record) -> list[dict[str, str]]:
    """The states it went through, each with the time it began; nothing where this version cannot read the log."""
    steps: list[dict[str, str]] = []
    before = ""
    for stage in course(case.fold, case.type, case.events) if case.understood else ():
        if stage.status != before:
            steps.append({"name": state_name(stage.status), "at": stage.event.at})
        before = stage.status
    return steps
