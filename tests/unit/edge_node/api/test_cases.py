"""Cases over HTTP: taken once, listed, read masked, and moved by whoever may."""

import base64
import shutil

import pytest

from edge_node.settings import read
from edge_node.wiring import build_app, build_station
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.node.meeting.enrolment import enter_code
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from sync.records.people import mask_name
from sync.records.receipt_number import parse_receipt_number
from sync.store.ledger.audit import entries_about
from sync.web.passwords import Passwords
from tests.unit.edge_node.applications import JPEG, application, encoded, item, key, png
from tests.unit.edge_node.conftest import PASSWORD, SID, START_MS
from tests.unit.edge_node.registering import register

CASES = "/api/v1/cases"


@pytest.fixture
def case(client):
    return client.post(CASES, json=application(photos=(JPEG, png())), headers=key("first")).get_json()


def act(client, case, what, **body):
    return client.post(f"{CASES}/{case['id']}/{what}", json=body)


def test_an_application_gets_its_number_and_is_held_here_at_once(client, case):
    number = parse_receipt_number(case["receipt_number"])
    assert (number.device, number.serial) == ("01", 1)
    assert case["received_at"] == "2025-09-26T14:04:05+08:00"
    assert (case["state"], case["state_name"]) == ("received", "已收件")
    assert case["custody"]["sentence"] == "已到村站（材料 2/2）"


def test_a_second_application_for_the_same_is_taken_and_told_of_the_open_one(client, case):
    assert case["open_alike"] == []
    again = client.post(CASES, json=application(), headers=key("second")).get_json()
    told = {name: case[name] for name in ("id", "receipt_number", "state", "state_name")}
    assert again["open_alike"] == [told]
    other = client.post(CASES, json=application(number=1), headers=key("other")).get_json()
    assert other["open_alike"] == []


def test_another_name_than_the_one_registered_for_the_number_is_taken_and_told(client):
    person, name = register(client), application()["fields"]["applicant_name"]
    other = application()
    other["fields"]["applicant_name"] = "赵无名"
    for number, more in enumerate(({}, {"person": person})):
        told = client.post(CASES, json={**other, **more}, headers=key(f"other {number}")).get_json()
        assert (told["person"], told["registered_as"]) == (person, mask_name(name))
    same = application()
    same["fields"]["applicant_name"] = f"{name[0]} {name[1:]}"
    assert client.post(CASES, json=same, headers=key("same")).get_json()["registered_as"] == ""
    nobody = client.post(CASES, json=application(number=1), headers=key("nobody")).get_json()
    assert (nobody["person"], nobody["registered_as"]) == ("", "")


