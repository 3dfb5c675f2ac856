"""预警通知 over HTTP: published, listed and withdrawn.

    GET  /alerts                     all there ever were, page by page
    POST /alerts                     publish one
    POST /alerts/<code>/withdrawal   take one back

Must not know: how alerts travel.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from central.api.schemas import AlertSchema
from central.centre import centre_of_app
from central.services.publish_alert import publish_alert, withdraw_alert
from sync.case_api.alert_schemas import AlertsSchema, NothingSchema
from sync.case_api.asking import answered, asker, request_named, told, told_if_new
from sync.casework.list_alerts import list_alerts
from sync.errors import Conflict
from sync.messages import D_
from sync.web.bodies import load, read_object
from sync.web.describing import Key, Shapes, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

_OF_ALERTS = Shapes("sync.case_api.alert_answer_schemas")

_LARGEST_BODY_BYTES = 16 << 10
_TAG = D_("Alerts")

alerts = Blueprint("alerts", __name__)


@alerts.get("/alerts")
@described(
    D_("List of alerts"),
    tag=_TAG,
    query=AlertsSchema,
    answer=_OF_ALERTS.AlertListAnswer,
    etag=True,
    text=D_("All that were published, the newest first."),
)
@signed_in(Role.SUPERVISOR, Role.ADMIN)
def listed() -> ResponseReturnValue:
    """A page of them."""
    return told_if_new(list_alerts(centre_of_app().node, **load(AlertsSchema(), request.args.to_dict())))


@alerts.post("/alerts")
@described(
    D_("Publish an alert for stations"),
    tag=_TAG,
    body=AlertSchema,
    answer=_OF_ALERTS.AlertAnswer,
    status=201,
    key=Key.MUST,
    refusals=(Conflict,),
    text=D_(
        "Signed by the centre and sent before cases and catalogue; it comes to every station and is shown at "
        "audience and the stations below it."
    ),
)
@signed_in(Role.SUPERVISOR)
def published() -> ResponseReturnValue:
    """Publish one."""
    body = read_object(max_bytes=_LARGEST_BODY_BYTES)
    named = request_named(body, required=True)
    wanted = load(AlertSchema(), body)
    return answered(publish_alert(centre_of_app().node, wanted, by=asker().actor, request=named))


@alerts.post("/alerts/<code>/withdrawal")
@described(D_("Take back an alert"), tag=_TAG, body=NothingSchema, answer=_OF_ALERTS.AlertAnswer, refusals=(Conflict,))
@signed_in(Role.SUPERVISOR)
def withdrawn(code: str) -> ResponseReturnValue:
    """Take one back."""
    load(NothingSchema(), read_object(max_bytes=_LARGEST_BODY_BYTES))
    return told(withdraw_alert(centre_of_app().node, code, by=asker().actor))
