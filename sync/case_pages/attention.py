"""需要留意: alarms and what was set aside, what happened, since when, what to do; and who looked into it and why.

    GET  /attention                     what waits for somebody, and what was settled
    POST /attention/alarms/<n>          it has been looked into
    POST /attention/set-aside/<n>       it has been dealt with
    POST /attention/set-aside/<n>/offering    it is offered again

Must not know: how any of it is kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.attention_routes import LOOKERS, SETTLERS
from sync.case_api.record_acts import DECIDERS
from sync.case_pages.forms import lawful_text, typed_text
from sync.casework.list_alarms import list_alarms
from sync.casework.list_aside import list_aside
from sync.casework.offer_again import REFUSED, offer_again
from sync.casework.settle_alarm import alarm_settled_as, settle_alarm
from sync.casework.settle_aside import aside_settled_as, settle_aside
from sync.errors import BadRequest, Conflict, Invalid
from sync.messages import N_, _, pgettext
from sync.node.node import Node
from sync.values.amounts import size_text
from sync.web.accounts import Accounts
from sync.web.owner import OPERATOR
from sync.web.sessions import signed_in

ATTENTION = "case_pages.attention"
_LAST_SETTLED = 20
_LONGEST_CURSOR = 100
_COMMAND = N_("administrator (command line)")
Settled = Callable[[Node, int], tuple[str, str]]


def add_attention_pages(blueprint: Blueprint, node: Node, accounts: Accounts) -> None:
    """Give the pages about cases these."""

    def drawn(errors: Mapping[str, str] | None = None) -> str:
        places = {name: request.args.get(name, "")[:_LONGEST_CURSOR] for name in ("alarms", "items")}
        return render_template(
            "cases/attention.html",
            alarms=list_alarms(node, cursor=places["alarms"]),
            aside=list_aside(node, cursor=places["items"]),
            settled_alarms=list_alarms(node, settled=True, limit=_LAST_SETTLED)["alarms"],
            settled_aside=list_aside(node, settled=True, limit=_LAST_SETTLED)["items"],
            people=_people(accounts),
            may_settle=asker().role in SETTLERS,
            may_read=asker().role in DECIDERS,
            size_text=size_text,
            errors=errors or {},
            labels=dict.fromkeys(errors or {}, _("How it was dealt with")),
            typed=request.form,
        )

    def page() -> ResponseReturnValue:
        try:
            return drawn()
        except BadRequest:  # a place that leads nowhere
            return redirect(url_for(ATTENTION))

    def settled(kind: str, number: int, settle: Callable[..., Any], settled_as: Settled) -> ResponseReturnValue:
        name = f"why-{kind}-{number}"
        typed = typed_text(name)
        try:
            settle(node, number, by=asker().actor, why=lawful_text(typed))
        except Invalid as refusal:
            return drawn({name: pgettext("between sentences", "; ").join(said for _name, said in refusal.fields)}), 422
        who, why = settled_as(node, number)
        if (who, why) == (asker().actor, typed):
            flash(_("It is noted and off the list"), "good")
        else:
            told = {"who": _people(accounts).get(who, who) or _("done by the system"), "why": why, "typed": typed}
            said = _("%(who)s settled this before: “%(why)s”. What you wrote was not added: “%(typed)s”.", **told)
            flash(said, "warning")
        return redirect(url_for(ATTENTION), 303)

    def alarm(number: int) -> ResponseReturnValue:
        return settled("alarm", number, settle_alarm, alarm_settled_as)

    def item(number: int) -> ResponseReturnValue:
        return settled("item", number, settle_aside, aside_settled_as)

    def offered(number: int) -> ResponseReturnValue:
        try:
            told = offer_again(node, number, by=asker().actor)
            flash(told["sentence"], "warning" if told["outcome"] == REFUSED else "good")
        except Conflict as refusal:
            flash(refusal.reason, "warning")
        return redirect(url_for(ATTENTION), 303)

    look, deal = signed_in(*LOOKERS), signed_in(*SETTLERS)
    blueprint.add_url_rule("/attention", "attention", look(page))
    blueprint.add_url_rule("/attention/alarms/<int:number>", "settle_alarm", deal(alarm), methods=["POST"])
    blueprint.add_url_rule("/attention/set-aside/<int:number>", "settle_aside", deal(item), methods=["POST"])
    blueprint.add_url_rule("/attention/set-aside/<int:number>/offering", "offer_again", deal(offered), methods=["POST"])


def _people(accounts: Accounts) -> dict[str, str]:
    return {**{account.actor: account.display_name for account in accounts.all()}, OPERATOR: _(_COMMAND)}
