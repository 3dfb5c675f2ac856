"""Two people at two desks: nobody acts on what they have not seen, and is shown what it is."""

import pytest

from tests.unit.edge_node.applications import application, key
from tests.unit.forms import form_on, read, send

API = "/api/v1/cases"


@pytest.fixture
def case(client):
    return client.post(API, json=application(), headers=key("1")).get_json()["id"]


def test_a_button_pressed_over_a_change_shows_the_change_and_does_nothing(client, sign_in, case):
    form = form_on(read(client, f"/cases/{case}"), "reason")
    sign_in("zhang").post(f"{API}/{case}/acceptance", json={"reason": "材料齐全"})
    press = {**form["values"], "act": "withdraw", "reason": "申请人不办了"}
    answer = send(client, form["action"], press)
    assert answer.status_code == 412
    assert "这次没有办理" in answer.text
    assert "受理</strong>　村站 zhang" in answer.text
    assert "材料齐全" in answer.text
    assert "申请人不办了" in answer.text
    assert client.get(f"{API}/{case}").get_json()["state"] == "accepted"
    again = {**form_on(answer.text, "reason")["values"], "act": "withdraw", "reason": "申请人不办了"}
    assert send(client, form["action"], again).status_code == 303


def test_a_page_of_an_act_does_so_too_and_keeps_what_was_typed(client, sign_in, case):
    address = f"/cases/{case}/acts/step"
    form = form_on(read(client, address), "reason")
    sign_in("zhang").post(f"{API}/{case}/acceptance", json={})
    answer = send(client, address, {**form["values"], "step": "回访", "reason": "电话回访"})
    assert answer.status_code == 412
    assert "受理</strong>　村站 zhang" in answer.text
    assert "电话回访" in answer.text
    again = {**form_on(answer.text, "reason")["values"], "step": "回访", "reason": "电话回访"}
    assert send(client, address, again).status_code == 303
