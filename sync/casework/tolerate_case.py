"""容缺受理: the application is accepted without papers that may follow, against a signed promise and a day.

The day is never later than the one promised for the whole case; without one it is that day. Where the calendar is
missing by which that is counted, it is one that lies within the promise by any. Where nothing is promised (即办, or an
item without a limit) it is within `LONGEST_DAYS`.

Must not know: who may ask, how the promise was signed.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sync.casework.act_on_case import Fill, act_on_case, nothing
from sync.casework.missing_papers import papers_lacking
from sync.casework.read_clocks import limits_of
from sync.errors import Invalid, NotFound
from sync.messages import _
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.node.node import Node
from sync.records.case_dates import LONGEST_DAYS
from sync.records.clock import beijing
from sync.records.items import Limit
from sync.records.log import Record
from sync.records.working_days import due_day
from sync.store.transaction import Transaction


def tolerate_case(
    node: Node,
    case_id: str,
    materials: Collection[str],
    due: date | None,
    doer: Doer,
    *,
    also: Fill = nothing,
) -> Answer:
    """Accept a received case without some of its papers; see `act_on_case`.

    materials  the names of those that are to follow; none for all that lack and may
    due        the day they are promised for
    also       what is set beside it, as the photo of the 承诺书
    raises     Invalid naming the field; Forbidden where a paper lacks that may not follow, or none lacks
    """
    today = beijing(node.clock())
    node.catalogue.items()  # within the transaction it is taken as last read

    def fill(tx: Transaction, case: Record) -> Mapping[str, Any]:
        item = node.catalogue.item_of(case.fields)
        lacking = tuple(one.name for one in papers_lacking(case, item)) if item else tuple(materials)
        follow = tuple(dict.fromkeys(materials)) or lacking
        unknown = [name for name in follow if name not in lacking]
        if not follow:
            sentence = _("This case has no material that may follow")
            raise Invalid(_("Something is not filled in rightly"), fields=[("materials", sentence)])
        if unknown:
            sentence = _("Not materials of this case that may follow: %(materials)s", materials=_(", ").join(unknown))
            raise Invalid(_("Something is not filled in rightly"), fields=[("materials", sentence)])
        left = [name for name in lacking if name not in follow]
        if left:  # what is missing and was not promised would be told to nobody
            names = _(", ").join(left)
            sentence = _("All that is missing has to be promised, left out: %(materials)s", materials=names)
            raise Invalid(_("Something is not filled in rightly"), fields=[("materials", sentence)])
        promised = {"tolerance_materials": list(follow), "tolerance_due": _due(node, case, due, today).isoformat()}
        return {**promised, **also(tx, case)}

    return act_on_case(node, case_id, lambda case: "tolerated", doer, fill=fill)


def _due(node: Node, case: Record, due: date | None, now: datetime) -> date:
    """The day agreed on, which is not past and not beyond the promise; the promise's own where none was said."""
    promise, today = limits_of(node, case.fields).promise, now.date()
    if due is not None and due < today:
        raise _wrong_day(_("The day by which they follow may not be before today"))
    if promise is None or not promise.amount:
        return _unpromised(due, today)
    try:
        latest = due_day(node.catalogue.calendar(), now, promise.amount, promise.unit)
    except NotFound as unknown:
        return _surely_within(promise, due, today, unknown.reason)
    if due is not None and due > latest:
        raise _wrong_day(_("The day by which they follow may not be after the promised day %(day)s", day=latest))
    return due or latest


def _unpromised(due: date | None, today: date) -> date:
    if due is None:
        raise _wrong_day(_("Fill in the day by which the materials follow"))
    longest = today + timedelta(days=LONGEST_DAYS)
    if due > longest:
        raise _wrong_day(_("The day may not be after %(day)s", day=longest))
    return due


def _surely_within(promise: Limit, due: date | None, today: date, unknown: str) -> date:
    """A day that lies within the promise by any calendar: so many working days are at least as many days.

    unknown  why the promised day cannot be counted
    """
    sure = today + timedelta(days=promise.amount)
    if due is None or due > sure:
        raise _wrong_day(
            _(
                "%(unknown)s, nor which day the promised %(length)s end; fill in a day up to %(day)s, which lies "
                "within them in any case",
                unknown=unknown,
                length=promise.unit.length(promise.amount),
                day=sure,
            )
        )
    return due


def _wrong_day(sentence: str) -> Invalid:
    return Invalid(_("Something is not filled in rightly"), fields=[("due", sentence)])
