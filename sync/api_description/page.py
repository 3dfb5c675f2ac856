"""The description as the page draws it: groups of operations, and the shapes they name, in words.

Everything comes from the OpenAPI document; nothing is known here that a program does not get.

Must not know: Flask, templates.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sync.api_description.words import EXAMPLES
from sync.messages import N_, _, pgettext
from sync.typed import Value

_WHERE = {"path": N_("address"), "query": N_("query"), "header": N_("header of the request")}
_TYPES = {
    "string": N_("text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "boolean": N_("yes or no"),
    "object": N_("object"),
    "array": N_("list"),
}
_LISTS = {"string": N_("list of texts"), "integer": N_("list of whole numbers")}
_ANYTHING = N_("anything")
_FORMATS = {"date": N_("date"), "date-time": N_("time"), "byte": "base64"}
# Of what is counted: least and most, as OpenAPI names them, and what is said of most alone, of both, of least alone.
_CHARACTERS = (
    N_("At most %(most)s characters"),
    N_("%(least)s to %(most)s characters"),
    N_("At least %(least)s characters"),
)
_ENTRIES = (N_("At most %(most)s entries"), N_("%(least)s to %(most)s entries"), N_("At least %(least)s entries"))
_BOUNDS = (
    ("minLength", "maxLength", _CHARACTERS),
    ("minimum", "maximum", (N_("At most %(most)s"), N_("%(least)s to %(most)s"), N_("At least %(least)s"))),
    ("minItems", "maxItems", _ENTRIES),
    ("minProperties", "maxProperties", _ENTRIES),
)
_DEEPEST = 4


class Row(Value):
    """A parameter, or a member of a shape.

    kind    its type in words;  shape, the name of one it refers to, or "";  bounds, what it is kept to
    where   of a parameter, as OpenAPI names it
    choices all it may be
    """

    name: str
    kind: str
    about: str
    where: str = ""
    required: bool = False
    shape: str = ""
    bounds: str = ""
    choices: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where a parameter stands, in words."""
        return _(_WHERE[self.where])


class AnswerRow(Value):
    """One answer: its status, what it means, and the shape or the media types of it."""

    status: str
    about: str
    shape: str = ""
    media: tuple[str, ...] = ()
    is_refusal: bool = False


