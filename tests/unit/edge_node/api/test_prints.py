"""文书 over the API: what may be printed of a case, as fields and as a page that needs nothing beside it."""

import re

import pytest

from tests.unit.edge_node.applications import application, key

CASES = "/api/v1/cases"


@pytest.fixture
def case(client):
    """One accepted against a promise."""
    case = client.post(CASES, json=application(follow=True), headers=key("1")).get_json()["id"]
    assert client.post(f"{CASES}/{case}/tolerance", json={}).status_code == 200
    return f"{CASES}/{case}"


def test_a_case_tells_its_slip_and_the_notices_it_has_come_to_and_no_others(client, case):
    listed = client.get(f"{case}/prints").get_json()["prints"]
    assert [(one["name"], one["title"]) for one in listed] == [
        ("receipt", "收件回执"),
        ("tolerance", "容缺受理通知书"),
        ("promise", "容缺补正承诺书"),
    ]
    for name in ("denial", "nothing"):
        assert client.get(f"{case}/prints/{name}").status_code == 404
        assert client.get(f"{case}/prints/{name}/page").status_code == 404
    assert client.get(f"{CASES}/case:none/prints").status_code == 404


def test_a_notice_is_told_as_its_fields(client, case):
    told = client.get(f"{case}/prints/tolerance").get_json()
    assert (told["heading"], told["office"]) == ("《容缺受理通知书》", "石桥村便民服务站")
    assert {"text": "银行卡，2025-11-03 前补齐", "items": [], "blank": False} in told["lines"]
    assert told["signatures"] == ["申请人（代办人）签收：", "经办单位（盖章）："]
    assert told["papers"] is None


def test_the_slip_has_the_papers_and_the_query_code_for_the_applicant_alone(client, case):
    told = client.get(f"{case}/prints/receipt").get_json()
    assert [one["name"] for one in told["papers"]] == ["身份证", "户口簿", "近期照片"]
    (own,) = (one for one in told["rows"] if one["for_applicant"])
    assert re.fullmatch(r"\d{4} \d{4}", own["value"])
    page = client.get(f"{case}/prints/receipt/page").text
    assert page.count(own["value"]) == 1  # of two copies
    assert page.count('<section class="sheet">') == 2


@pytest.mark.parametrize("name", ["receipt", "promise"])
def test_a_notice_alone_names_the_applicant_in_full_and_the_page_loads_nothing(client, case, name):
    page = client.get(f"{case}/prints/{name}/page")
    sent = application()["fields"]
    for text in (page.text, client.get(f"{case}/prints/{name}").text):
        assert (sent["applicant_name"] in text) == (name != "receipt")
        assert sent["id_number"] not in text
    assert page.mimetype == "text/html"
    assert "@page { size: A4" in page.text
    assert not re.search(r"<(?:link|script|img|iframe)|src=|url\(", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("what", ["/prints", "/prints/receipt", "/prints/promise/page"])
def test_what_was_seen_and_has_not_changed_is_not_sent_again(client, case, what):
    first = client.get(case + what)
    again = client.get(case + what, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_who_keeps_the_pc_reads_none(sign_in, case):
    assert sign_in("root").get(f"{case}/prints/receipt").status_code == 403
