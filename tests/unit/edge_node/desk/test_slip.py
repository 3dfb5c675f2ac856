"""The slip the citizen takes home."""

import pytest

from fixtures.county import county
from sync.papers.print_slip import promise_sentence
from sync.records.items import Limit
from sync.records.working_days import Unit
from sync.typed import replace
from sync.web.qr_codes import qr_code
from tests.unit.edge_node.applications import application as body
from tests.unit.edge_node.applications import item, key
from tests.unit.forms import HTML, read


@pytest.fixture
def case(client):
    return client.post("/api/v1/cases", json=body(follow=True), headers=key("first")).get_json()


def test_the_slip_says_twice_what_it_must(client, case, station):
    page = read(client, f"/cases/{case['id']}/prints/receipt")
    for sentence in (
        "《石桥村便民服务站 收件回执》",
        "本回执离线出具，联网后生成办件编号，不影响受理时间。",
        "承诺自受理之日起 22 个工作日内办结",
        "尚未提交：银行卡（可以后补）",
        "2025-09-26 14:04",
        "收件站点（盖章）：",
        "申请人（代办人）签字：",
        "12345 政务服务便民热线",
    ):
        assert page.count(sentence) == 2, sentence
    assert page.count('<section class="sheet">') == 2
    assert page.count("<svg") - page.count('<svg class="icon"') == 2
    assert "示例，以当地实施清单为准" in page


def test_nobody_is_named_in_full_on_the_slip(client, case):
    page = read(client, f"/cases/{case['id']}/prints/receipt")
    sent = body()["fields"]
    assert sent["applicant_name"] not in page
    assert sent["id_number"] not in page
    assert f"{sent['id_number'][:3]}***********{sent['id_number'][-4:]}" in page


def test_the_code_holds_the_receipt_number_and_nothing_a_page_may_not_hold(case):
    drawn = qr_code(case["receipt_number"])
    assert drawn.startswith("<svg")
    assert "style" not in drawn
    assert drawn != qr_code("something else")


def test_a_case_nobody_has_has_no_slip(client):
    answer = client.get("/cases/case:none/prints/receipt", headers=HTML)
    assert answer.status_code == 404


def _promising(amount, unit):
    return replace(item(), promise=None if amount is None else Limit(amount, unit))


@pytest.mark.parametrize(
    ("promised", "sentence"),
    [
        (_promising(22, Unit.WORKING_DAYS), "承诺自受理之日起 22 个工作日内办结；当日受理的，预计 2025-11-03 前办结"),
        (_promising(0, Unit.WORKING_DAYS), "即办件：材料齐全的，受理后当场办结"),
        (_promising(7, Unit.NATURAL_DAYS), "承诺自受理之日起 7 日内办结；当日受理的，预计 2025-10-03 前办结"),
        (_promising(400, Unit.WORKING_DAYS), "承诺自受理之日起 400 个工作日内办结"),
        (_promising(None, None), "办理时限以当地实施清单为准"),
        (None, "办理时限以当地实施清单为准"),
    ],
)
def test_a_day_is_promised_only_where_it_can_be_counted(promised, sentence):
    assert promise_sentence(promised, "2025-09-26T10:00:00+08:00", county().calendar) == sentence


def test_no_day_is_promised_while_papers_are_waited_for(client):
    sent = body()
    sent = {**sent, "incomplete": True, "materials": [one for one in sent["materials"] if one["name"] != "近期照片"]}
    taken = client.post("/api/v1/cases", json=sent, headers=key("lacking")).get_json()
    page = read(client, f"/cases/{taken['id']}/prints/receipt")
    assert "材料补齐并受理后开始计算，承诺自受理之日起 22 个工作日内办结。" in page
    assert "预计" not in page
    listed = read(client, f"/cases/{taken['id']}")
    acts = listed[listed.index('id="acts"') :]
    assert acts.index("补交材料") < acts.index("退件")
    assert "这件办件等待补交材料。还缺：近期照片。" in listed
