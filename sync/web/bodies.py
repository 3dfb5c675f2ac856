"""Reading what a client sent: strict JSON objects, and marshmallow's verdict on them in Chinese.

Must not know: which routes there are, or what the fields mean.
"""

import re
from collections.abc import Iterator
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from sync.errors import BadRequest, Invalid, UnsupportedType
from sync.values.json_text import parse_object

# A form of a station is some kilobytes; photos travel by a route of their own.
LARGEST_BODY_BYTES = 1 << 20

# marshmallow's own sentences; an officer at a village desk reads no English.
_SENTENCES = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"Missing data for required field\.", "此项必填"),
        (r"Field may not be null\.", "此项不能为空"),
        (r"Unknown field\.", "没有这一项"),
        (r"Not a valid (?:string|UTF-8 encoded string|utf-8 string)\.", "应为文字"),
        (r"Not a valid integer\.", "应为整数"),
        (r"Not a valid (?:number|decimal)\.", "应为数字"),
        (r"Number too large\.", "数字过大"),
        (r"Special numeric values .*", "应为普通数字"),
        (r"Not a valid boolean\.", "应为是或否"),
        (r"Not a valid (?:list|tuple|sequence)\.", "应为列表"),
        (r"Not a valid (?:mapping type|dict)\.|Invalid input type\.|Invalid type\.", "应为对象"),
        (r"Not a valid email address\.", "邮箱格式不对"),
        (r"Not a valid URL\.", "网址格式不对"),
        (r"Not a valid UUID\.", "标识格式不对"),
        (r"Not a valid IPv?[46]? ?(?:address|interface)\.", "网络地址格式不对"),
        (r"Not a valid (?:naive |aware )?(?:datetime|date|time)\.", "日期或时间格式不对"),
        (r"Not a valid period of time\.|.*cannot be formatted as a .*", "日期或时长格式不对"),
        (r"Must be one of: (?P<choices>.*)\.", r"只能是：\g<choices>"),
        (r"Length must be (?P<equal>\d+)\.", r"长度应为 \g<equal>"),
        (r"Length must be between (?P<min>\d+) and (?P<max>\d+)\.", r"长度应在 \g<min> 到 \g<max> 之间"),
        (r"Shorter than minimum length (?P<min>\d+)\.", r"长度不能少于 \g<min>"),
        (r"Longer than maximum length (?P<max>\d+)\.", r"长度不能超过 \g<max>"),
        (r"Must be [^.]* (?P<min>[^ ]+) and [^.]* (?P<max>[^ ]+)\.", r"应在 \g<min> 到 \g<max> 之间"),
        (r"Must be equal to (?P<other>.*)\.", r"应为 \g<other>"),
        (r"Invalid (?:value|input)\.", "内容不对"),
        (r"One or more of the choices you made was .*", "选项不对"),
        (r"Must be greater than or equal to (?P<min>[^ ]+)\.", r"不能小于 \g<min>"),
        (r"Must be greater than (?P<min>[^ ]+)\.", r"应大于 \g<min>"),
        (r"Must be less than or equal to (?P<max>[^ ]+)\.", r"不能大于 \g<max>"),
        (r"Must be less than (?P<max>[^ ]+)\.", r"应小于 \g<max>"),
        (r"String does not match expected pattern\.", "格式不对"),
    )
)


def read_object(*, max_bytes: int = LARGEST_BODY_BYTES) -> dict[str, Any]:
    """The JSON object in the request's body.

    raises  UnsupportedType when it is not declared as JSON in UTF-8, BadRequest when it is none,
            Werkzeug's RequestEntityTooLarge beyond max_bytes, before more than that was read
    """
    if not request.is_json:
        raise UnsupportedType("请以 application/json 提交")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedType("请以 UTF-8 编码提交")
    request.max_content_length = max_bytes
    body = request.get_data(cache=False)
    if not body:
        raise BadRequest("没有内容，应为 JSON 对象")
    try:
        return parse_object(body)
    except BadRequest as error:
        raise BadRequest(f"内容不是有效的 JSON 对象（{error}）") from None


def load(schema: Schema, value: Any) -> Any:
    """What a schema makes of a value; raises Invalid naming every wrong field by its dotted path."""
    try:
        return schema.load(value)
    except ValidationError as error:
        raise Invalid("填写有误，请检查标出的各项", fields=_flatten(error.messages, "")) from None


def in_chinese(sentence: str) -> str:
    """One of marshmallow's sentences for a person; another's sentence as it is."""
    for pattern, chinese in _SENTENCES:
        match = pattern.fullmatch(sentence)
        if match:
            return match.expand(chinese)
    return sentence


def _flatten(messages: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, below in messages.items():
            here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _flatten(below, here)
    elif isinstance(messages, list):
        for message in messages:
            yield from _flatten(message, path)
    else:
        yield path, in_chinese(str(messages))
