"""Whoever died applies for nothing, by whatever his application names him."""

import pytest

from edge_node.services.matter import BUNDLE, matter_of
from fixtures.county import county
from tests.unit.edge_node import bundles
from tests.unit.edge_node.applications import application, key

SAID = (
    "这个人在本站登记为身故（2025-09-26登记），不能作为申请人，请核对号码；家属来办后事的，申请人填家属本人；"
    "登记有误的，先在“人员”里恢复在册"
)


def apply(client, name, body):
    return client.post("/api/v1/cases", json=body, headers=key(name))


@pytest.fixture
def dead(client, sign_in):
    """The id of a person who applied, and died."""
    received = apply(client, "alive", {**application(), "register": True}).get_json()
    assert sign_in("zhang").post(f"/api/v1/people/{received['person']}/death", json={}).status_code == 200
    return received["person"]


def test_an_application_by_his_number_is_refused_and_says_since_when_and_what_to_do(sign_in, dead):
    wang = sign_in("wang")
    for more in ({}, {"register": True}):
        refused = apply(wang, f"dead{len(more)}", {**application(), **more})
        assert refused.status_code == 422
        assert refused.get_json()["errors"] == [{"field": "fields.id_number", "message": SAID}]


def test_where_the_day_of_death_is_known_that_is_told_and_not_when_it_was_noted(client, sign_in):
    person = apply(client, "alive", {**application(), "register": True}).get_json()["person"]
    wang, death = sign_in("wang"), f"/api/v1/people/{person}/death"
    wrong = {
        "2025-09-27": "身故日期还没有到",
        "1941-03-14": "身故日期早于出生日期",
        **dict.fromkeys(("20250920", "gestern"), "身故日期写成 2026-07-31 这样"),
    }
    for day, sentence in wrong.items():
        refused = wang.post(death, json={"died_on": day})
        assert refused.status_code == 422
        (error,) = refused.get_json()["errors"]
        assert error == {"field": "died_on", "message": sentence}
    assert wang.post(death, json={"died_on": "2025-09-20"}).status_code == 200
    assert "身故（2025-09-20去世），" in apply(wang, "dead", application()).get_json()["errors"][0]["message"]
    shown = {one["label"]: one["value"] for one in wang.get(f"/api/v1/people/{person}").get_json()["fields"]}
    assert shown["身故日期"] == "2025-09-20"
    assert wang.post(f"/api/v1/people/{person}/reinstate", json={"reason": "登记有误"}).status_code == 200
    shown = {one["label"] for one in wang.get(f"/api/v1/people/{person}").get_json()["fields"]}
    assert "身故日期" not in shown
    assert wang.post(death, json={}).status_code == 200
    assert "身故（2025-09-26登记），" in apply(wang, "again", application()).get_json()["errors"][0]["message"]


def test_named_by_his_id_he_is_refused_in_the_same_words(sign_in, dead):
    refused = apply(sign_in("wang"), "by id", {**application(), "person": dead})
    assert refused.status_code == 422
    assert refused.get_json()["errors"] == [{"field": "person", "message": SAID}]


def test_a_relative_who_comes_after_a_death_is_taken(sign_in, dead):
    person = county().people[0]
    body = application("城乡居民养老保险注销", number=1)
    of_the_dead = {"deceased_name": person.name, "deceased_id_number": person.id_number}
    taken = apply(sign_in("wang"), "relative", {**body, "fields": {**body["fields"], **of_the_dead}})
    assert taken.status_code == 201, taken.text


def test_of_a_bundle_nothing_is_taken_where_its_applicant_died(sign_in, station, dead):
    wang, matter = sign_in("wang"), matter_of(station.catalogue, BUNDLE, bundles.CODE)
    before = len(wang.get("/api/v1/cases").get_json()["cases"])
    refused = bundles.take(wang, bundles.whole(matter))
    assert refused.status_code == 422
    assert refused.get_json()["errors"] == [{"field": "fields.id_number", "message": SAID}]
    assert len(wang.get("/api/v1/cases").get_json()["cases"]) == before


def test_who_was_put_back_on_the_register_applies_again(sign_in, dead):
    assert sign_in("zhang").post(f"/api/v1/people/{dead}/reinstate", json={"reason": "登记有误"}).status_code == 200
    again = apply(sign_in("wang"), "again", application())
    assert again.status_code == 201, again.text
