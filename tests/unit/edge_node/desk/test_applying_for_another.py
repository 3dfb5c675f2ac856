"""Somebody who applies for another shows a 授权委托书: it is asked for until it is filed, and the slip names him.

What he is to the applicant is asked where he is named; an authority that is on record counts as the paper does.
"""

import pytest

from fixtures.county import county
from sync.store.ledger.audit import entries_about
from tests.unit.edge_node.applications import JPEG, application, encoded, item, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.edge_node.registering import PEOPLE, register
from tests.unit.forms import errors_on, form_on, read, send

CASES = "/api/v1/cases"
WARNED = "还没有存档的材料：授权委托书"


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
    assert "待存档：授权委托书。" in page


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
    assert "待存档" not in read(client, f"/cases/{case}/prints/receipt")


AGENT = county().people[3]


@pytest.fixture
def applicant(client):
    """Somebody who is registered and has given nobody authority yet."""
    return register(client)


def entrust(client, person, **more):
    terms = {"kind": "errand", "item": item().code, "agent": AGENT.name, "until": "2026-12-31", "means": "signature"}
    answer = client.post(f"{PEOPLE}/{person}/consents", json={**terms, **more})
    assert answer.status_code == 200, answer.text


def take_for(client, name="first", agent=None):
    body = application()
    body["situations"] = {"by": "other"}
    body["fields"]["agent_name"] = AGENT.name
    body |= {"agent": agent} if agent else {}
    answer = client.post(CASES, json=body, headers=key(name))
    assert answer.status_code == 201, answer.text
    return client.get(f"{CASES}/{answer.get_json()['id']}").get_json()


def begun_for_another(client, **agent):
    """A draft with somebody who comes for the applicant, and what is told of him."""
    draft = begin(client, address_of(), **{"situations.by": "other"})
    fill(client, draft, {**filled(), "fields.agent_name": AGENT.name})
    return draft, say(client, draft, **agent)


def say(client, draft, go="on", **agent):
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    told = {f"agent.{name}": value for name, value in agent.items()}
    return send(client, f"{draft}/applicant", {**shown, **told, "go": go})


def test_the_wizard_asks_what_the_agent_is_to_the_applicant_where_he_is_named(client):
    draft, _answer = begun_for_another(client)
    assert "请选择代办人是申请人的什么人" in errors_on(say(client, draft, go="next").text)[0]
    assert "请选择代办人是申请人的什么人" in read(client, f"{draft}/confirm")
    assert say(client, draft, go="next", relation="child").status_code == 303
    page = read(client, f"{draft}/confirm")
    assert "代办人是申请人的" in page
    assert "没有登记给这位代办人的代办委托" in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = client.get(f"{CASES}/{client.get(CASES).get_json()['cases'][0]['id']}").get_json()
    assert {"name": "agent_relation", "label": "代办人是申请人的", "value": "子女"} in case["fields"]
    assert case["unfiled_papers"] == ["授权委托书"]
    assert "（子女）" in read(client, f"/cases/{case['id']}/prints/receipt")


def test_a_guardian_is_asked_for_the_proof_that_he_is_one_and_for_no_authority(client):
    draft, _answer = begun_for_another(client, relation="guardian")
    assert "监护人不用授权委托书" in read(client, f"{draft}/applicant")
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = client.get(CASES).get_json()["cases"][0]["id"]
    assert client.get(f"{CASES}/{case}").get_json()["unfiled_papers"] == ["监护证明"]
    assert "还没有存档的材料：监护证明" in read(client, f"/cases/{case}")
    assert "监护证明" in read(client, f"/cases/{case}/papers")
    brought = {"materials": [{"name": "监护证明", "photos": [encoded(JPEG)]}]}
    assert client.post(f"{CASES}/{case}/materials", json=brought, headers=key("proof")).status_code == 200
    assert client.get(f"{CASES}/{case}").get_json()["unfiled_papers"] == []


def test_a_relation_without_an_agent_is_asked_back(client):
    draft = begin(client, address_of())
    fill(client, draft, filled())
    assert "请填写代办人姓名" in say(client, draft, go="next", relation="child").text


def test_the_number_of_the_agent_is_checked_kept_masked_and_never_the_applicants(client):
    draft, _answer = begun_for_another(client, relation="child", id_number="110105194912310021")
    assert "代办人公民身份号码：身份证号码校验位不对" in read(client, f"{draft}/confirm")
    say(client, draft, id_number=county().people[0].id_number)
    assert "这是申请人本人的号码" in read(client, f"{draft}/confirm")
    say(client, draft, id_number=AGENT.id_number)
    page = read(client, f"{draft}/confirm")
    assert AGENT.id_number not in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = client.get(f"{CASES}/{client.get(CASES).get_json()['cases'][0]['id']}").get_json()
    (shown,) = [one["value"] for one in case["fields"] if one["name"] == "agent_id_number"]
    assert shown == f"{AGENT.id_number[:3]}***********{AGENT.id_number[-4:]}"


