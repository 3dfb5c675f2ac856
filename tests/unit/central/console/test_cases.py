"""Cases before the supervisor: read, and decided with a reason."""

import re

import pytest

from central.services.number_cases import number_cases
from fixtures.catalogue import publish_county
from fixtures.county import county
from sync.node.acts.recording import Act, record
from sync.records.clock import Quality
from tests.unit.central.stations import ID_NUMBER, JPEG, carry, take_in, tell
from tests.unit.forms import form_on, read, send


@pytest.fixture
def case(enrolled, node):
    village = enrolled("石桥村便民服务站")
    doc_id = take_in(village, photo=JPEG)
    carry(village, node)
    return f"/cases/{doc_id}"


def act(client, address, what, reason=""):
    form = form_on(read(client, address), "reason")
    return send(client, form["action"], {**form["values"], "act": what, "reason": reason})


def test_a_case_of_a_station_is_listed_by_station_and_read_masked(supervisor, case, enrolled):
    page = read(supervisor, "/cases")
    assert f'href="{case}"' in page
    assert "石桥村便民服务站" in page
    page = read(supervisor, case)
    assert ID_NUMBER not in page
    assert "已存本机（材料 1/1）" in page
    assert supervisor.get(f"{case}/photos/1").data == JPEG
    assert f'href="{case}/prints/receipt"' in page


def test_the_centre_accepts_reviews_and_decides(supervisor, case):
    for what, said in (("accept", "已受理"), ("review", "审查中"), ("approve", "准予")):
        assert act(supervisor, case, what).status_code == 303
        assert f"现在的状态是“{said}”" in read(supervisor, case)
    assert form_on(read(supervisor, case), "reason")["buttons"] == ["complete"]


def test_what_the_centre_does_by_itself_names_no_job(supervisor, enrolled, node):
    publish_county(node)
    village, item = enrolled(), county().items[0]
    doc_id = take_in(village, item=item.code, item_version=item.version)
    carry(village, node)
    assert number_cases(node) == 1
    log = read(supervisor, f"/cases/{doc_id}").partition('class="log"')[2]
    assert "中心 系统自动" in log
    assert "job:" not in log


def test_a_denial_says_why(supervisor, case):
    act(supervisor, case, "accept")
    act(supervisor, case, "review")
    refused = act(supervisor, case, "deny")
    assert refused.status_code == 422
    assert "不予的，请写明理由" in refused.text
    assert act(supervisor, case, "deny", "年龄未满 80 周岁").status_code == 303
    page = read(supervisor, case)
    assert "年龄未满 80 周岁" in page
    assert "zhou" in page


def test_the_centre_prints_the_notices_of_a_case_in_the_name_of_who_gave_them(supervisor, case):
    act(supervisor, case, "accept")
    act(supervisor, case, "review")
    act(supervisor, case, "deny", "年龄未满 80 周岁")
    page = read(supervisor, case)
    for name in ("receipt", "acceptance", "denial"):
        assert f'href="{case}/prints/{name}"' in page
    paper = read(supervisor, f"{case}/prints/denial")
    assert "data-print" in paper
    assert paper.count("《不予许可（批准）决定书》") == 2
    assert "年龄未满 80 周岁" in paper
    told = supervisor.get(f"/api/v1{case}/prints/denial").get_json()
    assert told["title"] == "不予许可（批准）决定书"
    assert supervisor.get(f"/api/v1{case}/prints/denial/page").text.count('<section class="sheet">') == 2


def test_of_too_many_stations_for_a_select_one_is_looked_for_first(supervisor, enrolled, node, monkeypatch):
    monkeypatch.setattr("sync.case_pages.listing._MOST_STATIONS", 2)
    cases = {}
    for name, region in (("石桥村便民服务站", "990281101201"), ("柳树村便民服务站", "990281101202")):
        village = enrolled(name, region)
        cases[name] = take_in(village)
        passed = Act(
            cases[name], "passed_on", {"assignee": "acct:zhang"}, "acct:wang", village.clock(), Quality.CONFIRMED
        )
        village.write(lambda tx, at=village, act=passed: record(tx, at.documents, at.identity, act))
        carry(village, node)
        tell(village, node)
    page = read(supervisor, "/cases")
    assert set(re.findall(r'href="/cases/(case:[^"]+)"', page)) == set(cases.values())
    assert 'name="station"' not in page
    assert "柳树村便民服务站）</option>" not in page
    assert re.search(r'<a href="/">请先查找站点</a>', page)
    sid = village.identity.sid
    page = read(supervisor, f"/cases?station={sid}")
    assert re.findall(r'href="/cases/(case:[^"]+)"', page) == [cases["柳树村便民服务站"]]
    assert f'<input type="hidden" name="station" value="{sid}">' in page
    assert f'<option value="zhang@{sid}">zhang（柳树村便民服务站）</option>' in page
    assert "站点：柳树村便民服务站" in page
    assert "石桥村便民服务站）</option>" not in page


def test_namesakes_of_two_stations_are_told_apart_by_their_station(supervisor, enrolled, node):
    given = {}
    for name, region in (("石桥村便民服务站", "990281101201"), ("柳树村便民服务站", "990281101202")):
        village = enrolled(name, region)
        doc_id = take_in(village)
        passed = Act(doc_id, "passed_on", {"assignee": "acct:zhang"}, "acct:wang", village.clock(), Quality.CONFIRMED)
        village.write(lambda tx, at=village, act=passed: record(tx, at.documents, at.identity, act))
        carry(village, node)
        tell(village, node)
        given[village.identity.sid] = (doc_id, name)
    page = read(supervisor, "/cases")
    for sid, (doc_id, name) in given.items():
        assert f'<option value="zhang@{sid}">zhang（{name}）</option>' in page
        shown = read(supervisor, f"/cases?who=zhang@{sid}")
        assert re.findall(r'href="/cases/(case:[^"]+)"', shown) == [doc_id]
        assert f"经办：zhang（{name}）" in shown
        listed = supervisor.get("/api/v1/cases", query_string={"assignee": f"zhang@{sid}"}).get_json()["cases"]
        assert [one["id"] for one in listed] == [doc_id]
    both = supervisor.get("/api/v1/cases?assignee=zhang").get_json()["cases"]
    assert len(both) == 2  # whoever has an account of that name
    assert supervisor.get("/api/v1/cases?assignee=zhang@centre").get_json()["cases"] == []
    assert supervisor.get("/api/v1/cases?assignee=zhang@nowhere").get_json()["cases"] == []


def test_nobody_at_the_centre_has_the_cases_of_a_namesake_of_a_station(supervisor, enrolled, node):
    village = enrolled("石桥村便民服务站")
    doc_id = take_in(village)
    passed = Act(doc_id, "passed_on", {"assignee": "acct:zhou"}, "acct:wang", village.clock(), Quality.CONFIRMED)
    village.write(lambda tx: record(tx, village.documents, village.identity, passed))
    carry(village, node)
    tell(village, node)
    assert supervisor.get("/api/v1/cases?assignee=me").get_json()["cases"] == []
    assert supervisor.get("/api/v1/cases?assignee=mine").get_json()["cases"] == []
    sid = village.identity.sid
    assert len(supervisor.get(f"/api/v1/cases?assignee=zhou@{sid}").get_json()["cases"]) == 1