class OperationView(Value):
    """One operation; `asks`, whether the page may try it."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    roles: tuple[str, ...] | None
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    answers: tuple[AnswerRow, ...]
    curl: str
    asks: bool


class View(Value):
    """The whole page: {tag: operations}, {name: members}."""

    title: str
    about: tuple[str, ...]
    groups: Mapping[str, Sequence[OperationView]]
    shapes: Mapping[str, Sequence[Row]]


def view_of(document: Mapping[str, Any], *, host: str) -> View:
    """What the page shows.

    host  URL of the node without a slash behind, for the examples
    """
    groups: dict[str, list[OperationView]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, told in operations.items():
            groups[told["tags"][0]].append(_operation(document, path, method, told, host))
    shapes = {name: tuple(_members(shape)) for name, shape in sorted(document["components"]["schemas"].items())}
    info = document["info"]
    return View(info["title"], tuple(info["description"].replace("`", "").split("\n\n")), groups, shapes)


def _operation(
    document: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any], host: str
) -> OperationView:
    answers = tuple(_answers(document, told["responses"]))
    return OperationView(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        text=told.get("description", ""),
        roles=tuple(told["x-roles"]) if "x-roles" in told else None,
        parameters=tuple(
            _row(one["name"], one["schema"], where=one["in"], required=one["required"], about=one["description"])
            for one in told["parameters"]
        ),
        body=tuple(_members(_followed(document, _body(told)))),
        answers=answers,
        curl=_curl(document, path, method, told, host),
        asks=method == "get" and answers[0].shape != "",
    )


def _body(told: Mapping[str, Any]) -> Mapping[str, Any]:
    shape: Mapping[str, Any] = (
        told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    )
    return shape


def _followed(document: Mapping[str, Any], shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """A shape, or the one it refers to."""
    if "$ref" not in shape:
        return shape
    named: Mapping[str, Any] = document["components"]["schemas"][_name(shape["$ref"])]
    return named


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[1]


def _members(shape: Mapping[str, Any]) -> Iterator[Row]:
    needed = shape.get("required", ())
    for name, member in shape.get("properties", {}).items():
        yield _row(name, member, required=name in needed, about=member.get("description", ""))


def _row(name: str, shape: Mapping[str, Any], *, required: bool, about: str, where: str = "") -> Row:
    return Row(
        name,
        _kind(shape),
        about,
        where=where,
        required=required,
        shape=_referred(shape),
        bounds=_bounds(shape),
        choices=tuple(str(one) for one in shape.get("enum", ()) if one not in ("", None)),
    )


def _kind(shape: Mapping[str, Any]) -> str:
    inner = shape.get("items", {})
    types = shape.get("type", "object" if _referred(shape) else "")
    may_be_null = "anyOf" in shape or "null" in types
    plain = types if isinstance(types, str) else next((one for one in types if one != "null"), "")
    kind = _(_FORMATS.get(shape.get("format", ""), _TYPES.get(plain, _ANYTHING)))
    if plain == "array":
        kind = _(_LISTS.get(inner.get("type", ""), _TYPES["array"]))
    return _("%(kind)s, or null", kind=kind) if (may_be_null and isinstance(types, list)) or "anyOf" in shape else kind


def _referred(shape: Mapping[str, Any]) -> str:
    for one in (shape, shape.get("items", {}), *shape.get("anyOf", ()), *shape.get("allOf", ())):
        if "$ref" in one:
            return _name(one["$ref"])
    return ""


def _bounds(shape: Mapping[str, Any]) -> str:
    told = []
    for least, most, (at_most, between, at_least) in _BOUNDS:
        low, high = shape.get(least), shape.get(most)
        if high is not None:
            told.append(_(between if low else at_most, least=low, most=high))
        elif low:
            told.append(_(at_least, least=low))
    if shape.get("default") not in (None, "", []):
        told.append(_("%(value)s where it is left out", value=shape["default"]))
    return pgettext("between clauses", ", ").join(told)


def _answers(document: Mapping[str, Any], responses: Mapping[str, Any]) -> Iterator[AnswerRow]:
    for status, told in responses.items():
        if "$ref" in told:
            told = document["components"]["responses"][_name(told["$ref"])]
            yield AnswerRow(status, told["description"], is_refusal=True)
            continue
        content = told.get("content", {})
        referred = [_referred(one["schema"]) for one in content.values() if one["schema"]]
        yield AnswerRow(status, told["description"], shape="".join(referred), media=() if referred else tuple(content))


def _curl(document: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any], host: str) -> str:
    for one in told["parameters"]:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(EXAMPLES.get(one["name"], one["name"])))
    keeps = "-c" if told["operationId"] == "sessions_sign_in" else "-b"
    parts = [f"curl{'' if method == 'get' else f' -X {method.upper()}'} {keeps} cookies.txt '{host}{path}'"]
    body = _body(told)
    if body:
        sent = json.dumps(_example(document, body, "", 0), ensure_ascii=False)
        parts += ["-H 'Content-Type: application/json'", f"-d '{sent}'"]
    if any(one["name"] == "Idempotency-Key" and one["required"] for one in told["parameters"]):
        parts.insert(1, "-H 'Idempotency-Key: 3f1c…'")
    return " \\\n  ".join(parts)


def _example(document: Mapping[str, Any], shape: Mapping[str, Any], name: str, depth: int) -> Any:
    """Something that could be sent, with the members that have to be there."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    shape = _followed(document, shape)
    kind = shape.get("type", "object")
    if depth > _DEEPEST:
        return None
    if kind == "object" and "properties" in shape:
        needed = shape.get("required", ())
        shown = {one: member for one, member in shape["properties"].items() if one in needed}
        return {one: _example(document, member, one, depth + 1) for one, member in shown.items()}
    if kind == "array":
        return [_example(document, shape["items"], "", depth + 1)]
    choices = [one for one in shape.get("enum", ()) if one]
    return choices[0] if choices else {"integer": 1, "boolean": True, "object": {}}.get(str(kind), "…")
