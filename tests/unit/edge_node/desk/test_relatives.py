"""亲属代查: a relative is told how a person's cases stand where the person lets him ask, and nobody else is."""

import pytest

from fixtures.county import county
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.registering import PEOPLE, register
from tests.unit.forms import errors_on, form_on, read, send

CASES, PAGE = "/api/v1/cases", "/people/relatives"
MOTHER, SON, NEIGHBOUR = county().people[0], county().people[1], county().people[2]
REFUSED = "没有登记有效的亲情关系"


@pytest.fixture
def people(client):
    """Mother, son and neighbour, by their ids; the mother has a case."""
    ids = [register(client, number) for number in range(3)]
    assert client.post(CASES, json=application(), headers=key("case")).status_code == 201
    return ids


def relate(client, person, other, **more):
    told = {"person": other, "kind": "child", "until": "2026-12-31", **more}
    answer = client.post(f"{PEOPLE}/{person}/relations", json=told)
    assert answer.status_code == 200, answer.text


def ask(client, relative, person):
    values = form_on(read(client, PAGE), "person_number")["values"]
    return send(client, PAGE, {**values, "relative_number": relative, "person_number": person})


def noted(station, action):
    rows = station.node.engine.read(
        lambda reader: list(reader.execute("SELECT actor, subject, detail FROM audit WHERE action = ?", (action,)))
    )
    return [tuple(row) for row in rows]


def test_a_relative_who_may_ask_is_told_how_it_stands_and_it_is_noted(client, station, people):
    mother, son, _neighbour = people
    relate(client, mother, son)
    answer = ask(client, SON.id_number, MOTHER.id_number)
    assert answer.status_code == 200, answer.text
    assert "高龄津贴" in answer.text
    assert "已收件" in answer.text
    for one in (MOTHER, SON):
        assert one.name not in answer.text
        assert one.id_number not in answer.text
    assert noted(station, "relative_query") == [("acct:wang", mother, son)]


def test_whoever_was_not_named_is_told_nothing_and_that_is_noted_too(client, station, people):
    mother, son, neighbour = people
    relate(client, mother, son)
    answer = ask(client, NEIGHBOUR.id_number, MOTHER.id_number)
    assert answer.status_code == 403
    assert REFUSED in answer.text
    assert "高龄津贴" not in answer.text
    assert ask(client, MOTHER.id_number, SON.id_number).status_code == 403  # it is told one way only
    assert noted(station, "relative_query_refused") == [("acct:wang", mother, neighbour), ("acct:wang", son, mother)]


def test_a_relation_that_ended_or_was_ended_or_of_somebody_who_died_lets_nobody_ask(client, people, clock, sign_in):
    mother, son, neighbour = people
    relate(client, mother, son)
    relate(client, mother, neighbour, kind="other", until="2025-09-26")
    assert ask(client, NEIGHBOUR.id_number, MOTHER.id_number).status_code == 200
    clock.now_ms += 86_400_000
    client = sign_in("wang")
    assert ask(client, NEIGHBOUR.id_number, MOTHER.id_number).status_code == 403
    ended = {"action": "end", "person": son}
    assert client.post(f"{PEOPLE}/{mother}/relations", json=ended).status_code == 200
    assert ask(client, SON.id_number, MOTHER.id_number).status_code == 403
    relate(client, mother, son)
    assert ask(client, SON.id_number, MOTHER.id_number).status_code == 200
    assert client.post(f"{PEOPLE}/{mother}/death", json={}).status_code == 200
    assert ask(client, SON.id_number, MOTHER.id_number).status_code == 403


def test_who_is_not_registered_is_said_beside_his_number_and_noted_without_it(client, station, people):
    stranger = county().people[9].id_number
    answer = ask(client, stranger, MOTHER.id_number)
    assert answer.status_code == 422
    assert "本站没有登记这个证件号码" in errors_on(answer.text)[0]
    assert noted(station, "relative_query_refused") == [("acct:wang", people[0], "")]
    assert "请填写" in errors_on(ask(client, "", MOTHER.id_number).text)[0]


def test_on_the_page_of_a_relative_one_press_asks_for_whoever_named_him(client, station, people):
    mother, son, _neighbour = people
    relate(client, mother, son)
    values = form_on(read(client, f"/people/{son}"), "relative")["values"]
    assert (values["person"], values["relative"]) == (mother, son)
    assert "高龄津贴" in send(client, PAGE, values).text
    assert len(noted(station, "relative_query")) == 1


def test_who_was_merged_into_another_is_asked_for_as_the_one_that_goes_on(client, people):
    mother, son, neighbour = people
    relate(client, mother, son)
    assert client.post(f"{PEOPLE}/{mother}/merge", json={"into": neighbour}).status_code == 200
    told = client.post(f"{PEOPLE}/{mother}/relative-queries", json={"relative": son}).get_json()
    assert [one["item_name"] for one in told["cases"]] == ["高龄津贴"]


def test_over_the_api_it_is_told_and_refused_alike(client, people):
    mother, son, neighbour = people
    relate(client, mother, son)
    told = client.post(f"{PEOPLE}/{mother}/relative-queries", json={"relative": son}).get_json()
    (case,) = told["cases"]
    assert (told["relation"], told["until"], case["state"], case["missing"]) == ("child", "2026-12-31", "received", [])
    refused = client.post(f"{PEOPLE}/{mother}/relative-queries", json={"relative": neighbour})
    assert refused.status_code == 403
    assert REFUSED in refused.get_json()["detail"]