def test_an_authority_on_record_counts_and_the_case_says_by_which(client, applicant):
    entrust(client, applicant, agent_id_number=AGENT.id_number)
    draft, _answer = begun_for_another(client, relation="other")
    page = read(client, f"{draft}/applicant")
    assert "按已登记的代办委托办理：2025-09-26 登记（签字），有效至 2026-12-31" in page
    assert "不用再交授权委托书" in page
    assert "它的签字件还没有拍照存档" in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = client.get(f"{CASES}/{client.get(CASES).get_json()['cases'][0]['id']}").get_json()
    assert case["unfiled_papers"] == []
    assert (case["authority_on_record"]["until"], case["authority_on_record"]["unfiled"]) == ("2026-12-31", True)
    page = read(client, f"/cases/{case['id']}")
    assert WARNED not in page
    assert "按已登记的代办委托办理" in page
    assert "按已登记的代办委托办理" in read(client, f"/cases/{case['id']}/prints/receipt")


@pytest.mark.parametrize(
    "terms",
    [
        {"item": "QX-RS-0001"},
        {"agent": "别人"},
        {"agent_id_number": county().people[4].id_number},
    ],
    ids=["another item", "another agent", "another of his name"],
)
def test_an_authority_for_something_else_counts_for_nothing(client, applicant, terms):
    entrust(client, applicant, **terms)
    case = take_for(client, agent={"relation": "other", "id_number": AGENT.id_number})
    assert (case["unfiled_papers"], case["authority_on_record"]) == (["授权委托书"], None)


def test_one_that_ended_before_the_day_counts_no_more_and_one_that_ended_since_did(client, applicant, clock, sign_in):
    entrust(client, applicant, until="2025-09-27")
    before = take_for(client)
    clock.now_ms += 3 * 86_400_000
    client = sign_in("wang")
    after = take_for(client, "second")
    assert client.get(f"{CASES}/{before['id']}").get_json()["unfiled_papers"] == []
    assert after["unfiled_papers"] == ["授权委托书"]


def test_one_that_is_registered_later_counts_from_then_on_until_it_is_taken_back(client, applicant):
    case = take_for(client)
    assert case["unfiled_papers"] == ["授权委托书"]
    entrust(client, applicant)
    assert client.get(f"{CASES}/{case['id']}").get_json()["unfiled_papers"] == []
    taken_back = {"action": "withdraw", "kind": "errand", "item": item().code}
    assert client.post(f"{PEOPLE}/{applicant}/consents", json=taken_back).status_code == 200
    assert client.get(f"{CASES}/{case['id']}").get_json()["unfiled_papers"] == ["授权委托书"]


def test_a_case_that_is_over_says_under_which_authority_it_was_received(client, applicant):
    entrust(client, applicant)
    case = take_for(client)["id"]
    taken_back = {"action": "withdraw", "kind": "errand", "item": item().code}
    assert client.post(f"{PEOPLE}/{applicant}/consents", json=taken_back).status_code == 200
    assert client.get(f"{CASES}/{case}").get_json()["authority_on_record"] is None
    assert client.post(f"{CASES}/{case}/withdrawal", json={"reason": "不办了"}).status_code == 200
    assert client.get(f"{CASES}/{case}").get_json()["authority_on_record"]["until"] == "2026-12-31"


def test_the_number_of_who_runs_an_errand_is_asked_for_masked_and_seen_in_full_only_for_a_reason(
    client, station, applicant
):
    address = f"/people/{applicant}/acts/entrust"
    values = form_on(read(client, address), "agent")["values"]
    values |= {"item": item().name, "agent": AGENT.name, "until": "2026-12-31", "means": "fingerprint"}
    refused = send(client, address, values)
    assert "受托人身份证号码" in errors_on(refused.text)[0]
    wrong = send(client, address, {**values, "agent_id_number": "110105194912310021"})
    assert "校验位" in wrong.text
    assert send(client, address, {**values, "agent_id_number": AGENT.id_number}).status_code == 303
    masked = f"{AGENT.id_number[:3]}***********{AGENT.id_number[-4:]}"
    page = read(client, f"/people/{applicant}")
    assert masked in page
    assert AGENT.id_number not in page
    (told,) = client.get(f"{PEOPLE}/{applicant}").get_json()["consents"]
    assert told["agent_id_number"] == masked
    shown = send(client, f"/people/{applicant}/identity", {**form_on(page, "why")["values"], "why": "核对委托书"}).text
    assert AGENT.id_number in shown
    assert AGENT.name in shown
    entries = station.node.engine.read(lambda reader: entries_about(reader, applicant))
    assert "identity_revealed" in [one.action for one in entries]
