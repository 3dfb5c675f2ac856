"""预警通知 at the centre: published once, signed, withdrawn, through the API, the console and the command line."""

import pytest

from sync.custody.alerts import alert_document, read_alert
from sync.errors import BadRequest, Unauthorized
from sync.records.ids import PUBLIC
from sync.store.ledger.alerts import alerts_in_force, find_alert
from sync.store.ledger.audit import entries_about
from sync.trust.keys import generate
from sync.typed import replace
from sync.values.documents import Document, Wanted
from tests.unit.central.conftest import TOWNSHIP
from tests.unit.forms import form_on, read, send

ALERTS = "/api/v1/alerts"
FLOOD = {
    "severity": "orange",
    "title": "暴雨橙色预警",
    "text": "今晚有大暴雨。\n低洼处请转移，值班电话见墙上。",
    "audience": "",
    "until": "2025-09-27T08:00",
}


def key(name):
    return {"Idempotency-Key": name}


def published(node, code):
    (found,) = node.documents.database(PUBLIC).read([Wanted(f"alert:{code}")])
    assert isinstance(found, Document)
    return read_alert(found.id, found.body, centre_key=node.identity.keys.public)


def test_an_alert_is_published_once_under_the_centres_signature_and_withdrawn_by_one_more_issue(node, supervisor):
    answer = supervisor.post(ALERTS, json=FLOOD, headers=key("1"))
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["severity_name"], told["audience_name"], told["state"]) == ("橙色预警", "全部站点", "in_force")
    assert told["until"] == "2025-09-27T08:00:00+08:00"
    assert supervisor.post(ALERTS, json=FLOOD, headers=key("1")).get_json() == told
    assert [one["code"] for one in supervisor.get(ALERTS).get_json()["alerts"]] == [told["code"]]
    alert = published(node, told["code"])
    assert (alert.text, alert.issue, alert.withdrawn) == (FLOOD["text"], 1, False)
    assert supervisor.post(f"{ALERTS}/{told['code']}/withdrawal", json={}).get_json()["state"] == "withdrawn"
    assert published(node, told["code"]) == replace(alert, issue=2, withdrawn=True)
    assert node.read(lambda reader: alerts_in_force(reader, now_ms=node.clock())) == ()
    assert supervisor.post(f"{ALERTS}/{told['code']}/withdrawal", json={}).status_code == 409
    assert supervisor.post(f"{ALERTS}/{'0' * 12}/withdrawal", json={}).status_code == 404
    entries = node.engine.read(lambda reader: entries_about(reader, f"alert:{told['code']}"))
    assert [(one.action, one.actor) for one in entries] == [
        ("alert_published", "acct:zhou"),
        ("alert_withdrawn", "acct:zhou"),
    ]


def test_what_is_in_force_is_not_published_a_second_time_by_whoever_comes_back_to_its_form(supervisor):
    for number in range(2):
        form = form_on(read(supervisor, "/alerts"), "title")["values"]
        answer = send(supervisor, "/alerts", {**form, **FLOOD})
        assert answer.status_code == (409 if number else 303)
    assert "一样的预警通知已经发布，正在生效，没有再发布一次" in answer.text
    assert form_on(answer.text, "title")["values"]["title"] == FLOOD["title"]
    (told,) = supervisor.get(ALERTS).get_json()["alerts"]
    assert supervisor.post(ALERTS, json=FLOOD, headers=key("2")).status_code == 409
    assert supervisor.post(f"{ALERTS}/{told['code']}/withdrawal", json={}).status_code == 200
    assert supervisor.post(ALERTS, json=FLOOD, headers=key("3")).status_code == 201


WRONG = (
    ({"severity": "purple"}, "severity"),
    ({"title": " "}, "title"),
    ({"title": "雨" * 61}, "title"),
    ({"title": "暴雨\u202e"}, "title"),
    ({"text": ""}, "text"),
    ({"text": "雨\n" * 501}, "text"),
    ({"audience": "nobody"}, "audience"),
    ({"until": "tomorrow"}, "until"),
    ({"until": "2025-09-26T14:00"}, "until"),
    ({"until": "2027-09-26T14:00"}, "until"),
)


def test_what_is_wrong_is_named_and_nothing_is_published(node, supervisor):
    before = node.documents.database(PUBLIC).info().update_seq
    for wrong, member in WRONG:
        answer = supervisor.post(ALERTS, json={**FLOOD, **wrong}, headers=key("1"))
        assert answer.status_code == 422
        assert [one["field"] for one in answer.get_json()["errors"]] == [member]
    assert node.documents.database(PUBLIC).info().update_seq == before


def test_an_administrator_looks_and_publishes_nothing(sign_in):
    root = sign_in("root")
    assert root.get(ALERTS).status_code == 200
    assert root.post(ALERTS, json=FLOOD, headers=key("1")).status_code == 403


def test_nobody_but_the_centre_signs_and_an_alert_stands_under_its_own_id(node, supervisor):
    code = supervisor.post(ALERTS, json=FLOOD, headers=key("1")).get_json()["code"]
    alert, key_of_centre = published(node, code), node.identity.keys.public
    with pytest.raises(Unauthorized):
        read_alert(alert.id, alert_document(generate(), alert), centre_key=key_of_centre)
    with pytest.raises(BadRequest):
        read_alert("alert:000000000000", alert_document(node.identity.keys, alert), centre_key=key_of_centre)


def test_of_many_stations_a_single_village_is_chosen_on_its_own_page(enrolled, supervisor, monkeypatch):
    monkeypatch.setattr("central.console.alerts._MOST_CHOICES", 1)
    enrolled("柳河镇", TOWNSHIP)
    sid = enrolled().identity.sid
    assert f'value="{sid}"' not in supervisor.get("/alerts").text
    station = supervisor.get(f"/stations/{sid}").text
    assert f'href="/alerts?audience={sid}"' in station
    assert f'<option value="{sid}" selected>石桥村</option>' in supervisor.get(f"/alerts?audience={sid}").text


def test_the_console_publishes_for_a_township_and_takes_back(node, enrolled, supervisor):
    sid = enrolled("柳河镇", TOWNSHIP).identity.sid
    form = {"csrf_token": _token(supervisor), "key": "k1", **FLOOD, "audience": sid}
    assert "请写明有效到" in supervisor.post("/alerts", data={**form, "until": ""}).text
    assert supervisor.post("/alerts", data=form).status_code == 303
    shown = supervisor.get("/alerts").text
    assert "柳河镇" in shown
    assert "暴雨橙色预警" in shown
    (alert,) = node.read(lambda reader: alerts_in_force(reader, now_ms=node.clock()))
    assert alert.audience == sid
    again = supervisor.post("/alerts", data={**form, "title": "另一条"})
    assert 'value="另一条"' in again.text
    assert (again.status_code, "已经发布过一条" in again.text) == (409, True)
    assert supervisor.post(f"/alerts/{alert.code}/withdrawal", data=form).status_code == 303
    assert node.read(lambda reader: find_alert(reader, alert.code)).withdrawn


def _token(client):
    return client.get("/alerts").text.partition('name="csrf_token" value="')[2].partition('"')[0]
