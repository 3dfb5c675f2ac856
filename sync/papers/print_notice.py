"""文书: the notices of a case, each true without a network.

    受理通知书 · 补正告知书 · 容缺受理通知书和承诺书 · 特别程序告知书
    不予受理通知书 · 不予许可（批准）决定书 · 送达回证

A notice is made out to whoever applied, by the full name and a masked number, and names in full who took the result:
on paper a masked name is nobody's. It says what its event said, on the day it was said; it may be printed again at any
time, at every level.

Must not know: how a case is kept, what printers can do.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sync.casework.describe_steps import label_of
from sync.casework.name_redress import NOT_APPROVED
from sync.casework.read_decision import DENIED
from sync.casework.receiver import RECEIVER_NUMBER, RECEIVER_RELATION
from sync.messages import N_, _
from sync.papers.printed import Cell, Clerk, Line, Print
from sync.records.applicant_paper import KIND, NUMBER
from sync.records.clock import minute_text
from sync.records.effects import COUNTS, REPEAT
from sync.records.items import Item, Limit
from sync.records.receipt_number import grouped_number, short_number
from sync.records.working_days import Unit
from sync.typed import Value

_COUNTED = (COUNTS, REPEAT)  # of two that gave the same notice unseen by each other, both did

Case = Mapping[str, Any]
Event = Mapping[str, Any]


class About(Value):
    """What a notice is written from.

    case   as `read_case` told it when the event was made;  event, the one it tells of;  item, in the case's version,
           None where not known
    applicant, receiver  the full names then, of who applied and of who took the result; "" for nobody
    """

    case: Case
    event: Event
    item: Item | None
    applicant: str
    receiver: str

    @property
    def said(self) -> str:
        """What the event said last."""
        return str(self.event["said"][-1]) if self.event["said"] else ""

    def field(self, name: str) -> str:
        """What a step has set; "" for nothing."""
        return str(next((one["value"] for one in self.case["fields"] if one["name"] == name), ""))


class Notice(Value):
    """A kind of notice: the event it tells of, what it is called, its text, and the lines to be signed.

    before    events after which it may be printed already, for what follows is done with it in hand
    decision  how the case has to stand decided; "" where no decision is told
    """

    name: str
    event: str
    title: str
    text: Callable[[About], Iterator[Line]]
    signatures: tuple[str, ...] = (N_("Applicant (or agent), received:"), N_("Office in charge (seal):"))
    before: tuple[str, ...] = ()
    decision: str = ""

    def event_in(self, case: Case) -> Event | None:
        """The newest event it tells of that counted; None where there is none, or where it is not what was decided."""
        if self.decision and case["decision"] != self.decision:
            return None
        found: Event | None = next(
            (
                one
                for types in ((self.event,), self.before)
                for one in reversed(case["log"])
                if one["type"] in types and one["effect"] in _COUNTED
            ),
            None,
        )
        return found


def print_notice(notice: Notice, about: About, *, office: str, clerk: Clerk) -> Print:
    """The notice of a case that has come to it."""
    title = _(notice.title)
    return Print(
        name=notice.name,
        title=title,
        heading=_("“%(title)s”", title=title),
        office=office,
        at=str(about.event["at"]),
        code=about.case["receipt_number"],
        rows=tuple(_rows(about, clerk)),
        lines=(*notice.text(about), Line(_hotline(), "fine")),
        signatures=tuple(_(line) for line in notice.signatures),
    )


def _rows(about: About, clerk: Clerk) -> Iterator[tuple[Cell, ...]]:
    case = about.case
    yield (number_cell(case["receipt_number"]),)
    if case.get("case_number"):
        yield (Cell(_("Case number"), case["case_number"]),)
    yield (Cell(_("Item"), case.get("item_name", "")),)
    yield Cell(_("Applicant"), about.applicant), paper_cell(case)
    yield (Cell(_("Date"), minute_text(str(about.event["at"])), look="tight"),)
    yield (Cell(_("Handled by"), clerk.called),)


def number_cell(receipt_number: str) -> Cell:
    """The receipt number, large as it is read aloud, and whole below it."""
    return Cell(_("Receipt number"), short_number(receipt_number), grouped_number(receipt_number), "number")


def paper_cell(case: Case) -> Cell:
    """The kind of the applicant's paper and its number, masked."""
    told = [str(one["value"]) for name in (KIND, NUMBER) for one in case["fields"] if one["name"] == name]
    return Cell(_("Number of the paper"), " ".join(told), look="tight")


def _hotline() -> str:
    return _(
        "Questions and complaints: hotline 12345. Limits and materials are examples: the local list is what counts."
    )


def _accepted(about: About) -> Iterator[Line]:
    clocks = about.case["clocks"]
    promise = clocks.get("promise")
    told = [_("Your application is complete and as laid down; this office has decided to accept it.")]
    if promise:
        told.append(_promised(promise["limit"], (clocks["now"] or promise)["due"] or ""))
    told.append(
        _(
            "The time of special procedures, such as posting, hearings and appraisals, and of supplements is not "
            "counted."
        )
    )
    yield Line("".join(told))


