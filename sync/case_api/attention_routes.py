"""需要留意 over HTTP, alike at every level: alarms and what was set aside, listed, read, settled, offered again.

    GET  /alarms · /alarms/<n> · /set-aside · /set-aside/<n> · /set-aside/<n>/document
    POST /alarms/<n>/settling · /set-aside/<n>/settling · /set-aside/<n>/offering

Lists tell nothing of what is in a document, so that whoever looks after the machine may read them; the bytes are for
those who decide on cases.

Must not know: how any of it is found.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from sync.case_api.asking import asker, told, told_if_new
from sync.case_api.attention_schemas import AttentionSchema
from sync.case_api.record_acts import DECIDERS, STAFF
from sync.case_api.schemas import ReasonSchema, RequiredReasonSchema
from sync.casework.list_alarms import list_alarms, show_alarm
from sync.casework.list_aside import list_aside, show_aside
from sync.casework.offer_again import offer_again, read_bytes
from sync.casework.settle_alarm import settle_alarm
from sync.casework.settle_aside import settle_aside
from sync.errors import Conflict, StoreUnreachable
from sync.messages import D_
from sync.node.node import Node
from sync.web.bodies import load, read_object
from sync.web.describing import Media, Shapes, described
from sync.web.roles import Role
from sync.web.sessions import signed_in

_OF_ATTENTION = Shapes("sync.case_api.attention_answer_schemas")

_LARGEST_BYTES = 8192
_BYTES = "application/octet-stream"  # whatever it is: nobody's program is to open it by itself
TAG = D_("Needs attention")
# Who may look, and who may say that it has been dealt with.
LOOKERS = (*STAFF, Role.ADMIN)
SETTLERS = (*DECIDERS, Role.ADMIN)


def add_attention(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes."""
    look, settle = signed_in(*LOOKERS), signed_in(*SETTLERS)

    @described(
        D_("List of alarms"),
        tag=TAG,
        query=AttentionSchema,
        answer=_OF_ATTENTION.AlarmListAnswer,
        etag=True,
        text=D_("The newest first, a page at a time."),
    )
    def alarms() -> ResponseReturnValue:
        return told_if_new(list_alarms(node_of_app(), **_asked()))

    @described(D_("See an alarm"), tag=TAG, answer=_OF_ATTENTION.AlarmAnswer, etag=True)
    def alarm_shown(alarm: int) -> ResponseReturnValue:
        return told_if_new(show_alarm(node_of_app(), alarm))

    @described(
        D_("Say that an alarm was dealt with"),
        tag=TAG,
        body=RequiredReasonSchema,
        answer=_OF_ATTENTION.SettledAnswer,
        text=D_("Say how it was dealt with; it is noted."),
    )
    def alarm_settled(alarm: int) -> ResponseReturnValue:
        return told(settle_alarm(node_of_app(), alarm, by=asker().actor, why=_reason(RequiredReasonSchema())))

    @described(
        D_("List of files that could not be taken"),
        tag=TAG,
        query=AttentionSchema,
        answer=_OF_ATTENTION.AsideListAnswer,
        etag=True,
        text=D_("The oldest first, a page at a time; nothing of what is in them is told."),
    )
    def aside_listed() -> ResponseReturnValue:
        return told_if_new(list_aside(node_of_app(), **_asked()))

    @described(D_("See a file that could not be taken"), tag=TAG, answer=_OF_ATTENTION.AsideAnswer, etag=True)
    def aside_shown(aside: int) -> ResponseReturnValue:
        return told_if_new(show_aside(node_of_app(), aside))

    @described(
        D_("Original text of a file that could not be taken"),
        tag=TAG,
        answer=Media((_BYTES,)),
        text=D_("It may hold what is known of citizens; each reading is noted."),
    )
    def document(aside: int) -> ResponseReturnValue:
        response = Response(read_bytes(node_of_app(), aside, by=asker().actor), mimetype=_BYTES)
        response.headers["Content-Disposition"] = f'attachment; filename="set-aside-{aside}.json"'
        response.headers["Cache-Control"] = "no-store"
        return response

    @described(
        D_("Say that a file that could not be taken was dealt with"),
        tag=TAG,
        body=RequiredReasonSchema,
        answer=_OF_ATTENTION.SettledAnswer,
        text=D_("Say how it was dealt with; it is noted. The original text is kept."),
    )
    def aside_settled(aside: int) -> ResponseReturnValue:
        return told(settle_aside(node_of_app(), aside, by=asker().actor, why=_reason(RequiredReasonSchema())))

    @described(
        D_("Try to take it again"),
        tag=TAG,
        body=ReasonSchema,
        answer=_OF_ATTENTION.OfferedAnswer,
        refusals=(Conflict, StoreUnreachable),
        text=D_("What the node above did not take is sent with the next call."),
    )
    def aside_offered(aside: int) -> ResponseReturnValue:
        return told(offer_again(node_of_app(), aside, by=asker().actor, why=_reason(ReasonSchema())))

    post: dict[str, Any] = {"methods": ["POST"]}
    blueprint.add_url_rule("/alarms", "alarms", look(alarms))
    blueprint.add_url_rule("/alarms/<int:alarm>", "alarm", look(alarm_shown))
    blueprint.add_url_rule("/alarms/<int:alarm>/settling", "alarm_settled", settle(alarm_settled), **post)
    blueprint.add_url_rule("/set-aside", "aside", look(aside_listed))
    blueprint.add_url_rule("/set-aside/<int:aside>", "aside_shown", look(aside_shown))
    blueprint.add_url_rule("/set-aside/<int:aside>/document", "aside_document", signed_in(*DECIDERS)(document))
    blueprint.add_url_rule("/set-aside/<int:aside>/settling", "aside_settled", settle(aside_settled), **post)
    blueprint.add_url_rule("/set-aside/<int:aside>/offering", "aside_offered", settle(aside_offered), **post)


def _asked() -> dict[str, Any]:
    query: dict[str, Any] = load(AttentionSchema(), request.args.to_dict())
    return query


def _reason(schema: Schema) -> str:
    sent: dict[str, Any] = load(schema, read_object(max_bytes=_LARGEST_BYTES))
    return str(sent["reason"])
