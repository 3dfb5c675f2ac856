"""Somebody who applies for another shows a 授权委托书: it is asked for until it is filed, and the slip names him."""

from tests.unit.edge_node.applications import JPEG, application, encoded, key
from tests.unit.forms import read

CASES = "/api/v1/cases"
WARNED = "签字材料还没有存档：授权委托书"


def taken_for_another(client):
    body = application()
    body["situations"] = {"by": "other"}
    body["fields"]["agent_name"] = "王二"
    answer = client.post(CASES, json=body, headers=key("first"))
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


def test_the_slip_names_who_applies_for_the_applicant_and_what_is_to_be_signed(client):
    page = read(client, f"/cases/{taken_for_another(client)}/prints/receipt")
    assert "代办人" in page
    assert "王*" in page
    assert "待签字存档：授权委托书。" in page


def test_the_case_warns_beside_its_buttons_until_the_paper_is_filed(client):
    case = taken_for_another(client)
    assert client.get(f"{CASES}/{case}").get_json()["unfiled_papers"] == ["授权委托书"]
    assert WARNED in read(client, f"/cases/{case}")
    filed = client.post(
        f"{CASES}/{case}/materials",
        json={"materials": [{"name": "授权委托书", "photos": [encoded(JPEG)]}]},
        headers=key("paper"),
    )
    assert filed.status_code == 200, filed.text
    assert client.get(f"{CASES}/{case}").get_json()["unfiled_papers"] == []
    assert WARNED not in read(client, f"/cases/{case}")


def test_who_applies_himself_is_asked_for_none(client):
    case = client.post(CASES, json=application(), headers=key("first")).get_json()["id"]
    assert WARNED not in read(client, f"/cases/{case}")
    assert "待签字存档" not in read(client, f"/cases/{case}/prints/receipt")
