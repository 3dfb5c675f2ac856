"""文书: what may be printed of a case, on a page with a button that prints it.

    GET  /cases/<id>/prints/<name>
    GET  /cases/<id>/prints/receipt?bundle=all   the slips of all cases of a 一件事, one after the other

Must not know: what a sheet says.
"""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.draw_print import drawing
from sync.case_api.record_acts import STAFF
from sync.node.node import Node
from sync.papers.print_slip import SLIP
from sync.papers.prints import Office, read_print, read_slips
from sync.web.accounts import Accounts, phone_here
from sync.web.sessions import signed_in


def add_prints(blueprint: Blueprint, node: Node, accounts: Accounts, query_page_of: Callable[[str], str]) -> None:
    """Give the pages about cases this one.

    query_page_of  where a telephone asks how the case of a receipt number stands; "" for nowhere
    """
    office = Office(phone_here(accounts), query_page_of)

    def printed(case_id: str, name: str) -> ResponseReturnValue:
        by = asker().actor
        if name == SLIP and request.args.get("bundle"):
            sheets = read_slips(node, case_id, office, by=by)
        else:
            sheets = [read_print(node, case_id, name, office, by=by)]
        return render_template("cases/print.html", case_id=case_id, printed=[drawing(one) for one in sheets])

    blueprint.add_url_rule("/cases/<case_id>/prints/<name>", "print", signed_in(*STAFF)(printed))
