"""What may be printed of a case, at any level: its slip, and the notices it has come to.

Must not know: who may read it, routes, how a sheet is drawn.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.casework.find_case import find_case
from sync.casework.name_offices import office_of
from sync.casework.name_people import people_on_road, who_did
from sync.casework.read_case import look_at_case, read_case, tell_case
from sync.casework.receiver import APPLICANT, NAME
from sync.casework.reveal_identity import reveal_identity
from sync.errors import NotFound
from sync.messages import _
from sync.node.node import Node
from sync.papers.print_notice import NOTICES, About, print_notice
from sync.papers.print_slip import SLIP, TITLE, Known, print_slip
from sync.papers.printed import Clerk, Print
from sync.papers.shared_sheets import with_kin
from sync.records.ids import sid_of
from sync.records.log import Record
from sync.records.past import as_left_by
from sync.records.query_code import grouped, query_code
from sync.typed import Value


class Office(Value):
    """What of the application that prints stands on its sheets.

    phone_of       the telephone of who signs in here, by account; "" where it is not known
    query_page_of  where a telephone asks how the case of a receipt number stands; "" for nowhere
    """

    phone_of: Callable[[str], str]
    query_page_of: Callable[[str], str] = lambda receipt_number: ""


def prints_of(case: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a case, as `read_case` tells it, has come to: [{"name", "title", "at"}], the slip first."""
    slip = [{"name": SLIP, "title": _(TITLE), "at": str(case["received_at"])}] if case.get("received_at") else []
    found = [(one, one.event_in(case)) for one in NOTICES]
    return [*slip, *({"name": one.name, "title": _(one.title), "at": event["at"]} for one, event in found if event)]


def list_prints(node: Node, case_id: str, *, by: str) -> list[dict[str, str]]:
    """What may be printed of a case, as `prints_of`; that it was read is audited. Raises NotFound."""
    return prints_of(read_case(node, node.catalogue.items(), case_id, by=by))


def read_print(node: Node, case_id: str, name: str, office: Office, *, by: str) -> Print:
    """One sheet; that the case was read is audited.

    The slip has people masked. A notice names in full the applicant, and who took the result, which is audited before,
    as 明文查看 is; it says what it said on its day, whatever was put right since.

    by      who reads it, as the audit names actors
    raises  NotFound for one the case has not come to
    """
    items, people = node.catalogue.items(), people_on_road(node, sid_of(case_id))
    record = look_at_case(node, case_id, by=by)
    case = tell_case(node, items, record, by=by, people=people)

    def clerk_of(event: Mapping[str, Any]) -> Clerk:
        """Who did what an event of the log tells of; with the telephone, where he signs in here."""
        phone = office.phone_of(event["by"]) if event["level"] == node.identity.level else ""
        return Clerk(who_did(event["by"], people, event["level"]), phone)

    if name == SLIP and case.get("received_at"):
        received = next((one for one in case["log"] if one["type"] == "received"), None)
        known = Known(
            items.get(str(case.get("item", ""))),
            node.catalogue.calendar(),
            clerk_of(received) if received else Clerk(""),
            code_for_applicant(record),
            office.query_page_of(case["receipt_number"]),
        )
        return print_slip(case, known)
    notice = next((one for one in NOTICES if one.name == name), None)
    event = notice.event_in(case) if notice else None
    if notice is None or event is None:
        raise NotFound(_("The case has no such notice"))
    reveal_identity(node, case_id, by=by, reason=_("printing: %(title)s", title=_(notice.title)))
    then = as_left_by(record, event["event"])
    told = tell_case(node, items, then, by=by, people=people)
    if case.get("case_number"):  # what the case is called may have been given later
        told["case_number"] = case["case_number"]
    applicant, receiver = (str(then.fields.get(field, "")) for field in (APPLICANT, NAME))
    about = About(told, event, node.catalogue.item_of(told), applicant, receiver)
    of = office_of(node, case["station"], event["level"])
    return print_notice(notice, about, office=of, clerk=clerk_of(event))


def read_slips(node: Node, case_id: str, office: Office, *, by: str) -> list[Print]:
    """The slips of a case and of the others of its 一件事 that are here, by number; each as `read_print`.

    Each has a query code of its own, so whoever applied for all of them takes home the slip of each.
    """
    case = node.read(lambda reader: find_case(reader, node, case_id))
    bundle = case.fields.get("bundle_number")
    kin = [one for one in with_kin(node, {case_id: case}).values() if one.fields.get("bundle_number") == bundle]
    together = sorted(kin, key=lambda one: str(one.fields.get("receipt_number", ""))) if bundle else [case]
    return [read_print(node, one.id, SLIP, office, by=by) for one in together]


def code_for_applicant(case: Record) -> str:
    """查询码 of a case in groups: with what the citizen may ask for it, on his own copy alone."""
    return grouped(query_code(case.events))
