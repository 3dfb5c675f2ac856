"""Acts whose date counts, beside a clock that cannot be believed: asked once, and what was typed stays."""

import pytest

from sync.node.own_clock import read_clock
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import PASSWORD
from tests.unit.forms import errors_on, form_on, read, send

API = "/api/v1/cases"
DAYS_MS = 40 * 24 * 3_600_000


@pytest.fixture
def case(client):
    return client.post(API, json=application(follow=True), headers=key("1")).get_json()["id"]


@pytest.fixture
def after_a_leap(client, clock, case):
    """The clock leaps by forty days while nobody works here."""
    clock.now_ms += DAYS_MS
    client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
    return case


def log(client, case):
    return [(one["type"], one["clock"]) for one in client.get(f"{API}/{case}").get_json()["log"]]


def test_a_promise_with_a_limit_waits_for_date_and_time_and_the_next_act_does_not(client, station, clock, after_a_leap):
    case, address = after_a_leap, f"/cases/{after_a_leap}/acts/tolerance"
    page = read(client, address)
    assert "先核对时间" in page
    assert "2025-11-05 14:04" in page
    values = {**form_on(page, "reason")["values"], "reason": "已签承诺书"}
    for typed, said in (("", "30 天以上"), ("2025-11-05T15:30", "相差超过 10 分钟"), ("gestern", "格式不对")):
        refused = send(client, address, {**values, "confirmed_time": typed})
        assert refused.status_code == 422
        (error,) = errors_on(refused.text)
        assert error.startswith("现在的时间：")
        assert said in error
        assert "已签承诺书" in refused.text
    assert [event for event, _ in log(client, case)] == ["received"]
    for _ in range(2):
        assert send(client, address, {**values, "confirmed_time": "2025-11-05T14:06"}).status_code == 303
    assert log(client, case)[1:] == [("tolerated", "confirmed")]
    assert not station.node.read(lambda reader: read_clock(reader, clock())).must_ask
    assert "先核对时间" not in read(client, f"/cases/{case}")


def test_so_does_a_button_and_what_is_no_matter_of_days_is_done_with_a_time_to_be_checked(client, after_a_leap):
    case = after_a_leap
    step = form_on(read(client, f"/cases/{case}/acts/step"), "reason")["values"]
    assert "confirmed_time" not in step
    assert send(client, f"/cases/{case}/acts/step", {**step, "step": "回访"}).status_code == 303
    page = read(client, f"/cases/{case}")
    assert "先核对时间" in page
    form = form_on(page, "reason")
    press = {**form["values"], "act": "withdraw", "reason": "不办了"}
    refused = send(client, form["action"], press)
    assert refused.status_code == 422
    assert "不办了" in refused.text
    again = {**form_on(refused.text, "reason")["values"], "act": "withdraw", "confirmed_time": "2025-11-05T14:00"}
    assert send(client, form["action"], again).status_code == 303
    assert log(client, case)[1:] == [("walked", "doubtful"), ("withdrawn", "confirmed")]