def test_a_repeated_request_gets_the_first_answer_byte_for_byte_and_nothing_is_stored_again(client):
    body = application()
    first = client.post(CASES, json=body, headers=key("once"))
    again = client.post(CASES, json=body, headers=key("once"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(client.get(CASES).get_json()["cases"]) == 1


def test_a_repetition_is_answered_even_when_it_would_be_refused_today(client, clock):
    body = application()
    first = client.post(CASES, json=body, headers=key("once"))
    clock.now_ms += 40 * 24 * 3_600_000
    client.post("/api/v1/session", json={"name": "wang", "password": "Shiqiao-2025"})
    assert client.post(CASES, json=body, headers=key("new")).status_code == 409
    again = client.post(CASES, json=body, headers=key("once"))
    assert (again.status_code, again.data) == (201, first.data)


def test_a_key_used_for_something_else_is_refused(client):
    client.post(CASES, json=application(), headers=key("once"))
    other = client.post(CASES, json=application(number=1), headers=key("once"))
    assert other.status_code == 422
    assert other.get_json()["type"] == "urn:yizhan:problem:key-reused"
    assert len(client.get(CASES).get_json()["cases"]) == 1


def test_two_people_may_use_the_same_key_by_chance(sign_in):
    first = sign_in("wang").post(CASES, json=application(), headers=key("1"))
    second = sign_in("zhang").post(CASES, json=application(), headers=key("1"))
    assert first.get_json()["receipt_number"] != second.get_json()["receipt_number"]


def test_the_list_goes_page_by_page_newest_first_and_names_nobody_in_full(client, clock):
    for number in range(5):
        clock.now_ms += 60_000
        client.post(CASES, json=application(number=number), headers=key(str(number)))
    seen, cursor = [], ""
    while True:
        page = client.get(f"{CASES}?limit=2&cursor={cursor}").get_json()
        seen += page["cases"]
        cursor = page["next"] or ""
        if not cursor:
            break
    assert [row["receipt_number"][20:24] for row in seen] == ["0005", "0004", "0003", "0002", "0001"]
    assert all(row["applicant"].endswith("*") for row in seen)
    assert {(row["station"], row["station_name"]) for row in seen} == {(SID, "石桥村便民服务站")}


def test_the_list_can_be_narrowed_to_a_state_and_a_station(client, case):
    assert len(client.get(f"{CASES}?state=received&station={SID}").get_json()["cases"]) == 1
    assert client.get(f"{CASES}?state=approved").get_json() == {"cases": [], "next": None}
    assert client.get(f"{CASES}?station=other").get_json()["cases"] == []


def test_a_row_says_which_photos_are_here_and_how_far_the_case_has_come(client, case):
    (row,) = client.get(CASES).get_json()["cases"]
    assert row["materials"] == {"held": 2, "photos": 2}
    assert row["custody"] == {
        "reached": "village",
        "materials_held": 2,
        "materials": 2,
        "sentence": "已到村站（材料 2/2）",
    }


def test_a_case_shows_its_log_and_hides_its_people(client, station, case):
    shown = client.get(f"{CASES}/{case['id']}")
    told = shown.get_json()
    values = application()["fields"]
    assert [event["name"] for event in told["log"]] == ["收件"]
    assert {field["label"] for field in told["fields"]} >= {"申请人姓名", "证件号码", "联系电话"}
    for name in ("applicant_name", "id_number", "phone", "bank_card", "address"):
        assert values[name] not in shown.text
    assert told["materials"][0]["photos"][0] == {"number": 1, "type": "image/jpeg", "size": len(JPEG), "held": True}
    assert {"type": "accepted", "name": "受理"} in told["acts"]


def test_who_read_a_case_or_a_photo_is_audited(client, station, case):
    client.get(f"{CASES}/{case['id']}")
    client.get(f"{CASES}/{case['id']}/materials/1")
    station.node.write(lambda tx: None)  # what was posted before is on disk now
    told = station.node.read(lambda reader: entries_about(reader, case["id"]))
    assert [(entry.actor, entry.action) for entry in told] == [
        ("acct:wang", "received"),
        ("acct:wang", "case_read"),
        ("acct:wang", "material_read"),
    ]


def test_seeing_a_person_in_full_takes_a_reason_and_is_audited_first(client, station, case):
    path = f"{CASES}/{case['id']}/identity"
    assert client.post(path, json={}).status_code == 422
    told = client.post(path, json={"reason": "与身份证原件核对"}).get_json()
    assert told["fields"]["id_number"] == application()["fields"]["id_number"]
    (entry,) = [
        entry
        for entry in station.node.read(lambda reader: entries_about(reader, case["id"]))
        if entry.action == "identity_revealed"
    ]
    assert (entry.actor, entry.detail) == ("acct:wang", "与身份证原件核对")


def test_a_number_typed_as_the_reason_does_not_enter_the_audit(client, station, case):
    client.post(f"{CASES}/{case['id']}/identity", json={"reason": "核对 990281194103150022"})
    told = station.node.read(lambda reader: entries_about(reader, case["id"]))
    assert [entry.detail for entry in told if entry.action == "identity_revealed"] == ["核对 990***********0022"]


def test_a_photo_comes_back_byte_for_byte_under_its_own_type(client, case):
    first = client.get(f"{CASES}/{case['id']}/materials/1")
    second = client.get(f"{CASES}/{case['id']}/materials/2")
    assert (first.data, first.mimetype) == (JPEG, "image/jpeg")
    assert (second.data, second.mimetype) == (png(), "image/png")
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{CASES}/{case['id']}/materials/3").status_code == 404


def test_a_village_accepts_and_begins_the_review_and_does_not_decide_what_the_county_decides(sign_in, client, case):
    head = sign_in("zhang")
    assert act(client, case, "acceptance").get_json()["state"] == "accepted"
    assert act(client, case, "review").get_json()["state"] == "in_review"
    refused = act(head, case, "decision", decision="approve")
    assert refused.status_code == 403
    assert "本级无权办理" in refused.get_json()["detail"]
    assert client.get(f"{CASES}/{case['id']}").get_json()["state"] == "in_review"


def test_a_received_case_is_sent_back_once_with_everything_that_is_missing(client, case):
    assert act(client, case, "return").status_code == 422
    told = act(client, case, "return", reason="缺少户口簿首页").get_json()
    assert (told["state"], told["act_name"]) == ("supplement_before", "补正告知")
    log = client.get(f"{CASES}/{case['id']}").get_json()["log"]
    assert log[-1]["note"] == "缺少户口簿首页"
    told = act(client, case, "return", reason="逾期未补正").get_json()
    assert (told["state"], told["act_name"]) == ("returned", "退件")


def test_a_case_is_withdrawn_at_the_citizens_wish(client, case):
    assert act(client, case, "withdrawal", reason="申请人改变主意").get_json()["state"] == "withdrawn"
    assert act(client, case, "acceptance").status_code == 403


def test_an_act_repeated_under_its_key_is_done_once(client, case):
    path = f"{CASES}/{case['id']}/acceptance"
    first = client.post(path, json={}, headers=key("a"))
    again = client.post(path, json={}, headers=key("a"))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(client.get(f"{CASES}/{case['id']}").get_json()["log"]) == 2


def test_one_key_serves_one_address(client, case):
    client.post(f"{CASES}/{case['id']}/acceptance", json={}, headers=key("a"))
    assert client.post(f"{CASES}/{case['id']}/review", json={}, headers=key("a")).status_code == 422


def test_a_doubtful_clock_gives_no_receipt_until_someone_confirms_it(client, clock):
    clock.now_ms = START_MS - 3_600_000
    refused = client.post(CASES, json=application(), headers=key("1"))
    assert refused.status_code == 409
    assert refused.get_json()["type"] == "urn:yizhan:problem:clock-doubtful"
    assert "2025-09-26 13:04" in refused.get_json()["detail"]
    wrong = client.post(CASES, json={**application(), "confirmed_time": "2025-09-26T15:00"}, headers=key("1"))
    assert wrong.status_code == 409
    assert "校正" in wrong.get_json()["detail"]
    told = client.post(CASES, json={**application(), "confirmed_time": "2025-09-26T13:05"}, headers=key("1"))
    assert told.status_code == 201
    log = client.get(f"{CASES}/{told.get_json()['id']}").get_json()["log"]
    assert log[0]["clock"] == "confirmed"
    assert client.post(CASES, json=application(number=1), headers=key("2")).status_code == 201


def test_by_a_clock_that_was_set_back_by_decades_nobody_is_taken_for_unborn(client, clock):
    clock.now_ms -= 95 * 366 * 24 * 3_600_000
    for number in range(3):
        refused = client.post(CASES, json=application(number=number), headers=key(str(number)))
        assert refused.status_code == 409
        assert refused.get_json()["type"] == "urn:yizhan:problem:clock-doubtful"


def test_identity_numbers_are_kept_in_one_form(client, station):
    body = application()
    old = "990281410315002"
    body["fields"]["id_number"] = old
    told = client.post(CASES, json=body, headers=key("1"))
    assert told.status_code == 201, told.text
    fields = client.post(f"{CASES}/{told.get_json()['id']}/identity", json={"reason": "核对"}).get_json()["fields"]
    assert fields["id_number"] == "99028119410315002" + fields["id_number"][-1]


def test_items_are_listed_and_shown_with_their_form(client):
    told = client.get("/api/v1/items").get_json()["items"]
    assert {one["name"] for one in told} >= {"高龄津贴"}
    shown = client.get(f"/api/v1/items/{item().code}").get_json()
    assert shown["promise"] == "22 个工作日"
    told = {one["name"]: one for one in shown["materials"]}
    assert told["户口簿"].items() >= {"required": True, "may_follow": False, "necessity": "0", "copies": "1"}.items()
    assert {one["name"] for one in shown["guide"]} >= {"conditions", "steps"}
    assert shown["notice"].startswith("示例")


def test_what_free_text_says_of_numbers_is_hidden_too(client, case):
    act(client, case, "return", reason="请补正，电话 13812345678，身份证 990281194103150022")
    (note,) = [event["note"] for event in client.get(f"{CASES}/{case['id']}").get_json()["log"] if event["note"]]
    assert "13812345678" not in note
    assert "990281194103150022" not in note


def test_photos_in_base64_with_the_wrong_claim_are_refused_by_content(client, keep_unchanged):
    keep_unchanged()
    body = application()
    body["materials"][0]["photos"] = [encoded(png(), "image/jpeg"), {"data": base64.b64encode(b"GIF89a").decode()}]
    refused = client.post(CASES, json=body, headers=key("1")).get_json()
    assert [one["field"] for one in refused["errors"]] == ["materials.0.photos.0", "materials.0.photos.1"]


def entered(station, name="li"):
    client = build_app(station, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
    return client


def test_a_township_decides_what_is_the_townships_and_completes_it(make_station):
    client = entered(make_station("t3k9m", township=True))
    case = client.post(CASES, json=application("生育登记"), headers=key("1")).get_json()
    assert case["custody"]["sentence"] == "已到乡镇"
    states = [
        act(client, case, what, **body).get_json()["state"]
        for what, body in (
            ("acceptance", {}),
            ("review", {}),
            ("decision", {"decision": "approve"}),
            ("completion", {}),
        )
    ]
    assert states == ["accepted", "in_review", "approved", "completed"]


def test_a_denial_says_why(make_station):
    client = entered(make_station("t3k9m", township=True))
    case = client.post(CASES, json=application("生育登记"), headers=key("1")).get_json()
    act(client, case, "acceptance")
    act(client, case, "review")
    refused = act(client, case, "decision", decision="deny")
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "reason")
    assert act(client, case, "decision", decision="deny", reason="材料不实").get_json()["state"] == "denied"


def test_a_copied_directory_gives_no_receipt_until_it_has_a_device_code_of_its_own(make_station, tmp_path, clock):
    station = make_station()
    entered(station).post(CASES, json=application(), headers=key("1"))
    station.node.close()
    copy = shutil.copytree(tmp_path / SID, tmp_path / "copy")
    with Node.open(copy, clock=clock) as node:
        client = entered(build_station(node, read({}), passwords=Passwords(memory_kib=64, passes=1)))
        refused = client.post(CASES, json=application(number=1), headers=key("2"))
        assert refused.get_json()["type"] == "urn:yizhan:problem:not-enrolled"
        enter_code(node, str(EnrolmentCode(SID, "02", "7KXW9RTB2C")))
        told = client.post(CASES, json=application(number=1), headers=key("2")).get_json()
        assert parse_receipt_number(told["receipt_number"]).device == "02"


def test_the_list_is_sorted_and_narrowed_as_asked(sign_in, clock):
    first = sign_in("wang").post(CASES, json=application("高龄津贴"), headers=key("1")).get_json()
    clock.now_ms += 2 * 86_400_000
    client = sign_in("wang")
    second = client.post(CASES, json=application("生育登记", number=1), headers=key("2")).get_json()

    def listed(**query):
        return [one["id"] for one in client.get(CASES, query_string=query).get_json()["cases"]]

    assert listed() == [second["id"], first["id"]]
    assert listed(sort="due") == [first["id"], second["id"]]
    assert listed(item=item("生育登记").code) == [second["id"]]
    assert listed(received_to="2025-09-27") == [first["id"]]
    assert listed(received_from="2025-09-27", state="received,accepted") == [second["id"]]
    assert listed(q=county().people[1].name) == [second["id"]]
    assert listed(q="没有这样的人") == []
    assert listed(q="没" * 300) == []
    for order in ("received", "due"):
        for turn in ("", "here", "centre"):
            assert listed(q="没有这样的人", sort=order, turn=turn) == []
            assert listed(q=county().people[1].name, sort=order, turn=turn) in ([], [second["id"]])
    assert listed(light="red") == []
    assert listed(assignee="me") == [second["id"], first["id"]]
    act(client, first, "passing", assignee="li", reason="请假")
    assert listed(assignee="mine") == [second["id"]]
    assert listed(assignee="li", sort="due", light="green") == [first["id"]]
    clock.now_ms += 30 * 86_400_000
    client = sign_in("wang")
    assert listed(light="red", sort="due") == [first["id"], second["id"]]
