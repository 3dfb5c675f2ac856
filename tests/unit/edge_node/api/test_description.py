"""The API describes itself: every route, every refusal, every shape, made from what runs."""

import json
import re

import jsonschema_rs
import pytest

from sync.api_description.document import described_routes, open_path
from sync.api_description.page import view_of
from tests.described import sentences
from tests.unit.edge_node.applications import application, key

CASE = "/api/v1/cases/{case_id}"


@pytest.fixture
def document(app):
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def refusals(document, path, method):
    """{status: names of problems} of one operation."""
    found = {}
    for status, told in document["paths"][path][method]["responses"].items():
        if "$ref" in told:
            name = told["$ref"].rsplit("/", 1)[1]
            found[int(status)] = set(name.split(".")[1:])
    return found


def references(part):
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "$ref")
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_every_route_is_described_and_nothing_that_is_not_there(app, document):
    there = {
        (open_path(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/events"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert told == there
    assert len(told) == len(list(described_routes(app)))


def test_the_description_refers_to_nothing_that_is_not_in_it_and_every_shape_is_lawful(document):
    assert document["openapi"] == "3.1.0"
    for reference in set(references(document)):
        part = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
    for shape in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **shape})


def test_every_operation_is_named_in_chinese_and_by_a_name_of_its_own(document):
    operations = [told for path in document["paths"].values() for told in path.values()]
    assert all(re.search("[\u4e00-\u9fff]", told["summary"]) for told in operations)
    names = [told["operationId"] for told in operations]
    assert len(set(names)) == len(names)


def test_every_parameter_and_every_member_of_what_is_sent_is_told_in_chinese(document):
    silent = {
        (path, one["name"])
        for path, operations in document["paths"].items()
        for told in operations.values()
        for one in told["parameters"]
        if not re.search("[\u4e00-\u9fff]", one["description"])
    }
    silent |= {
        (name, member)
        for name, shape in document["components"]["schemas"].items()
        for member, told in shape.get("properties", {}).items()
        if not name.endswith("Answer") and not re.search("[\u4e00-\u9fff]", told.get("description", ""))
    }
    assert not silent


def test_all_that_is_said_has_a_text(document):
    assert [one for one in sentences(document) if not re.search("[\u4e00-\u9fff]", one)] == []


def test_an_operation_names_whatever_it_may_refuse(document):
    assert refusals(document, "/api/v1/cases", "post") == {
        400: {"bad-request"},
        401: {"unauthorized"},
        403: {"forbidden", "page-expired"},
        409: {"clock-doubtful", "not-enrolled", "conflict"},
        413: {"too-large"},
        415: {"unsupported-type"},
        422: {"invalid", "key-reused"},
        429: {"too-many-requests"},
        507: {"disk-full", "no-room-for-photos"},
    }
    assert refusals(document, f"{CASE}/materials/{{number}}", "get") == {
        401: {"unauthorized"},
        403: {"forbidden"},
        404: {"not-found"},
        429: {"too-many-requests"},
        503: {"still-above", "store-unreachable"},
    }


def test_who_may_ask_and_under_which_key_is_told(document):
    taking = document["paths"]["/api/v1/cases"]["post"]
    assert taking["security"] == [{"session": []}, {"basic": []}]
    assert document["components"]["securitySchemes"]["session"]["name"] == "yizhan_80"
    key = next(one for one in taking["parameters"] if one["name"] == "Idempotency-Key")
    assert key["required"]
    deciding = document["paths"][f"{CASE}/decision"]["post"]
    assert not next(one for one in deciding["parameters"] if one["name"] == "Idempotency-Key")["required"]
    assert "security" not in document["paths"]["/api/v1/session"]["post"]


def test_what_is_sent_may_have_no_unknown_member_and_what_is_answered_may_grow(document):
    shapes = document["components"]["schemas"]
    assert shapes["Application"]["additionalProperties"] is False
    assert "additionalProperties" not in shapes["CaseAnswer"]
    fields = shapes["Application"]["properties"]["fields"]
    assert (fields["maxProperties"], fields.get("maxLength")) == (100, None)


def test_the_page_shows_every_operation_and_shape_with_an_example_and_loads_nothing_from_elsewhere(app, document):
    answer = app.test_client().get("/api/v1/docs", base_url="http://127.0.0.1:8800")
    assert answer.status_code == 200
    page = answer.text
    for path in document["paths"].values():
        for told in path.values():
            assert f'id="{told["operationId"]}"' in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert not set(re.findall(r'href="#(shape-[^"]+)"', page)) - set(re.findall(r'id="(shape-[^"]+)"', page))
    assert "curl -X POST -b cookies.txt &#39;http://127.0.0.1:8800/api/v1/cases&#39;" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_the_example_of_an_act_is_lawful(app, sign_in, document):
    view = view_of(document, host="http://127.0.0.1")
    (notice,) = (one for one in view.groups["办件办理"] if one.path.endswith("/notice"))
    sent = json.loads(re.search(r"-d '(.*)'", notice.curl)[1])
    case = sign_in("wang").post("/api/v1/cases", json=application(), headers=key("1")).get_json()["id"]
    assert sign_in("wang").post(f"/api/v1/cases/{case}/notice", json=sent).status_code == 200


def test_whatever_creates_something_may_be_repeated_under_a_key_and_lists_go_on_where_they_say(document):
    shapes = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, told in operations.items():
            names = {one["name"] for one in told["parameters"]}
            if method == "post" and "201" in told["responses"] and not path.endswith("/session"):
                assert "Idempotency-Key" in names, path
            answer = told["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
            goes_on = "next" in shapes.get(answer.get("$ref", "").rsplit("/", 1)[-1], {}).get("properties", {})
            assert goes_on == ("cursor" in names), path
            assert "ListAnswer" not in answer.get("$ref", "") or goes_on, path
