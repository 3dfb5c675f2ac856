"""Refusals in one shape: what programs and people get to see, and what they never do."""

import logging

import pytest
from flask import Flask, abort, jsonify
from marshmallow import Schema, fields, validate

from sync.errors import (
    BadRequest,
    Conflict,
    Damaged,
    DiskFull,
    Invalid,
    LinkDown,
    NotFound,
    ProtocolError,
    Refused,
    SyncError,
)
from sync.messages import _
from sync.web.bodies import in_chinese, load, read_object
from sync.web.problem_table import PROBLEMS, error_of
from sync.web.problems import register_problems

SECRET = "110101199003070011"


class CaseSchema(Schema):
    applicant = fields.String(required=True, validate=validate.Length(min=2))
    copies = fields.Integer(validate=validate.Range(min=1, max=9))


def raising(error: Exception) -> Flask:
    app = application()
    app.add_url_rule("/api/v1/broken/<number>", view_func=lambda number: _raise(error))
    return app


def _raise(error: Exception) -> None:
    raise error


def application() -> Flask:
    app = Flask(__name__)
    register_problems(app)

    @app.post("/api/v1/cases")
    def take():
        return jsonify(load(CaseSchema(), read_object(max_bytes=1000)))

    return app


def every_error(kind: type[SyncError] = SyncError) -> list[type[SyncError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in every_error(child))]


def test_every_error_of_the_tree_has_a_row_that_says_what_to_do():
    for kind in every_error():
        row = next(PROBLEMS[above] for above in kind.__mro__ if above in PROBLEMS)
        assert 400 <= row.status <= 599
        assert _(row.title) != row.title
        assert _(row.advice).endswith("。")


def test_names_of_problems_never_stand_for_two_things():
    names = [problem.name for kind, problem in PROBLEMS.items()]
    assert len(names) == len(set(names))


def test_a_refusal_reads_as_problem_details():
    answer = raising(Conflict("案卷已由他人办理")).test_client().get("/api/v1/broken/1")
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json(force=True) == {
        "type": "urn:yizhan:problem:conflict",
        "title": "内容已有变化",
        "status": 409,
        "detail": "案卷已由他人办理",
        "instance": "/api/v1/broken/1",
    }


def test_an_unforeseen_fault_tells_the_client_a_reference_and_the_log_the_frames_only_once(caplog):
    caplog.set_level(logging.DEBUG)
    answer = raising(ValueError(f"cannot parse {SECRET}")).test_client().get(f"/api/v1/broken/{SECRET}")
    assert answer.status_code == 500
    reference = answer.get_json(force=True)["instance"].removeprefix("urn:yizhan:fault:")
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert "_raise" not in answer.text
    assert caplog.text.count(reference) == 1
    assert "_raise" in caplog.text
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_our_own_faults_never_show_the_reason_since_it_may_name_a_path():
    answer = raising(Damaged("page 7 of /var/lib/yizhan/yizhan.sqlite")).test_client().get("/api/v1/broken/1")
    assert answer.status_code == 500
    assert "/var/lib" not in answer.text


def test_a_fault_of_a_peer_is_one_line_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        answer = raising(ProtocolError("the answer makes no sense")).test_client().get("/api/v1/broken/7")
    assert answer.status_code == 502
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    assert answer.get_json()["instance"].rpartition(":")[2] in record.getMessage()


def test_what_a_peer_refuses_without_more_is_no_fault_of_ours(caplog):
    with caplog.at_level(logging.ERROR):
        answer = raising(Refused("expectation failed")).test_client().get("/api/v1/broken/7")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "urn:yizhan:problem:refused")
    assert caplog.records == []


@pytest.mark.parametrize("error", [DiskFull(), LinkDown("no route")])
def test_a_fault_that_waiting_mends_is_not_logged_as_a_defect(error, caplog):
    raising(error).test_client().get("/api/v1/broken/1")
    assert not caplog.records


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("get", "/api/v1/nothing", {}, 404),
        ("put", "/api/v1/cases", {}, 405),
        ("post", "/api/v1/cases", {"data": "{}"}, 415),
        ("post", "/api/v1/cases", {"data": "{}", "content_type": "application/json; charset=gbk"}, 415),
        ("post", "/api/v1/cases", {"data": b"", "content_type": "application/json"}, 400),
        ("post", "/api/v1/cases", {"data": b"{", "content_type": "application/json"}, 400),
        ("post", "/api/v1/cases", {"data": b"[1]", "content_type": "application/json"}, 400),
        ("post", "/api/v1/cases", {"data": b'{"a": NaN}', "content_type": "application/json"}, 400),
        ("post", "/api/v1/cases", {"data": b'{"a": "\xff"}', "content_type": "application/json"}, 400),
        ("post", "/api/v1/cases", {"data": b"[" * 500, "content_type": "application/json"}, 400),
        ("post", "/api/v1/cases", {"json": {"applicant": "x" * 2000}}, 413),
        ("post", "/api/v1/cases", {"json": {"applicant": "张"}}, 422),
    ],
)
def test_bad_input_gets_its_own_status_in_the_same_shape(method, path, options, status):
    answer = getattr(application().test_client(), method)(path, **options)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json(force=True)["status"] == status


def test_a_wrong_method_is_told_the_right_ones():
    assert "POST" in application().test_client().put("/api/v1/cases").headers["Allow"]


def test_wrong_fields_are_named_by_their_path_with_a_sentence_in_chinese():
    body = {"copies": 12, "colour": "red"}
    answer = application().test_client().post("/api/v1/cases", json=body)
    assert answer.get_json(force=True)["errors"] == [
        {"field": "applicant", "message": "此项必填"},
        {"field": "copies", "message": "应在 1 到 9 之间"},
        {"field": "colour", "message": "没有这一项"},
    ]


def test_errors_deep_in_lists_are_named_by_their_place():
    class Materials(Schema):
        materials = fields.List(fields.Nested(CaseSchema))

    with pytest.raises(Invalid) as caught:
        load(Materials(), {"materials": [{"applicant": "张三"}, {"applicant": 3}]})
    assert caught.value.fields == (("materials.1.applicant", "应为文字"),)


def test_every_sentence_of_marshmallow_has_a_chinese_one():
    kinds = [kind for kind in vars(fields).values() if isinstance(kind, type) and issubclass(kind, fields.Field)]
    sentences = {sentence for kind in kinds for sentence in vars(kind).get("default_error_messages", {}).values()}
    assert len(sentences) > 15
    values = {"choices": "a, b", "input": "x", "obj_type": "datetime", "awareness": "aware"}
    for sentence in sentences:
        english = sentence.format(**values)
        assert in_chinese(english) != english


def test_an_error_survives_the_way_to_the_other_side_and_back():
    sent = Invalid("填写有误", fields=[("name", "此项必填")])
    answer = raising(sent).test_client().get("/api/v1/broken/1")
    received = error_of(answer.get_json(force=True))
    assert (type(received), received.reason, received.fields) == (Invalid, sent.reason, sent.fields)
    assert type(error_of(raising(NotFound("x")).test_client().get("/api/v1/broken/1").get_json(force=True))) is NotFound
    assert type(error_of({"type": "about:blank"})) is SyncError


def test_flasks_own_refusals_amount_to_errors_of_the_tree():
    app = application()
    app.add_url_rule("/api/v1/teapot", view_func=lambda: abort(400, "no such cup"))
    details = app.test_client().get("/api/v1/teapot").get_json(force=True)
    assert details["type"] == PROBLEMS[BadRequest].type
