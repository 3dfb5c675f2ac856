"""The OpenAPI document of an application: from its url map, what its views say of themselves, and the schemas.

What they say is looked up here and nowhere else, when the document is asked for.

source  OpenAPI 3.1, RFC 9457

Must not know: what the routes do.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema, fields, validate
from werkzeug.routing import Rule

from sync.api_description.refusals import refusals_of
from sync.api_description.words import WORDS
from sync.messages import D_, _, pgettext
from sync.typed import Value
from sync.version import VERSION
from sync.web.answer_shapes import text, whole
from sync.web.describing import Key, Media, Named, Operation, operation_of
from sync.web.problem_table import Problem
from sync.web.problems import CONTENT_TYPE
from sync.web.roles import Role
from sync.web.sessions import admits
from sync.web.speaking import messages_of

_JSON = "application/json"
_OPEN_PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_INPUT = "Schema"  # what clients send is called so; what they are answered ends in Answer
_PROBLEM = "#/components/schemas/Problem"
_TEXT = {"type": "string"}
_SESSION, _BASIC = "session", "basic"
_KEY = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]([ -~]*[!-~])?$"}
_RETRIED = (429, 503, 507)
Say = Callable[[str], str]


class FieldProblemAnswer(Schema):
    """What is wrong with one field."""

    field = text(D_("Which field, such as materials.0.name"))
    message = text(D_("What is wrong"))


class ProblemAnswer(Schema):
    """A refusal (RFC 9457)."""

    type = text(D_("Which kind; it never changes"))
    title = text(D_("Title"))
    status = whole(D_("HTTP status"))
    detail = text(D_("What happened and what to do"))
    instance = text(D_("The address asked for, or the number of this fault"))
    errors = fields.List(fields.Nested(FieldProblemAnswer), metadata={"description": D_("The fields that are wrong")})
    person = fields.String(metadata={"description": D_("Who it is that is registered already")})
    trouble = fields.String(metadata={"description": D_("Why a photo was not fetched from above")})


class Described(Value):
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

    title   what the node is, a description of the application's
    cookie  what the cookie of a session is called
    """
    say = messages_of(app).describing().gettext
    plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
    spec = APISpec(
        title=say(title),
        version=VERSION,
        openapi_version="3.1.0",
        info={
            "description": "\n\n".join(map(say, _ABOUT)),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        servers=[{"url": "/"}],
        plugins=[plugin],
    )
    if plugin.converter is not None:  # it is, once the plugin serves a document
        plugin.converter.add_attribute_function(_most_members)  # type: ignore[no-untyped-call]
        plugin.converter.add_attribute_function(_about(say))  # type: ignore[no-untyped-call]
    spec.components.security_scheme(_SESSION, {"type": "apiKey", "in": "cookie", "name": cookie})
    spec.components.security_scheme(_BASIC, {"type": "http", "scheme": "basic"})
    spec.components.schema("Problem", schema=ProblemAnswer)
    routes = tuple(described_routes(app))
    for tag in dict.fromkeys(say(one.operation.tag) for one in routes):
        spec.tag({"name": tag})
    for one in routes:
        told = _operation(one, say)
        for status, problems in refusals_of(
            app, one.view, one.operation, path=one.rule.rule, method=one.method, names=one.rule.arguments
        ).items():
            told["responses"][str(status)] = _refusal(spec, status, problems, say)
        spec.path(path=open_path(one.rule), operations={one.method.lower(): told})
    return _finished(spec.to_dict(), say)


def _operation(one: Described, say: Say) -> dict[str, Any]:
    operation = one.operation
    told: dict[str, Any] = {
        "operationId": one.rule.endpoint.replace(".", "_").replace("-", "_"),
        "summary": say(operation.summary),
        "tags": [say(operation.tag)],
        "parameters": [*_path_parameters(one.rule, say), *_other_parameters(operation, say)],
        "responses": {str(operation.status): _answer(operation, say)},
    }
    if operation.text:
        told["description"] = say(operation.text)
    if admits(one.view) is not None:
        told["security"] = [{_SESSION: []}, {_BASIC: []}]
        told["x-roles"] = [role.label for role in admits(one.view) or tuple(Role)]
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": operation.body}}}
    if operation.etag:
        told["responses"]["304"] = {"description": say(D_("Nothing changed"))}
    return told


def _path_parameters(rule: Rule, say: Say) -> list[dict[str, Any]]:
    return [
        {
            "in": "path",
            "name": part["name"],
            "required": True,
            "description": say(WORDS.get(part["name"], "")),
            "schema": {"type": "integer", "minimum": 0} if part["kind"] == "int" else {"type": "string"},
        }
        for part in _OPEN_PART.finditer(rule.rule)
    ]


def _other_parameters(operation: Operation, say: Say) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if operation.query is not None:
        found.append({"in": "query", "schema": operation.query})
    if operation.key is not Key.NONE:
        about = say(D_("A number that the sender gives the request and keeps when it is repeated; it is done once"))
        head = {"in": "header", "name": "Idempotency-Key", "description": about}
        found.append({**head, "schema": _KEY, "required": operation.key is Key.MUST})
    if operation.etag:
        about = say(D_("The last ETag; answered with 304 where nothing changed"))
        found.append(_header("If-None-Match", about))
    if operation.if_match:
        about = say(D_("The ETag of what was seen; where it changed since, 412 is answered and nothing is done"))
        found.append(_header("If-Match", about))
    return found


def _header(name: str, about: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": about, "schema": _TEXT}


def _answer(operation: Operation, say: Say) -> dict[str, Any]:
    told: dict[str, Any] = {"description": say(D_("Done"))}
    answer = operation.answer.load() if isinstance(operation.answer, Named) else operation.answer
    if isinstance(answer, Media):
        told["content"] = {media: {"schema": {}} for media in answer.types}
    elif answer is not None:
        told["content"] = {_JSON: {"schema": answer}}
    headers: dict[str, Any] = {}
    if operation.etag:
        headers["ETag"] = {"description": say(D_("What names this content")), "schema": _TEXT}
    if operation.makes:
        headers["Location"] = {"description": say(D_("Where what was made can be asked for")), "schema": _TEXT}
    if operation.key is not Key.NONE:
        about = say(D_("true: a repetition, answered as the first time"))
        headers["Idempotent-Replay"] = {"description": about, "schema": _TEXT}
    return {**told, "headers": headers} if headers else told


def _refusal(spec: APISpec, status: int, problems: Sequence[Problem], say: Say) -> str:
    """The name of the response, told once for all routes that refuse alike."""
    name = ".".join((str(status), *(problem.name for problem in problems)))
    if name not in spec.components.responses:
        narrowed = {"type": {"enum": [problem.type for problem in problems]}, "status": {"const": status}}
        told: dict[str, Any] = {
            "description": pgettext("between sentences", "; ").join(
                _("%(title)s (%(name)s)", title=problem.title, name=problem.name) for problem in problems
            ),
            "content": {CONTENT_TYPE: {"schema": {"$ref": _PROBLEM, "properties": narrowed}}},
        }
        headers = _headers(status, say)
        spec.components.response(name, {**told, "headers": headers} if headers else told)
    return name


def _headers(status: int, say: Say) -> dict[str, Any]:
    """What comes with a refusal."""
    if status in _RETRIED:
        about = say(D_("After how many seconds to try again"))
        return {"Retry-After": {"description": about, "schema": {"type": "integer"}}}
    return {"WWW-Authenticate": {"schema": _TEXT}} if status == 401 else {}


def _name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__.removesuffix(_INPUT))


def _finished(document: dict[str, Any], say: Say) -> dict[str, Any]:
    for name, shape in document["components"]["schemas"].items():
        if name == "Problem" or name.endswith("Answer"):
            shape.pop(
                "additionalProperties", None
            )  # more may be told one day; of what is sent, nothing unknown is taken
        for member, told in shape.get("properties", {}).items():
            if told.get("type") == "object":
                told.pop("maxLength", None)  # of an object apispec takes a number of members for one of characters
            if "description" not in told and member in WORDS:
                told["description"] = say(WORDS[member])
    for path in document["paths"].values():
        for told in path.values():
            for parameter in told["parameters"]:
                parameter["description"] = parameter.get("description") or say(WORDS.get(parameter["name"], ""))
    return document


def _about(say: Say) -> Callable[..., dict[str, Any]]:
    """What a field says of itself: its `description`, and of `codes` the name of each."""

    def about(converter: object, field: fields.Field[Any], **others: Any) -> dict[str, Any]:
        if "description" not in field.metadata:
            return {}
        what = say(field.metadata["description"])
        names = [f"{code} {say(name)}" for code, name in field.metadata.get("codes", {}).items()]
        if names:
            what = _("%(what)s: %(names)s", what=what, names=pgettext("between clauses", ", ").join(names))
        return {"description": what}

    return about


def _most_members(converter: object, field: fields.Field[Any], **others: Any) -> dict[str, Any]:
    """How many members an object has: of one, `Length` counts members and not characters."""
    bounds = [one.max for one in field.validators if isinstance(one, validate.Length) and one.max is not None]
    return {"maxProperties": min(bounds)} if isinstance(field, fields.Dict) and bounds else {}


_ABOUT = (
    D_("The API of stations and the centre. Answers are JSON in UTF-8, times are Beijing's, in ISO 8601."),
    D_(
        "First sign in (`POST /api/v1/session`); further requests carry the cookie of the answer. Basic with account "
        "and password will do, too."
    ),
    D_(
        "A request that changes something may bring an `Idempotency-Key` its sender made up: who hears no answer sends "
        "the very same again, it is done once and answered as the first time."
    ),
    D_(
        "A refusal is `application/problem+json` (RFC 9457):\n"
        "`type` says of what kind it is, `detail` what to do, `errors` the fields that are wrong."
    ),
)