def _promised(limit: str, due: str) -> str:
    if limit == _ON_THE_SPOT.label:
        if due:
            return _("We promise to settle it on the spot, expected by %(due)s.", due=due)
        return _("We promise to settle it on the spot.")
    if due:
        return _("We promise to settle it within %(limit)s of acceptance, expected by %(due)s.", limit=limit, due=due)
    return _("We promise to settle it within %(limit)s of acceptance.", limit=limit)


_ON_THE_SPOT = Limit(0, Unit.WORKING_DAYS)


def _to_supplement(about: About) -> Iterator[Line]:
    yield Line(
        _("Your application has to be supplemented as follows; this is everything, told at one time:"),
        items=tuple(map(str, about.event["said"])),
    )
    due = about.field("supplement_due")
    by = (
        _("Please supplement it by %(day)s;", day=due)
        if due
        else _("Please supplement it within 10 days of receiving this notice;")
    )
    yield Line(
        by
        + _(
            "what is not supplemented by then may be returned, and you may apply again. The time of supplementing is "
            "not counted in the limit."
        )
    )


def _tolerated(about: About) -> Iterator[Line]:
    yield Line(
        _(
            "The main materials of your application are complete and the following may follow later; this office "
            "accepts it now:"
        )
    )
    yield Line(about.said, "strong")
    yield Line(
        _(
            "Handed in on time, the case goes on; if not, its clock stops; handed in within the 15 working days after "
            "that, it runs on; if not even then, the case is returned."
        )
    )


def _promise(about: About) -> Iterator[Line]:
    yield Line(_("I apply for the matter above and cannot hand in the following materials for now:"))
    yield Line(about.said, "strong")
    yield Line(
        _(
            "I promise to hand them in on time, and that what I hand in is true and lawful; if I do not, I accept that "
            "the case is stopped and returned."
        )
    )


def _special(about: About) -> Iterator[Line]:
    yield Line(_("Before your application can be decided, the following procedure is needed:"))
    yield Line(about.said, "strong")
    yield Line(_("The time it needs is not counted in the limit; when it is over, the limit runs on."))


def _refused(about: About) -> Iterator[Line]:
    yield Line(_("Your application was examined and is not accepted. The reason:"))
    yield Line(str(about.event["note"]), "strong")
    yield Line(about.field("remedy"))


def _denied(about: About) -> Iterator[Line]:
    yield Line(
        _(
            "Your application was examined (%(level)s) and it was decided not to approve it. The reason:",
            level=about.event["level_name"],
        )
    )
    yield Line(str(about.event["note"]), "strong")
    basis = about.item.guide.basis if about.item else ""
    yield Line(_("Basis:") + basis, blank=not basis)
    yield Line(about.field("remedy") or _(NOT_APPROVED))  # what was denied by a node of before said nothing
    yield Line(_("Organ of administrative review:"), blank=True)
    yield Line(_("Court:"), blank=True)


def _delivered(about: About) -> Iterator[Line]:
    method = about.field("delivery_method")
    if not method:
        yield Line(_("The matter above is settled; the result is delivered by way of:"), blank=True)
        return
    yield Line(_("The matter above is settled; the result is delivered by way of %(method)s.", method=method))
    if about.receiver:
        yield Line(_("Received by: %(name)s", name=about.receiver))
    for field in (RECEIVER_RELATION, RECEIVER_NUMBER):  # of whoever took it for the applicant
        if value := about.field(field):
            yield Line(_("%(name)s: %(sentence)s", name=label_of(field), sentence=value))


NOTICES = (
    Notice("acceptance", "accepted", N_("Notice of acceptance"), _accepted),
    Notice("notice", "supplement_asked", N_("Notice of what is to be supplemented"), _to_supplement),
    Notice("tolerance", "tolerated", N_("Notice of acceptance with tolerance"), _tolerated),
    Notice(
        "promise",
        "tolerated",
        N_("Promise to supplement what was tolerated"),
        _promise,
        (N_("Promised by (signature, fingerprint):"), N_("Date:")),
    ),
    Notice("special", "special_started", N_("Notice of a special procedure"), _special),
    Notice("refusal", "rejected", N_("Notice that it is not accepted"), _refused),
    Notice(
        "denial",
        "denied",
        N_("Decision not to approve"),
        _denied,
        (N_("Applicant (or agent), received:"), N_("Deciding office (seal), date:")),
        decision=DENIED,
    ),
    Notice(
        "delivery",
        "delivered",
        N_("Proof of delivery"),
        _delivered,
        (N_("Received by, signature:"), N_("Delivered by, signature:")),
        before=("completed", "finished"),
    ),
)
