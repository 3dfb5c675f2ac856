"""未能收下的文件: the list of what was set aside, and the button that settles one.

    GET  /set-aside           the list, page by page
    POST /set-aside/<item>    it has been dealt with

Must not know: how it is kept.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import DECIDERS, STAFF
from sync.casework.list_aside import list_aside
from sync.casework.see_road import size_text
from sync.casework.settle_aside import settle_aside
from sync.node.node import Node
from sync.web.accounts import Role
from sync.web.sessions import signed_in

SETTLERS = (*DECIDERS, Role.ADMIN)


def add_aside(blueprint: Blueprint, node: Node) -> None:
    """Give the pages about cases these two."""

    def listed() -> ResponseReturnValue:
        after = request.args.get("after", "0")
        page = list_aside(node, after=int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0)
        may_settle = asker().role in SETTLERS
        return render_template("cases/aside.html", page=page, may_settle=may_settle, size_text=size_text)

    def settled(item: int) -> ResponseReturnValue:
        settle_aside(node, item, by=asker().actor)
        flash("已从清单中去掉，原文件仍保留", "good")
        return redirect(url_for("case_pages.aside"), 303)

    blueprint.add_url_rule("/set-aside", "aside", signed_in(*STAFF, Role.ADMIN)(listed))
    blueprint.add_url_rule("/set-aside/<int:item>", "settle", signed_in(*SETTLERS)(settled), methods=["POST"])
