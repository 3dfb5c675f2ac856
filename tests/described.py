"""A client that holds every answer of the API against the description the application gives of itself.

A status, a media type, a kind of refusal or a member that the description does not know fails the test that got it, so
that the description cannot lie where a test goes.
"""

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from sync.api_description.document import describe, open_path
from sync.web.describing import operation_of

# One application is described as the next of its kind.
_strict: dict[str, dict[str, Any]] = {}
_validators: dict[tuple[str, str, str, int], Any] = {}


class DescribedClient(FlaskClient):
    """Answers as `FlaskClient` does, when they are as described."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, and look at what is answered."""
        answer = super().open(*args, **kwargs)
        require_described(self.application, answer)
        return answer


def held_to_description(app: Flask) -> Flask:
    """The same application; its clients look at all they are answered."""
    app.test_client_class = DescribedClient
    return app


def strict_description(app: Flask) -> dict[str, Any]:
    """The description, in which nothing may be answered that it does not name."""
    if app.import_name not in _strict:
        document = copy.deepcopy(describe(app, title="", cookie="yizhan_80"))
        for shape in document["components"]["schemas"].values():
            if "properties" in shape:
                shape["additionalProperties"] = False
        _strict[app.import_name] = document
    return _strict[app.import_name]


def require_described(app: Flask, answer: TestResponse) -> None:
    """Fail unless the answer is one the description has for that route; other addresses are nobody's business here."""
    method, status = answer.request.method, answer.status_code
    rule = _rule(app, answer.request.path, method)
    if rule is None or operation_of(app.view_functions[rule.endpoint]) is None or method not in _METHODS:
        return
    where, path = f"{method} {rule.rule} {status}", open_path(rule)
    document = strict_description(app)
    told = document["paths"][path][method.lower()]["responses"].get(str(status))
    assert told is not None, f"{where} is not described: {answer.text[:300]}"
    if "$ref" in told:
        told = document["components"]["responses"][told["$ref"].rsplit("/", 1)[1]]
    content = told.get("content", {})
    assert answer.mimetype in content if content else not answer.data, f"{where} is {answer.mimetype}"
    if content and answer.mimetype.endswith("json") and content[answer.mimetype]["schema"]:
        schema = {**content[answer.mimetype]["schema"], "components": document["components"]}
        key = (app.import_name, path, method, status)
        if key not in _validators:
            _validators[key] = jsonschema_rs.Draft202012Validator(schema)
        wrong = [f"{list(one.instance_path)} {one.message}" for one in _validators[key].iter_errors(answer.get_json())]
        assert not wrong, f"{where}: {wrong[:5]}"


def sentences(part: Any) -> Iterator[str]:
    """All that a description says in words."""
    if isinstance(part, dict):
        yield from (part[name] for name in ("title", "description", "summary") if isinstance(part.get(name), str))
        yield from itertools.chain(*map(sentences, part.values()))
    elif isinstance(part, list):
        yield from itertools.chain(*map(sentences, part))


_METHODS = ("GET", "POST", "PUT", "DELETE")


def _rule(app: Flask, path: str, method: str) -> Rule | None:
    try:
        rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    except HTTPException:
        return None
    return rule if isinstance(rule, Rule) else None
