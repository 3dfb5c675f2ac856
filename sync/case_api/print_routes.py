"""What may be printed of a case over HTTP, alike at every level: as its fields, and as a page for A4.

    GET  /cases/<id>/prints · /cases/<id>/prints/<name> · /cases/<id>/prints/<name>/page

Must not know: what a sheet says.
"""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker, told_if_new, told_page_if_new
from sync.case_api.draw_print import CONTENT_POLICY, drawn_alone
from sync.case_api.record_acts import STAFF
from sync.errors import StoreUnreachable
from sync.messages import D_
from sync.node.node import Node
from sync.papers.printed import Print
from sync.papers.prints import Office, list_prints, read_print
from sync.web.accounts import phone_here
from sync.web.describing import Media, Shapes, described
from sync.web.sessions import sessions_of_app, signed_in

_OF_PRINTS = Shapes("sync.case_api.print_answer_schemas")

_TAG = D_("What is printed of a case")


def add_prints(
    blueprint: Blueprint, node_of_app: Callable[[], Node], query_page_of: Callable[[], Callable[[str], str]]
) -> None:
    """Give a blueprint these routes.

    query_page_of  within an application: where a telephone asks how the case of a receipt number stands
    """

    def sheet(case_id: str, name: str) -> Print:
        office = Office(phone_here(sessions_of_app().accounts), query_page_of())
        return read_print(node_of_app(), case_id, name, office, by=asker().actor)

    @blueprint.get("/cases/<case_id>/prints")
    @described(
        D_("What may be printed of a case"),
        tag=_TAG,
        answer=_OF_PRINTS.PrintsAnswer,
        etag=True,
        refusals=(StoreUnreachable,),
        text=D_("Its slip, and the notices it has come to; that it was looked at is noted."),
    )
    @signed_in(*STAFF)
    def prints(case_id: str) -> ResponseReturnValue:
        """What may be printed."""
        return told_if_new({"prints": list_prints(node_of_app(), case_id, by=asker().actor)})

    @blueprint.get("/cases/<case_id>/prints/<name>")
    @described(
        D_("One sheet as its fields"),
        tag=_TAG,
        answer=_OF_PRINTS.PrintAnswer,
        etag=True,
        refusals=(StoreUnreachable,),
        text=D_(
            "People are masked on the slip; a notice names the applicant in full, and that it was looked at is noted. "
            "The slip holds the query code of the applicant: it is for the applicant and nobody else."
        ),
    )
    @signed_in(*STAFF)
    def one_print(case_id: str, name: str) -> ResponseReturnValue:
        """One sheet."""
        return told_if_new(sheet(case_id, name).json)

    @blueprint.get("/cases/<case_id>/prints/<name>/page")
    @described(
        D_("One sheet as a page for A4"),
        tag=_TAG,
        answer=Media(("text/html",)),
        etag=True,
        refusals=(StoreUnreachable,),
        text=D_("Two copies, each a page; it loads nothing and needs no network."),
    )
    @signed_in(*STAFF)
    def print_page(case_id: str, name: str) -> ResponseReturnValue:
        """One sheet to be printed."""
        return told_page_if_new(drawn_alone(sheet(case_id, name)), policy=CONTENT_POLICY)
