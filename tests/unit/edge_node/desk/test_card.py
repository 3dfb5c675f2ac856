"""读卡 at the applicant's step: what is filled in, what it is called, and what is said when nothing is read."""

from datetime import date

import pytest

from edge_node.devices.http_reader import HttpIdReader
from edge_node.devices.reader_mapping import read_mapping
from edge_node.devices.simulator import INVENTED
from sync.typed import replace
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on, read, send


@pytest.fixture
def client(station_with_reader, sign_in_to):
    return sign_in_to(station_with_reader, "wang")


def taken(client, draft):
    assert press(client, draft, "confirm", {}, "receive").status_code == 303
    case = max(client.get("/api/v1/cases").get_json()["cases"], key=lambda one: one["receipt_number"])
    return client.get(f"/api/v1/cases/{case['id']}").get_json()


def test_a_card_fills_in_who_applies_and_the_case_says_that_it_was_read(client, simulator):
    simulator[0].put({})
    draft = begin(client, address_of())
    fill(client, draft, filled())
    assert press(client, draft, "applicant", {}, "card").headers["Location"] == f"{draft}/applicant"
    page = read(client, f"{draft}/applicant")
    shown = form_on(page, "save")["values"]
    assert (shown["fields.applicant_name"], shown["fields.id_number"]) == (INVENTED["name"], INVENTED["citizenId"])
    assert shown["fields.phone"] == filled()["fields.phone"]
    assert shown["fields.address"] == filled()["fields.address"]  # where one lives now may be elsewhere
    assert 'data-source="card"' in page
    assert taken(client, draft)["applicant_source"] == "card"


def test_what_is_read_is_of_an_identity_card_whatever_was_chosen_before(client, simulator):
    simulator[0].put({})
    draft = begin(client, address_of())
    press(client, draft, "applicant", {"fields.cert_kind": "passport", "fields.id_number": "C01X00T47"})
    press(client, draft, "applicant", {}, "card")
    shown = form_on(read(client, f"{draft}/applicant"), "save")["values"]
    assert (shown["fields.cert_kind"], shown["fields.id_number"]) == ("id_card", INVENTED["citizenId"])


def test_what_is_typed_over_was_not_read(client, simulator):
    simulator[0].put({})
    draft = begin(client, address_of())
    press(client, draft, "applicant", {}, "card")
    fill(client, draft, filled())
    assert taken(client, draft)["applicant_source"] == "hand"


def test_an_empty_reader_keeps_what_was_typed_and_says_what_to_do(client, simulator):
    simulator[0].put(None)
    draft = begin(client, address_of())
    answer = press(client, draft, "applicant", {"fields.phone": "15400000001"}, "card")
    assert answer.status_code == 422
    assert "读卡器没有放卡" in answer.text
    assert form_on(answer.text, "save")["values"]["fields.phone"] == "15400000001"


def test_a_reader_in_other_names_than_it_is_said_to_use_is_told_of_in_one_sentence(station, simulator, sign_in_to):
    simulator[0].put({})
    mapping = read_mapping(b'{"fields": {"citizenId": "idNo"}}')
    reader = HttpIdReader(simulator[1], timeout_seconds=5, today=lambda: date(2025, 9, 26), mapping=mapping)
    client = sign_in_to(replace(station, id_reader=reader), "wang")
    answer = press(client, begin(client, address_of()), "applicant", {}, "card")
    assert answer.status_code == 422
    assert "读卡程序的应答里没有“idNo”（公民身份号码）。请管理员核对 id_reader_mapping" in answer.text


def test_a_card_out_of_date_is_read_and_it_is_said(client, simulator):
    simulator[0].put({"validDateEnd": "20200101"})
    draft = begin(client, address_of())
    press(client, draft, "applicant", {}, "card")
    assert "已经过了有效期" in read(client, f"{draft}/applicant")


def test_without_a_reader_there_is_no_button(sign_in):
    other = sign_in("zhang")
    draft = begin(other, address_of())
    page = read(other, f"{draft}/applicant")
    assert 'value="card"' not in page
    answer = send(other, f"{draft}/applicant", {**form_on(page, "save")["values"], "go": "card"})
    assert "读卡器没有响应" in answer.text
