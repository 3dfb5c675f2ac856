"""Two people at two desks: nobody acts on what they have not seen, and is shown what it is."""

import pytest

from sync.node.acts.recording import Act, record
from sync.node.own_clock import note_time
from sync.typed import replace
from tests.unit.edge_node.api.test_people import register
from tests.unit.edge_node.applications import JPEG, application, key
from tests.unit.forms import form_on, photo, read, send

API = "/api/v1/cases"
NUMBER = "11990281099000050H4992005001001202609260001"  # its first 17 figures alone would be those of a card


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


def test_what_was_written_beside_a_button_that_is_gone_is_shown_once_more(client, sign_in, case):
    form = form_on(read(client, f"/cases/{case}"), "reason")
    other = sign_in("zhang").post(f"{API}/{case}/withdrawal", json={"reason": "改去镇里办"}, headers=key("w"))
    assert other.status_code == 200
    answer = send(client, form["action"], {**form["values"], "act": "withdraw", "reason": "申请人不办了"})
    assert answer.status_code == 412
    assert "您写的没有用上：“申请人不办了”" in answer.text
    assert "没有用上" not in read(client, f"/cases/{case}")
    used = send(client, form["action"], {**form["values"], "act": "withdraw", "reason": "改去镇里办"})
    assert used.status_code == 412
    assert "没有用上" not in used.text  # it stands in the log


def test_papers_handed_in_over_a_change_show_the_change_and_the_photos_are_kept(client, sign_in, case):
    address = f"/cases/{case}/papers"
    values = form_on(read(client, address), "reason")["values"]
    other = form_on(read(sign_in("zhang"), address), "reason")["values"]
    first = {**other, "materials.1.photos": photo(JPEG), "reason": "儿子送来"}
    assert send(sign_in("zhang"), address, first).status_code == 303
    told = send(client, address, {**values, "materials.1.photos": photo(JPEG), "reason": "户口簿到了"})
    assert told.status_code == 412
    for sentence in ("这次没有办理", "村站 zhang", "儿子送来", "户口簿到了"):
        assert sentence in told.text, sentence
    again = form_on(told.text, "reason")["values"]
    assert again["materials.1.kept"] == "1"
    assert send(client, address, {**again, "materials.1.drop": "0"}).status_code == 303
    papers = {one["name"]: len(one["photos"]) for one in client.get(f"{API}/{case}").get_json()["materials"]}
    assert papers["户口簿"] == 1


def test_the_number_the_centre_gives_hinders_nobody_and_is_told_in_full_as_the_system_s_doing(client, station, case):
    form = form_on(read(client, f"/cases/{case}"), "reason")
    seen = client.get(f"{API}/{case}").headers["ETag"]
    number_by_the_centre(station.node, case)
    answer = send(client, form["action"], {**form["values"], "act": "accept", "reason": ""})
    assert answer.status_code == 303, answer.text
    page = read(client, f"/cases/{case}")
    assert f"编号</strong>　中心 系统自动<br>{NUMBER}" in page
    assert "job:" not in page
    review = client.post(f"{API}/{case}/review", json={}, headers={**key("r"), "If-Match": seen})
    assert review.status_code == 412  # somebody accepted it since


def number_by_the_centre(node, case):
    centre, now_ms = replace(node.identity, level="centre"), node.clock()

    def work(tx):
        told = Act(case, "numbered", {"case_number": NUMBER}, "job:numbers", now_ms, note_time(tx, now_ms))
        return record(tx, node.documents, centre, told)

    node.write(work)


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


def test_a_bag_that_changed_meanwhile_is_not_acted_on_and_says_so(client, sign_in, case):
    papers = [one["key"] for one in client.get("/api/v1/loose-papers").get_json()["papers"]]
    bag = client.post("/api/v1/bags", json={"papers": papers}, headers=key("b")).get_json()["id"]
    form = form_on(read(client, f"/bags/{bag}"), "giver")
    hand = {"giver": "张三", "carrier": "赵师傅", "reason": ""}
    assert sign_in("zhang").post(f"/api/v1/bags/{bag}/handing", json=hand).status_code == 200
    answer = send(client, form["action"], {**form["values"], "carrier": "钱师傅"})
    assert answer.status_code == 412
    assert "这张交接单有了变化" in answer.text
    assert "交出</strong>　村站 zhang" in answer.text
    log = client.get(f"/api/v1/bags/{bag}").get_json()["log"]
    assert [one["names"] for one in log if one["type"] == "handed"] == ["张三、赵师傅"]


def test_a_person_who_changed_meanwhile_is_not_acted_on_and_what_was_typed_stays(client, sign_in):
    person = register(client, 1)
    address = f"/people/{person}/acts/correct"
    form = form_on(read(client, address), "phone")
    moved = sign_in("zhang").post(f"/api/v1/people/{person}/move", json={"reason": "随子女迁出"})
    assert moved.status_code == 200, moved.text
    answer = send(client, address, {**form["values"], "phone": "13800001111"})
    assert answer.status_code == 412
    assert "此人的登记有了变化" in answer.text
    assert "村站 zhang" in answer.text
    assert "随子女迁出" in answer.text
    assert "13800001111" in answer.text
    again = {**form_on(answer.text, "phone")["values"], "phone": "13800001111"}
    assert send(client, address, again).status_code == 303
