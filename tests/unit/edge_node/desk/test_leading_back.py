"""Addresses that forms are sent to, asked for as pages: whoever loads one anew is not told that it is not allowed."""

import pytest

from tests.unit.edge_node.api.test_people import register
from tests.unit.edge_node.applications import application, key
from tests.unit.forms import HTML, form_on, read, send


@pytest.fixture
def case(client):
    return client.post("/api/v1/cases", json=application(), headers=key("1")).get_json()["id"]


def test_a_page_that_came_back_for_correction_is_its_own_page_when_it_is_loaded_anew(client, case):
    form = form_on(read(client, f"/cases/{case}"), "reason")
    back = send(client, form["action"], {**form["values"], "act": "withdraw", "reason": ""})
    assert back.status_code == 422
    again = client.get(form["action"], headers=HTML)
    assert (again.status_code, again.headers["Location"]) == (303, f"/cases/{case}")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/stick/exports", "/stick"),
        ("/stick/imports", "/stick"),
        ("/attention/alarms/3", "/attention"),
        ("/attention/set-aside/3/offering", "/attention"),
        ("/people/find", "/people"),
        ("/bags/handover:k3m7q-aaaaaaaaaaaaaaaa/taking", "/bags/handover:k3m7q-aaaaaaaaaaaaaaaa"),
        ("/call", "/"),
        ("/sign-out", "/"),
    ],
)
def test_an_address_of_forms_leads_to_the_page_they_stand_on(client, address, page):
    answer = client.get(address, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_so_does_that_of_a_person_and_a_program_is_told_that_it_is_not_allowed(client, case):
    person = register(client, 1)
    answer = client.get(f"/people/{person}/identity", headers=HTML)
    assert answer.headers["Location"] == f"/people/{person}"
    assert client.get(f"/cases/{case}/acts", headers={"Accept": "application/json"}).status_code == 405
