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
from sync.case_api.attention_schemas import (
    AlarmAnswer,
    AlarmListAnswer,
    AsideAnswer,
    AsideListAnswer,
    AttentionSchema,
    OfferedAnswer,
    SettledAnswer,
)
from sync.case_api.record_acts import DECIDERS, STAFF
from sync.case_api.schemas import ReasonSchema, RequiredReasonSchema
from sync.casework.list_alarms import list_alarms, show_alarm
from sync.casework.list_aside import list_aside, show_aside
from sync.casework.offer_again import offer_again, read_bytes
from sync.casework.settle_alarm import settle_alarm
from sync.casework.settle_aside import settle_aside
from sync.errors import Conflict, StoreUnreachable
from sync.node.node import Node
from sync.web.accounts import Role
from sync.web.bodies import load, read_object
from sync.web.describing import Media, described
from sync.web.sessions import signed_in

_LARGEST_BYTES = 8192
_BYTES = "application/octet-stream"  # whatever it is: nobody's program is to open it by itself
TAG = "需要留意"
# Who may look, and who may say that it has been dealt with.
LOOKERS = (*STAFF, Role.ADMIN)
SETTLERS = (*DECIDERS, Role.ADMIN)


def add_attention(blueprint: Blueprint, node_of_app: Callable[[], Node]) -> None:
    """Give a blueprint the routes."""
    look, settle = signed_in(*LOOKERS), signed_in(*SETTLERS)

    @described(
        "告警列表", tag=TAG, query=AttentionSchema, answer=AlarmListAnswer, etag=True, text="新的在前，一次一页。"
    )
    def alarms() -> ResponseReturnValue:
        return told_if_new(list_alarms(node_of_app(), **_asked()))

    @described("查看一条告警", tag=TAG, answer=AlarmAnswer, etag=True)
    def alarm_shown(alarm: int) -> ResponseReturnValue:
        return told_if_new(show_alarm(node_of_app(), alarm))

    @described(
        "告警已处理", tag=TAG, body=RequiredReasonSchema, answer=SettledAnswer, text="须写明怎样处理的，记入日志。"
    )
    def alarm_settled(alarm: int) -> ResponseReturnValue:
        return told(settle_alarm(node_of_app(), alarm, by=asker().actor, why=_reason(RequiredReasonSchema())))

    @described(
        "未能收下的文件列表",
        tag=TAG,
        query=AttentionSchema,
        answer=AsideListAnswer,
        etag=True,
        text="早的在前，一次一页；不说里面写了什么。",
    )
    def aside_listed() -> ResponseReturnValue:
        return told_if_new(list_aside(node_of_app(), **_asked()))

    @described("查看一份未能收下的文件", tag=TAG, answer=AsideAnswer, etag=True)
    def aside_shown(aside: int) -> ResponseReturnValue:
        return told_if_new(show_aside(node_of_app(), aside))

    @described("未能收下的文件的原文", tag=TAG, answer=Media((_BYTES,)), text="可能有群众的信息；每次读取都记入日志。")
    def document(aside: int) -> ResponseReturnValue:
        response = Response(read_bytes(node_of_app(), aside, by=asker().actor), mimetype=_BYTES)
        response.headers["Content-Disposition"] = f'attachment; filename="set-aside-{aside}.json"'
        response.headers["Cache-Control"] = "no-store"
        return response

    @described(
        "未能收下的文件已处理",
        tag=TAG,
        body=RequiredReasonSchema,
        answer=SettledAnswer,
        text="须写明怎样处理的，记入日志；原文仍保留。",
    )
    def aside_settled(aside: int) -> ResponseReturnValue:
        return told(settle_aside(node_of_app(), aside, by=asker().actor, why=_reason(RequiredReasonSchema())))

    @described(
        "再收一次",
        tag=TAG,
        body=ReasonSchema,
        answer=OfferedAnswer,
        refusals=(Conflict, StoreUnreachable),
        text="上级没有收下的，下次联系时再送。",
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
