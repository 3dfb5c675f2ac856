"""The OpenAPI document of an application: from its url map, what its views say of themselves, and the schemas.

source  OpenAPI 3.1, RFC 9457

Must not know: what the routes do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema, fields, validate
from werkzeug.routing import Rule

from sync.api_description.refusals import refusals_of
from sync.api_description.words import WORDS
from sync.version import VERSION
from sync.web.accounts import Role
from sync.web.answer_shapes import text, whole
from sync.web.describing import Key, Media, Operation, operation_of
from sync.web.problems import CONTENT_TYPE, Problem
from sync.web.sessions import admits

_JSON = "application/json"
_OPEN_PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_INPUT = "Schema"  # what clients send is called so; what they are answered ends in Answer
_PROBLEM = "#/components/schemas/Problem"
_TEXT = {"type": "string"}
_SESSION, _BASIC = "session", "basic"
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "自拟的请求编号，重复提交时不变，只办一次",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}
_RETRY_AFTER = {"Retry-After": {"description": "多少秒后再试", "schema": {"type": "integer"}}}
_HEADERS: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": _TEXT}},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
    507: _RETRY_AFTER,
}


class FieldProblemAnswer(Schema):
    """What is wrong with one field."""

    field = text("哪一项，如 materials.0.name")
    message = text("哪里不对")


class ProblemAnswer(Schema):
    """A refusal (RFC 9457)."""

    type = text("哪一种，不会改变")
    title = text("标题")
    status = whole("HTTP 状态码")
    detail = text("说明和办法")
    instance = text("请求的地址，或本次故障的编号")
    errors = fields.List(fields.Nested(FieldProblemAnswer), metadata={"description": "填错的各项"})
    person = fields.String(metadata={"description": "已经登记的，是哪个人员"})


@dataclass(frozen=True, slots=True)
class Described:
    """One method of one route with what it says of itself."""

    rule: Rule
    method: str
    view: object
    operation: Operation


def described_routes(app: Flask) -> Iterator[Described]:
    """Every route that says something of itself, in the order they were registered."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        operation = operation_of(view)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if operation is not None:
                yield Described(rule, method, view, operation)


def open_path(rule: Rule) -> str:
    """The address as OpenAPI writes it: /cases/{case_id}."""
    return _OPEN_PART.sub(lambda part: f"{{{part['name']}}}", rule.rule)


def describe(app: Flask, *, title: str, cookie: str) -> dict[str, Any]:
    """The OpenAPI document.

    title   what the node is
    cookie  what the cookie of a session is called
    """
    plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
    spec = APISpec(
        title=title,
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": _ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        servers=[{"url": "/"}],
        plugins=[plugin],
    )
    if plugin.converter is not None:  # it is, once the plugin serves a document
        plugin.converter.add_attribute_function(_most_members)  # type: ignore[no-untyped-call]
    spec.components.security_scheme(_SESSION, {"type": "apiKey", "in": "cookie", "name": cookie})
    spec.components.security_scheme(_BASIC, {"type": "http", "scheme": "basic"})
    spec.components.schema("Problem", schema=ProblemAnswer)
    routes = tuple(described_routes(app))
    for tag in dict.fromkeys(one.operation.tag for one in routes):
        spec.tag({"name": tag})
    for one in routes:
        told = _operation(one)
        for status, problems in refusals_of(
            app, one.view, one.operation, path=one.rule.rule, method=one.method, names=one.rule.arguments
        ).items():
            told["responses"][str(status)] = _refusal(spec, status, problems)
        spec.path(path=open_path(one.rule), operations={one.method.lower(): told})
    return _finished(spec.to_dict())


