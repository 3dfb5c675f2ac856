"""预警通知 at the console: what was published, a form for another one, and taking one back.

    GET POST  /alerts                    the list with its form
    POST      /alerts/<code>/withdrawal  take one back

Must not know: how alerts travel.
"""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from central.fan_in.stations import list_stations
from central.services.publish_alert import publish_alert, withdraw_alert
from sync.case_api.asking import asker
from sync.case_pages.forms import named_request, new_key
from sync.casework.list_alerts import list_alerts
from sync.errors import BadRequest, Conflict, Forbidden, Invalid
from sync.node.answer_once import KeyReused
from sync.records.alerts import LONGEST_TEXT, LONGEST_TITLE, SEVERITIES
from sync.web.accounts import Role

_ROWS = 20
_LONGEST_CURSOR = 100
_LABELS = {"severity": "级别", "title": "标题", "text": "内容", "audience": "给谁", "until": "有效到"}


def alerts_page() -> ResponseReturnValue:
    """The list, and what is published with its form."""
    if request.method == "GET":
        try:
            return _drawn({"severity": "notice"}, {})
        except BadRequest:
            return redirect(url_for("console.alerts"))
    if asker().role != Role.SUPERVISOR:
        raise Forbidden("预警通知由同步主管发布")
    typed = {name: request.form.get(name, "").strip() for name in _LABELS}
    try:
        publish_alert(centre_of_app().node, typed, by=asker().actor, request=named_request(typed))
    except KeyReused:
        return _drawn({}, {}, sentence="这张表已经发布过一条。如果要再发一条，请核对后再提交一次。"), 409
    except Invalid as refusal:
        return _drawn(typed, dict(refusal.fields)), 422
    flash("已发布，各站下次联系时最先收到", "good")
    return redirect(url_for("console.alerts"), 303)


def withdraw(code: str) -> ResponseReturnValue:
    """Take one back."""
    try:
        withdraw_alert(centre_of_app().node, code, by=asker().actor)
        flash("已撤回，各站下次联系以后不再显示", "good")
    except Conflict as refusal:
        flash(refusal.reason, "warning")
    return redirect(url_for("console.alerts"), 303)


def _drawn(typed: Mapping[str, str], errors: Mapping[str, str], *, sentence: str = "") -> str:
    centre = centre_of_app()
    rows = list_stations(centre.node, silent_days=centre.settings.silent_days)
    for_whom = [
        (row["sid"], f"{row['name']}和它以下的村站" if row["level"] == "township" else row["name"]) for row in rows
    ]
    return render_template(
        "console/alerts.html",
        page=list_alerts(centre.node, cursor=request.args.get("cursor", "")[:_LONGEST_CURSOR], limit=_ROWS),
        may_publish=asker().role == Role.SUPERVISOR,
        typed=typed,
        errors=errors,
        labels=_LABELS,
        sentence=sentence,
        severities=tuple(SEVERITIES.items()),
        choices=[("", "全部站点"), *for_whom],
        longest=(LONGEST_TITLE, LONGEST_TEXT),
        key=new_key(),
    )
