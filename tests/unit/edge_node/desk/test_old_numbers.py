"""A number of 15 figures: on the form it stands with its 18, which are compared with the card before one goes on."""

import pytest

from tests.unit.edge_node import registering
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import errors_on, form_on, read

OLD, LONG = "110105491231002", "11010519491231002X"
SAID = "15 位的是旧号码，下面已补成 18 位，请与证件核对后再按“下一步”"
NUMBER = "fields.id_number"


def shown(client, draft, step="applicant"):
    return form_on(read(client, f"{draft}/{step}"), "save")["values"]


def typed(number):
    return {**filled(), NUMBER: number}


@pytest.mark.parametrize("number", [OLD, f" {OLD[:6]} {OLD[6:]} "])
def test_it_is_looked_at_with_its_18_figures_before_one_goes_on(client, number):
    draft = begin(client, address_of())
    answer = press(client, draft, "applicant", typed(number), "next")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{draft}/applicant")
    page = read(client, f"{draft}/applicant")
    assert SAID in page
    assert form_on(page, "save")["values"][NUMBER] == LONG
    assert press(client, draft, "applicant", {}, "next").headers["Location"] == f"{draft}/form"
    assert SAID not in read(client, f"{draft}/form")


def test_one_that_is_not_in_order_stays_as_it_was_typed_and_is_refused(client):
    draft = begin(client, address_of())
    refused = press(client, draft, "applicant", typed("110105491331002"), "next")
    assert refused.status_code == 422
    assert any("出生日期" in one for one in errors_on(refused.text))
    assert shown(client, draft)[NUMBER] == "110105491331002"


def test_of_another_paper_15_characters_are_its_number(client):
    draft = begin(client, address_of())
    more = {"fields.cert_kind": "other"}
    assert press(client, draft, "applicant", {**typed(OLD), **more}, "next").headers["Location"] == f"{draft}/form"


def test_whoever_keeps_it_for_later_keeps_what_was_typed(client):
    draft = begin(client, address_of())
    press(client, draft, "applicant", typed(OLD), "save")
    assert shown(client, draft)[NUMBER] == OLD


def test_the_other_numbers_of_a_form_are_lengthened_alike(client):
    draft = begin(client, address_of("城乡居民养老保险注销"))
    fill(client, draft, filled("城乡居民养老保险注销"))
    answer = press(client, draft, "form", {"fields.deceased_id_number": OLD}, "next")
    assert answer.headers["Location"] == f"{draft}/form"
    assert shown(client, draft, "form")["fields.deceased_id_number"] == LONG


def test_registering_somebody_by_it_says_that_it_is_kept_with_18(client):
    one = {**registering.told(), "cert_number": OLD}
    told = client.post(registering.PEOPLE, json=one, headers={"Idempotency-Key": "old"}).get_json()
    assert "输入的是 15 位旧号码，已补成 18 位保存，请与证件核对" in told["warnings"]