def _operation(one: Described) -> dict[str, Any]:
    operation = one.operation
    told: dict[str, Any] = {
        "operationId": one.rule.endpoint.replace(".", "_").replace("-", "_"),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_path_parameters(one.rule), *_other_parameters(operation)],
        "responses": {str(operation.status): _answer(operation)},
    }
    if operation.text:
        told["description"] = operation.text
    if admits(one.view) is not None:
        told["security"] = [{_SESSION: []}, {_BASIC: []}]
        told["x-roles"] = [role.label for role in admits(one.view) or tuple(Role)]
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": operation.body}}}
    if operation.etag:
        told["responses"]["304"] = {"description": "没有变化"}
    return told


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    return [
        {
            "in": "path",
            "name": part["name"],
            "required": True,
            "description": WORDS.get(part["name"], ""),
            "schema": {"type": "integer", "minimum": 0} if part["kind"] == "int" else {"type": "string"},
        }
        for part in _OPEN_PART.finditer(rule.rule)
    ]


def _other_parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if operation.query is not None:
        found.append({"in": "query", "schema": operation.query})
    if operation.key is not Key.NONE:
        found.append({**_KEY, "required": operation.key is Key.MUST})
    if operation.etag:
        found.append(_header("If-None-Match", "上次的 ETag；没有变化时答 304"))
    if operation.if_match:
        found.append(_header("If-Match", "查看时的 ETag；此后有了变化的，答 412，不办理"))
    return found


def _header(name: str, about: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": about, "schema": _TEXT}


def _answer(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"description": "已完成"}
    if isinstance(operation.answer, Media):
        told["content"] = {media: {"schema": {}} for media in operation.answer.types}
    elif operation.answer is not None:
        told["content"] = {_JSON: {"schema": operation.answer}}
    headers: dict[str, Any] = {}
    if operation.etag:
        headers["ETag"] = {"description": "这份内容的标识", "schema": _TEXT}
    if operation.key is not Key.NONE:
        headers["Idempotent-Replay"] = {"description": "true：重复提交，应答同第一次", "schema": _TEXT}
    return {**told, "headers": headers} if headers else told


def _refusal(spec: APISpec, status: int, problems: Sequence[Problem]) -> str:
    """The name of the response, told once for all routes that refuse alike."""
    name = ".".join((str(status), *(problem.name for problem in problems)))
    if name not in spec.components.responses:
        narrowed = {"type": {"enum": [problem.type for problem in problems]}, "status": {"const": status}}
        told: dict[str, Any] = {
            "description": "；".join(f"{problem.title}（{problem.name}）" for problem in problems),
            "content": {CONTENT_TYPE: {"schema": {"$ref": _PROBLEM, "properties": narrowed}}},
        }
        headers = _HEADERS.get(status)
        spec.components.response(name, {**told, "headers": headers} if headers else told)
    return name


def _name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__.removesuffix(_INPUT))


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    for name, shape in document["components"]["schemas"].items():
        if name == "Problem" or name.endswith("Answer"):
            shape.pop(
                "additionalProperties", None
            )  # more may be told one day; of what is sent, nothing unknown is taken
        for member, told in shape.get("properties", {}).items():
            if told.get("type") == "object":
                told.pop("maxLength", None)  # of an object apispec takes a number of members for one of characters
            if "description" not in told and member in WORDS:
                told["description"] = WORDS[member]
    for path in document["paths"].values():
        for told in path.values():
            for parameter in told["parameters"]:
                parameter["description"] = parameter.get("description") or WORDS.get(parameter["name"], "")
    return document


def _most_members(converter: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """How many members an object has: of one, `Length` counts members and not characters."""
    bounds = [one.max for one in field.validators if isinstance(one, validate.Length) and one.max is not None]
    return {"maxProperties": min(bounds)} if isinstance(field, fields.Dict) and bounds else {}


_ABOUT = """站点和中心的接口。应答是 UTF-8 的 JSON，时间按北京时间写成 ISO 8601。

先登录（`POST /api/v1/session`），以后的请求带上应答中的 Cookie；也可以用 Basic 方式带账号和密码。

会改变内容的请求可以带自拟的 `Idempotency-Key`：没有听到应答时原样再发一次，只办一次，应答同第一次。

不予办理的，答 `application/problem+json`（RFC 9457）：
`type` 说明是哪一种，`detail` 说明怎么办，`errors` 列出填错的各项。"""
