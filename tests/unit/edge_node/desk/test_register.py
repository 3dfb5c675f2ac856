"""The register at the wizard: whoever applies is found, what is known is filled in, and who is new is registered."""

import re

import pytest

from edge_node.desk import register
from fixtures.county import county
from sync.people.find_person import person_by_number
from tests.unit.edge_node import registering
from tests.unit.edge_node.applications import JPEG, application, encoded, item, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press, receive_another
from tests.unit.forms import form_on, photo, read, send

CASES = "/api/v1/cases"
PERSON = county().people[0]
NUMBER = PERSON.id_number
BANK = "9902810000000000001"


@pytest.fixture
def registered(client):
    """Somebody registered, with a telephone and an account."""
    return registering.register(client, bank_account=BANK)


def shown(client, draft, step):
    return form_on(read(client, f"{draft}/{step}"), "save")["values"]


def last_case(client):
    case = max(client.get(CASES).get_json()["cases"], key=lambda one: one["receipt_number"])
    return client.get(f"{CASES}/{case['id']}").get_json()


def test_a_number_finds_whoever_it_is_and_what_is_known_is_filled_in(client, registered):
    draft = begin(client, address_of())
    answer = press(client, draft, "applicant", {"fields.id_number": NUMBER.lower()}, "next")
    assert answer.headers["Location"] == f"{draft}/applicant"  # what was filled in is looked at before one goes on
    page = read(client, f"{draft}/applicant")
    assert "本站已登记" in page
    assert "已按本站登记预填" in page
    assert page.count("已预填（本站登记），请核对") == 2
    values = shown(client, draft, "applicant")
    assert (values["fields.applicant_name"], values["fields.phone"]) == (PERSON.name, PERSON.phone)
    assert shown(client, draft, "form")["fields.bank_card"] == BANK
    fill(client, draft, {**filled(), "fields.bank_card": BANK, "fields.phone": "15400009999"})
    assert "<span>预填 2 项。</span>" in read(client, f"{draft}/confirm")
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = last_case(client)
    assert (case["person"], sorted(case["prefilled"])) == (registered, ["applicant_name", "bank_card"])


def test_another_name_than_the_one_registered_is_said_where_it_is_typed_and_before_it_is_received(client, registered):
    other = "与填写的姓名不同"
    draft = begin(client, address_of())
    fill(client, draft, filled())
    for step in ("applicant", "confirm"):
        assert other not in read(client, f"{draft}/{step}")
    press(client, draft, "applicant", {"fields.applicant_name": "赵无名"}, "on")
    for step in ("applicant", "confirm"):
        page = read(client, f"{draft}/{step}")
        assert other in page
        assert PERSON.name not in page.replace(PERSON.name[0] + "*", "")
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    assert last_case(client)["person"] == registered


def test_what_is_taken_out_again_stays_out_and_another_number_takes_it_all_back(client, registered):
    draft = begin(client, address_of())
    press(client, draft, "applicant", {"fields.id_number": NUMBER}, "next")
    press(client, draft, "applicant", {"fields.phone": ""}, "on")
    assert shown(client, draft, "applicant")["fields.phone"] == ""
    press(client, draft, "applicant", {"fields.id_number": county().people[1].id_number}, "on")
    assert shown(client, draft, "form")["fields.bank_card"] == ""
    assert shown(client, draft, "applicant")["fields.applicant_name"] == ""


def test_while_a_number_is_typed_a_script_is_told_what_is_known(client, registered):
    draft = begin(client, address_of())
    values = {**shown(client, draft, "applicant"), "fields.id_number": NUMBER}
    told = client.post(f"{draft}/applicant/autosave", data=values).get_json()
    assert told["filled"]["fields.bank_card"] == BANK
    assert PERSON.name not in told["person"]
    assert registered in told["person"]


