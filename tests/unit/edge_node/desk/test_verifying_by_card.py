"""读卡核验 of a registered person: what a card shows is noted, and nothing of a card that is somebody else's."""

import pytest

from edge_node.devices.simulator import INVENTED
from edge_node.wiring import build_app
from sync.http_api.feeds import FeedGate
from tests.described import held_to_description
from tests.unit.edge_node.applications import key
from tests.unit.forms import read, send

PEOPLE = "/api/v1/people"


@pytest.fixture
def app(station_with_reader):
    return held_to_description(build_app(station_with_reader, FeedGate()))


@pytest.fixture
def person(client):
    told = {"name": INVENTED["name"], "cert_kind": "id_card", "cert_number": INVENTED["citizenId"]}
    return client.post(PEOPLE, json=told, headers=key("1")).get_json()["id"]


def verify(client, person):
    page = read(client, f"/people/{person}")
    form = page.partition(f'action="/people/{person}/card"')[2]
    hidden = {name: form.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("key", "csrf_token")}
    answer = send(client, f"/people/{person}/card", hidden)
    assert answer.headers["Location"] == f"/people/{person}"
    return read(client, f"/people/{person}"), lambda: send(client, f"/people/{person}/card", hidden)


def told(client, person):
    one = client.get(f"{PEOPLE}/{person}").get_json()
    return {field["name"]: field["value"] for field in one["fields"]}, [event["type"] for event in one["log"]]


def test_a_card_that_is_his_verifies_him_once(client, person, simulator):
    assert told(client, person)[0]["proof"] == "未核验"
    simulator[0].put({})
    page, again = verify(client, person)
    assert "已办理“核验”" in page
    again()
    fields, log = told(client, person)
    assert (fields["source"], fields["proof"]) == ("读卡", "读卡")
    assert log == ["registered", "verified"]


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"name": "赵大壮"}, "与这里登记的姓名或号码不一致"),
        ({"citizenId": "990281197001010025"}, "与这里登记的姓名或号码不一致"),
        (None, "读卡器没有放卡"),
    ],
)
def test_nothing_is_noted_of_a_card_that_is_not_his_or_not_there(client, person, simulator, card, said):
    simulator[0].put(card)
    page, _ = verify(client, person)
    assert said in page
    assert "赵大壮" not in page
    fields, log = told(client, person)
    assert (fields["proof"], log) == ("未核验", ["registered"])


def test_of_whoever_died_no_card_is_asked_for(client, person):
    client.post(f"{PEOPLE}/{person}/death", json={"died_on": "2025-09-20", "reason": "家属告知"})
    assert "读卡核验" not in read(client, f"/people/{person}")
