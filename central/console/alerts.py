"""预警通知 at the console: what was published, a form for another one, and taking one back.

    GET POST  /alerts                    the list with its form
    POST      /alerts/<code>/withdrawal  take one back

Must not know: how alerts travel.
"""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from central.fan_in.stations import name_stations
from central.messages import _
from central.services.publish_alert import publish_alert, withdraw_alert
from sync.case_api.asking import asker
from sync.case_pages.forms import named_request, new_key
from sync.casework.list_alerts import list_alerts
from sync.errors import BadRequest, Conflict, Forbidden, Invalid
from sync.messages import N_
from sync.node.acts.answer_once import KeyReused
from sync.node.node import Node
from sync.records.alerts import LONGEST_TEXT, LONGEST_TITLE, SEVERITIES
from sync.web.roles import Role

_ROWS = 20
_LONGEST_CURSOR = 100
_MOST_CHOICES = 500  # in a select; a single village of more is chosen on its own page
_LABELS = {
    "severity": N_("Severity"),
    "title": N_("Title"),
    "text": N_("Contents"),
    "audience": N_("Meant for"),
    "until": N_("In force until"),
}


def alerts_page() -> ResponseReturnValue:
    """The list, and what is published with its form."""
    if request.method == "GET":
        try:
            return _drawn({"severity": "notice", "audience": request.args.get("audience", "")}, {})
        except BadRequest:
            return redirect(url_for("console.alerts"))
    if asker().role != Role.SUPERVISOR:
        raise Forbidden(_("Alerts are published by the supervisor"))
    typed = {name: request.form.get(name, "").strip() for name in _LABELS}
    try:
        publish_alert(centre_of_app().node, typed, by=asker().actor, request=named_request(typed))
    except KeyReused:
        sentence = _("This form has published an alert before. To publish another, check it and hand it in once more.")
        return _drawn(typed, {}, sentence=sentence), 409
    except Invalid as refusal:
        return _drawn(typed, dict(refusal.fields)), 422
    except Conflict as refusal:
        return _drawn(typed, {}, sentence=refusal.reason), 409
    flash(_("Published; stations receive it first of all when they call next"), "good")
    return redirect(url_for("console.alerts"), 303)


def withdraw(code: str) -> ResponseReturnValue:
    """Take one back."""
    try:
        withdraw_alert(centre_of_app().node, code, by=asker().actor)
        flash(_("Withdrawn; stations show it no more once they have called"), "good")
    except Conflict as refusal:
        flash(refusal.reason, "warning")
    return redirect(url_for("console.alerts"), 303)


def _drawn(typed: Mapping[str, str], errors: Mapping[str, str], *, sentence: str = "") -> str:
    centre = centre_of_app()
    for_whom = _audiences(centre.node, typed.get("audience", ""))
    return render_template(
        "console/alerts.html",
        page=list_alerts(centre.node, cursor=request.args.get("cursor", "")[:_LONGEST_CURSOR], limit=_ROWS),
        may_publish=asker().role == Role.SUPERVISOR,
        typed=typed,
        errors=errors,
        labels={name: _(label) for name, label in _LABELS.items()},
        sentence=sentence,
        severities=tuple((code, _(name)) for code, name in SEVERITIES.items()),
        choices=[("", _("All stations")), *for_whom],
        longest=(LONGEST_TITLE, LONGEST_TEXT),
        key=new_key(),
    )


def _audiences(node: Node, chosen: str) -> list[tuple[str, str]]:
    """(sid, who is meant); where there are too many for a select, townships and the one that is chosen."""
    named = name_stations(node)
    if len(named) > _MOST_CHOICES:
        named = [one for one in named if one[2] == "township" or one[0] == chosen]
    return [(sid, _whole(name) if level == "township" else name) for sid, name, level in named]


def _whole(township: str) -> str:
    return _("%(township)s and the village stations below it", township=township)