def test_a_number_replaced_while_the_register_was_asked_for_it_fills_in_nothing(client, registered, monkeypatch):
    """Over a slow disk: the first number found somebody, and his account stood with the application of another."""
    draft = begin(client, address_of())
    values = shown(client, draft, "applicant")
    other = {**values, "fields.id_number": county().people[1].id_number}
    ask = register.known_fields

    def ask_slowly(*told):
        monkeypatch.setattr(register, "known_fields", ask)
        send(client, f"{draft}/applicant", {**other, "go": "on"})
        return ask(*told)

    monkeypatch.setattr(register, "known_fields", ask_slowly)
    told = client.post(f"{draft}/applicant/autosave", data={**values, "fields.id_number": NUMBER}).get_json()
    assert (told["filled"], registered in told["person"]) == ({}, False)
    assert shown(client, draft, "form")["fields.bank_card"] == ""
    fill(client, draft, filled(number=1))
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    assert last_case(client)["person"] != registered


def test_a_paper_on_file_need_not_be_handed_in_again(client, registered):
    paper = next(one for one in item().materials if one.source.value == "1")
    body = application()
    for one in body["materials"]:
        if one["name"] == paper.name:
            one["photos"] = [encoded(JPEG)]
    first = client.post(CASES, json=body, headers=key("first")).get_json()
    draft = begin(client, address_of())
    press(client, draft, "applicant", {"fields.id_number": NUMBER}, "next")
    page = read(client, f"{draft}/papers")
    assert re.search(r"已有存档（2025-09-26 收件，照片 1 张），免交", page)
    row = item().materials.index(paper)
    typed = {name: value for name, value in filled().items() if name != f"materials.{row}.got"}
    fill(client, draft, typed)
    page = read(client, f"{draft}/confirm")
    assert "用存档，免交" in page
    assert "免交 1 份" in page
    assert receive_another(client, draft).status_code == 303
    named = next(one for one in last_case(client)["materials"] if one["name"] == paper.name)
    assert (named["on_file"], len(named["photos"])) == (first["id"], 1)


def test_who_is_not_registered_is_when_the_application_is_taken_unless_somebody_says_no(client, station):
    draft = begin(client, address_of())
    fill(client, draft, filled())
    page = read(client, f"{draft}/confirm")
    assert "收件时一并登记" in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 303  # the box is ticked
    row = person_by_number(station.node, "id_card", NUMBER)
    assert row is not None
    assert last_case(client)["person"] == row.id
    other = begin(client, address_of())
    fill(client, other, filled(number=1))
    values = {name: value for name, value in shown(client, other, "confirm").items() if name != "register"}
    answer = client.post(f"{other}/confirm", data={**values, "go": "receive"}, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert person_by_number(station.node, "id_card", county().people[1].id_number) is None
    again = begin(client, address_of())
    fill(client, again, {**filled(), "materials.0.photos": photo(JPEG)})
    assert receive_another(client, again).status_code == 303


def test_whoever_comes_with_a_passport_is_found_taken_and_told_so_on_page_and_slip(client):
    told = {"name": "Anna Müller", "cert_kind": "passport", "cert_number": "C01X00T47", "phone": PERSON.phone}
    person = client.post("/api/v1/people", json=told, headers=key("anna")).get_json()["id"]
    draft = begin(client, address_of())
    answer = press(client, draft, "applicant", {"fields.id_number": "C01X00T47"}, "next")
    assert "身份证号码应为 18 位数字" in answer.text  # nobody has said yet that it is one of a passport
    press(client, draft, "applicant", {"fields.cert_kind": "passport", "fields.id_number": "c01x00t47"}, "next")
    assert shown(client, draft, "applicant")["fields.applicant_name"] == "Anna Müller"
    named = {"fields.applicant_name": "Anna Müller", "fields.id_number": "C01X00T47"}
    fill(client, draft, {**filled(), **named, "fields.phone": PERSON.phone})
    page = read(client, f"{draft}/confirm")
    assert re.search(r"证件种类</dt>\s*<dd[^>]*>护照", page)
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = last_case(client)
    assert case["person"] == person
    assert "护照 *******47" in read(client, f"/cases/{case['id']}/prints/receipt")
    page = read(client, f"/cases/{case['id']}")
    assert re.search(r"<dt>证件种类</dt>\s*<dd>护照</dd>", page)
    answer = send(client, f"/cases/{case['id']}/identity", {**form_on(page, "why")["values"], "why": "核对护照"})
    assert re.search(r"<dt>证件种类</dt>\s*<dd>护照</dd>", answer.text)
    assert "C01X00T47" in answer.text
