"""Papers handed in later over HTTP: what was asked for brings the case back, once, and nothing strange comes in."""

import base64

import pytest

from tests.unit.edge_node.applications import JPEG, application, key, png

CASES = "/api/v1/cases"


@pytest.fixture
def case(client):
    return client.post(CASES, json=application(photos=(JPEG,), follow=True), headers=key("first")).get_json()


@pytest.fixture
def asked(client, case):
    client.post(f"{CASES}/{case['id']}/return", json={"reason": "缺银行卡复印件"})
    return case


def bring(client, case, *materials, named="later", **others):
    body = {"materials": list(materials), **others}
    return client.post(f"{CASES}/{case['id']}/materials", json=body, headers=key(named))


def told(client, case):
    return client.get(f"{CASES}/{case['id']}").get_json()


CARD = {"name": "银行卡", "copies": 1, "photos": [{"type": "image/png", "data": base64.b64encode(png()).decode()}]}


def test_what_was_asked_for_brings_the_case_back_once(client, asked):
    answer = bring(client, asked, CARD)
    assert answer.status_code == 200
    assert (answer.get_json()["act"], answer.get_json()["state"]) == ("supplemented", "received")
    again = bring(client, asked, CARD)
    assert (again.status_code, again.data) == (200, answer.data)
    after = told(client, asked)
    assert [event["type"] for event in after["log"]].count("supplemented") == 1
    assert {paper["name"]: len(paper["photos"]) for paper in after["materials"]}["银行卡"] == 1
    assert client.get(f"{CASES}/{asked['id']}/materials/2").data == png()


def test_a_remark_alone_says_what_was_brought(client, asked):
    assert bring(client, asked, reason="银行卡复印件，当面核对").get_json()["act"] == "supplemented"


def test_what_nobody_waits_for_is_added_and_moves_nothing(client, case):
    assert bring(client, case, {"name": "身份证", "photos": []}).get_json()["act"] == "materials_added"
    assert told(client, case)["state"] == "received"


@pytest.mark.parametrize(
    ("materials", "field"),
    [
        ([{"name": "别人的材料"}], "materials.0.name"),
        ([CARD, {"name": "别人的材料"}], "materials.1.name"),
        ([{"name": "银行卡", "photos": [{"data": base64.b64encode(b"no photo").decode()}]}], "materials.0.photos.0"),
        ([{"name": "银行卡", "on_file": "case:k3m7q-0"}], "materials.0.on_file"),
        ([], "materials"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(client, asked, materials, field, keep_unchanged):
    keep_unchanged()
    answer = bring(client, asked, *materials)
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.get_json()["errors"]]


def test_a_key_is_asked_for_and_a_version_seen_before_is_not_acted_upon(client, asked):
    address = f"{CASES}/{asked['id']}/materials"
    assert client.post(address, json={"materials": [CARD]}).status_code == 400
    seen = client.get(f"{CASES}/{asked['id']}").headers["ETag"]
    assert bring(client, asked, CARD).status_code == 200
    late = client.post(address, json={"materials": [CARD]}, headers={**key("late"), "If-Match": seen})
    assert late.status_code == 412


def test_a_case_of_nobody_takes_nothing(client):
    strange = {"id": "case:k3m7q-00000000000000000000"}
    assert bring(client, strange, CARD).status_code == 404


def test_a_part_of_what_the_notice_names_is_kept_and_the_case_goes_on_waiting(client, case):
    gaps = [{"material": "银行卡", "what": "没有提交"}, {"material": "户口簿", "what": "缺户主页"}]
    client.post(f"{CASES}/{case['id']}/notice", json={"gaps": gaps})
    strange = bring(client, case, {"name": "身份证", "photos": []}, named="strange").get_json()
    assert (strange["act"], strange["state"]) == ("materials_added", "supplement_before")
    part = bring(client, case, CARD, named="part").get_json()
    assert (part["act"], part["state"]) == ("materials_added", "supplement_before")
    assert "银行卡" in [paper["name"] for paper in told(client, case)["materials"]]
    rest = bring(client, case, {"name": "户口簿", "photos": CARD["photos"]}, named="rest").get_json()
    assert (rest["act"], rest["state"]) == ("supplemented", "received")


def test_a_remark_without_papers_ends_the_wait_all_the_same(client, case):
    client.post(f"{CASES}/{case['id']}/notice", json={"gaps": [{"material": "银行卡", "what": "没有提交"}]})
    assert bring(client, case, reason="改为现金发放，不再需要银行卡").get_json()["state"] == "received"


def test_what_stands_on_a_paper_is_filled_in_with_it_and_nothing_else_is(client):
    body = application(number=3, follow=True)
    del body["fields"]["bank_card"]
    case = client.post(CASES, json=body, headers=key("left")).get_json()
    number = {"bank_card": "6222000011112222"}
    for named, fields in (("phone", {"phone": "15400001111"}), ("x", {"x" * 40: "1"})):
        refused = bring(client, case, CARD, named=named, fields=fields)
        assert (refused.status_code, refused.get_json()["errors"][0]["field"][:8]) == (422, f"fields.{named[0]}")
    alone = bring(client, case, named="alone", fields=number, reason="电话里说的")
    assert (alone.status_code, alone.get_json()["errors"][0]["field"]) == (422, "fields.bank_card")
    assert bring(client, case, CARD, named="both", fields=number).status_code == 200
    again = bring(client, case, CARD, named="again", fields=number)
    assert (again.status_code, again.get_json()["errors"][0]["field"]) == (422, "fields.bank_card")
