"""An application without papers it must have: refused, or taken and told of at once where it is said so."""

from tests.unit.edge_node.applications import application, key

CASES = "/api/v1/cases"


def without(*names, **others):
    body = application(follow=True)
    return {**body, "materials": [one for one in body["materials"] if one["name"] not in names], **others}


def told(client, case):
    return client.get(f"{CASES}/{case['id']}").get_json()


def test_by_default_it_is_refused(client):
    refused = client.post(CASES, json=without("近期照片"), headers=key("one"))
    assert refused.status_code == 422
    assert [one["message"] for one in refused.get_json()["errors"]] == ["缺少材料：近期照片"]


def test_it_is_received_and_everything_missing_is_told_with_it(client):
    answer = client.post(CASES, json=without("近期照片", incomplete=True), headers=key("one"))
    assert answer.status_code == 201
    taken = answer.get_json()
    assert (taken["state"], taken["state_name"]) == ("supplement_before", "待补正（受理前）")
    case = told(client, taken)
    assert [event["type"] for event in case["log"]] == ["received", "supplement_asked"]
    assert case["received_at"] == taken["received_at"]
    assert [(gap["material"], gap["what"]) for gap in case["gaps"]] == [
        ("银行卡", "没有提交，可容缺后补"),
        ("近期照片", "没有提交"),
    ]
    notice = client.get(f"{CASES}/{taken['id']}/prints/notice").get_json()
    assert "近期照片" in str(notice)
    body = {"materials": [{"name": "近期照片"}]}
    brought = client.post(f"{CASES}/{taken['id']}/materials", json=body, headers=key("two")).get_json()
    assert brought["state"] == "received"  # the other may follow
    again = client.post(CASES, json=without("近期照片", incomplete=True), headers=key("one"))
    assert again.data == answer.data


def test_what_is_wrong_with_the_form_is_refused_either_way(client):
    body = without("近期照片", incomplete=True)
    refused = client.post(CASES, json={**body, "fields": {**body["fields"], "phone": ""}}, headers=key("one"))
    assert refused.status_code == 422
    assert [one["field"] for one in refused.get_json()["errors"]] == ["fields.phone"]


def test_nothing_is_told_where_nothing_necessary_is_missing(client):
    taken = client.post(CASES, json=without(incomplete=True), headers=key("one")).get_json()
    assert taken["state"] == "received"
