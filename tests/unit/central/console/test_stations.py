"""Stations before the supervisor: who is silent, what is behind, and codes given once."""

import html
import re

import pytest

from central.registry.enrolling import enrol_station
from sync.store.ledger.audit import entries_about
from tests.unit.central.conftest import COUNTY, TOWNSHIP, VILLAGE
from tests.unit.central.stations import carry, take_in, tell
from tests.unit.forms import HTML, form_on, read, send

DAY_MS = 24 * 3_600_000


def fill(client, **typed):
    """The form of a new station, filled in."""
    form = form_on(read(client, "/stations/new"), "region")
    return {**form["values"], "name": "石桥村便民服务站", "region": VILLAGE, **typed}


def row_of(page, name):
    """The cells of a station in the list, by their heads."""
    (row,) = [one for one in re.findall(r"<tr class=.*?</tr>", page, re.DOTALL) if name in one]
    cells = re.findall(r'<td data-head="([^"]*)">(.*?)</td>', row, re.DOTALL)
    return {"class": re.match(r'<tr class="([^"]*)"', row).group(1)} | {
        head: re.sub(r"<[^>]*>", "", cell).strip() for head, cell in cells
    }


def test_a_centre_without_stations_says_what_to_do_first(supervisor):
    assert "还没有注册站点" in read(supervisor, "/")


def test_every_station_stands_in_the_list_with_what_is_known_of_it(supervisor, enrolled, node):
    village = enrolled("石桥村便民服务站")
    take_in(village)
    tell(village, node)
    carry(village, node)
    row = row_of(read(supervisor, "/"), "石桥村便民服务站")
    assert row == {
        "class": "",
        "站点": "石桥村便民服务站",
        "级别": "村站",
        "区划代码": VILLAGE,
        "上级": "青溪县政务服务中心",
        "最近消息": "刚刚",
        "办件": "1",
        "积压": "无",
        "状况": "正常",
    }


def test_what_a_station_signed_and_the_centre_lacks_is_its_backlog(supervisor, enrolled, node):
    village = enrolled("石桥村便民服务站")
    take_in(village)
    tell(village, node)
    row = row_of(read(supervisor, "/"), "石桥村便民服务站")
    assert (row["积压"], row["状况"]) == ("1 步", "有积压")


def test_a_silent_station_is_red_and_says_for_how_long(supervisor, sign_in, enrolled, node, clock):
    village = enrolled("石桥村便民服务站")
    take_in(village)
    tell(village, node)
    clock.now_ms += 4 * DAY_MS
    page = read(sign_in("zhou"), "/")
    row = row_of(page, "石桥村便民服务站")
    assert (row["class"], row["最近消息"], row["状况"]) == ("silent", "4 天前自 2025-09-26 14:04", "失联")
    assert re.search(r'class="bad"><a [^>]*><strong data-live="centre.silent">1</strong>失联（3 天没有消息）', page)


def listed(page):
    """The names of the stations on a page."""
    return re.findall(r'<td data-head="站点"><a [^>]*>(.*?)</a>', page)


def test_the_figures_lead_to_the_stations_that_they_count(supervisor, sign_in, enrolled, node, clock):
    enrolled("柳河镇便民服务中心", TOWNSHIP)
    village = enrolled("石桥村便民服务站")
    take_in(village)
    tell(village, node)
    page = read(supervisor, "/")
    assert listed(page) == ["柳河镇便民服务中心", "石桥村便民服务站"]
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))  # the page has a second box, whose label is its own
    (behind,) = re.findall(r'href="([^"]*way=behind[^"]*)"', page)
    assert listed(read(supervisor, behind)) == ["石桥村便民服务站"]
    (silent,) = re.findall(r'href="([^"]*way=silent[^"]*)"', page)
    assert "没有符合条件的站点" in read(supervisor, silent)
    clock.now_ms += 4 * DAY_MS
    assert listed(read(sign_in("zhou"), silent)) == ["柳河镇便民服务中心", "石桥村便民服务站"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("石桥", ["石桥村便民服务站"]),
        (" 石桥 ", ["石桥村便民服务站"]),
        ("柳河镇", ["柳河镇便民服务中心", "石桥村便民服务站"]),  # and what lies below it
        ("990281101", ["柳河镇便民服务中心", "石桥村便民服务站"]),
        (VILLAGE, ["石桥村便民服务站"]),
        ("81101", []),
        ("%", []),
    ],
)
def test_a_station_is_found_by_its_name_its_township_or_its_region_code(supervisor, enrolled, typed, found):
    enrolled("柳河镇便民服务中心", TOWNSHIP)
    enrolled("石桥村便民服务站")
    assert listed(supervisor.get("/", query_string={"named": typed}, headers=HTML).get_data(as_text=True)) == found


def test_hundreds_of_stations_come_fifty_to_a_page_and_the_next_keeps_what_was_looked_for(supervisor, node):
    for number in range(101, 222):
        enrol_station(node, name=f"{number}号站", region=f"990281101{number}", by="acct:zhou")
    pages = [read(supervisor, "/?named=号站&way=unused")]
    while following := re.findall(r'rel="next" href="([^"]*)"', pages[-1]):
        pages.append(read(supervisor, html.unescape(following[0])))
    assert [len(listed(page)) for page in pages] == [50, 50, 21]
    assert [name for page in pages for name in listed(page)] == [f"{number}号站" for number in range(101, 222)]
    assert "回到第一页" in pages[-1]
    assert "回到第一页" not in pages[0]


def test_an_address_that_makes_no_sense_narrows_nothing(supervisor, enrolled):
    enrolled("石桥村便民服务站")
    assert listed(read(supervisor, "/?way=broken")) == ["石桥村便民服务站"]


def test_a_station_is_registered_and_its_code_shown_in_groups(supervisor, node):
    answer = send(supervisor, "/stations/new", fill(supervisor))
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    groups = re.findall(r"<span>([0-9A-Z]+)</span>", answer.text.split('class="code"')[1].split("</p>")[0])
    assert [len(group) for group in groups] == [5, 2, 5, 5, 1]
    assert "只显示这一次" in answer.text
    page = read(supervisor, "/")
    assert row_of(page, "石桥村便民服务站")["状况"] == "尚未启用"
    assert "-".join(groups) not in page
    sid = re.search(r'href="/stations/(\w+)">石桥村', page).group(1)
    station = read(supervisor, f"/stations/{sid}")
    assert "-".join(groups) not in station
    assert "还没有使用" in station


def test_a_form_sent_twice_registers_one_station_and_shows_the_same_code(supervisor):
    values = fill(supervisor)
    first, again = (send(supervisor, "/stations/new", dict(values)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.text.split("data-copy")[1][:40] == again.text.split("data-copy")[1][:40]
    assert read(supervisor, "/").count("<tr class") == 1


def test_a_form_changed_after_it_registered_says_so(supervisor):
    values = fill(supervisor)
    send(supervisor, "/stations/new", dict(values))
    answer = send(supervisor, "/stations/new", {**values, "region": TOWNSHIP})
    assert answer.status_code == 422
    assert "这张表已经注册过一个站点" in answer.text
    assert form_on(answer.text, "region")["values"]["key"] != values["key"]


def test_the_station_above_is_found_by_region_or_chosen(supervisor):
    send(supervisor, "/stations/new", fill(supervisor, name="柳河镇便民服务中心", region=TOWNSHIP))
    answer = send(supervisor, "/stations/new", fill(supervisor))
    assert "<dd>柳河镇便民服务中心</dd>" in answer.text
    own = send(supervisor, "/stations/new", fill(supervisor, region="990281101202", under="centre"))
    assert "<dd>青溪县政务服务中心</dd>" in own.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "站点名称应为 1 到 60 个字"),
        ({"name": "站" * 61}, "站点名称应为 1 到 60 个字"),
        ({"region": "12"}, "区划代码"),
        ({"region": COUNTY}, "站点的区划代码应为乡镇或村级代码"),
        ({"region": "110101001001"}, "不在本中心辖区"),
        ({"under": "nobody"}, "没有登记过站点"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(supervisor, typed, sentence):
    answer = send(supervisor, "/stations/new", fill(supervisor, **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    back = form_on(answer.text, "region")["values"]
    assert {name: back[name] for name in typed if name != "under"} == {
        name: value for name, value in typed.items() if name != "under"
    }
    assert "还没有注册站点" in read(supervisor, "/")


def test_a_place_has_one_station(supervisor):
    send(supervisor, "/stations/new", fill(supervisor))
    answer = send(supervisor, "/stations/new", fill(supervisor, name="另一个站"))
    assert answer.status_code == 409
    assert "已登记过站点" in answer.text


def test_another_code_is_another_device_and_is_written_down(supervisor, enrolled, node):
    village = enrolled("石桥村便民服务站")
    address = f"/stations/{village.identity.sid}"
    form = form_on(read(supervisor, address), "key")
    answer = send(supervisor, form["action"], form["values"])
    assert answer.status_code == 201
    assert "<dd>02</dd>" in answer.text
    assert send(supervisor, form["action"], form["values"]).text.count("<dd>02</dd>") == 1
    entries = node.read(lambda reader: entries_about(reader, village.identity.sid))
    assert sum(entry.action == "enrolment_code_given" for entry in entries) == 2


@pytest.mark.parametrize(("change", "status"), [({"key": ""}, 400), ({"csrf_token": "guessed"}, 403)])
def test_a_form_that_is_none_of_ours_registers_nothing(supervisor, change, status):
    answer = send(supervisor, "/stations/new", {**fill(supervisor), **change})
    assert answer.status_code == status
    assert "回到首页" in answer.text
    assert "还没有注册站点" in read(supervisor, "/")


def test_a_station_nobody_registered_is_not_found(supervisor):
    assert supervisor.get("/stations/nobody", headers=HTML).status_code == 404
    form = form_on(read(supervisor, "/stations/new"), "region")
    assert send(supervisor, "/stations/nobody/codes", form["values"]).status_code == 404


def test_an_administrator_sees_stations_and_neither_registers_nor_reads_cases(sign_in, enrolled):
    village = enrolled("石桥村便民服务站")
    root = sign_in("root")
    assert "注册站点" not in read(root, "/")
    assert "另发注册码" not in read(root, f"/stations/{village.identity.sid}")
    for address in ("/stations/new", "/cases"):
        assert root.get(address, headers=HTML).status_code == 403


def test_a_device_is_revoked_for_a_reason_on_its_page_and_reinstated_there(supervisor, enrolled):
    village = enrolled("石桥村便民服务站")
    station = f"/stations/{village.identity.sid}"
    assert f'href="{station}/devices/01"' in read(supervisor, station)
    form = form_on(read(supervisor, f"{station}/devices/01"), "why")

    def sent(address, **typed):
        answer = send(supervisor, address, {**form["values"], **typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{station}/devices/01")
        return read(supervisor, answer.headers["Location"])

    empty = send(supervisor, form["action"], form["values"])
    assert (empty.status_code, "请写明原因" in empty.text) == (422, True)
    page = sent(form["action"], why="被盗")
    assert "已吊销设备 01" in page
    assert "<dd>被盗</dd>" in page
    assert row_of(read(supervisor, "/"), "石桥村便民服务站")["状况"] == "已吊销"
    assert "已吊销" in read(supervisor, station)
    assert "这台设备已经吊销" in sent(form["action"], why="被盗")
    back = f"{station}/devices/01/reinstatement"
    assert "已恢复设备 01" in sent(back)
    assert "这台设备没有被吊销" in sent(back)
    assert row_of(read(supervisor, "/"), "石桥村便民服务站")["状况"] == "正常"


def test_an_administrator_sees_a_device_and_does_nothing_to_it(sign_in, enrolled):
    address = f"/stations/{enrolled('石桥村便民服务站').identity.sid}/devices/01"
    root = sign_in("root")
    page = read(root, address)
    assert "在用" in page
    assert "<form" not in page.split("<main")[1]
    token = re.search(r'name="csrf_token" value="([^"]*)"', page).group(1)
    for turn in ("revocation", "reinstatement"):
        assert send(root, f"{address}/{turn}", {"csrf_token": token, "why": "x"}).status_code == 403


def test_a_device_that_was_never_given_out_has_no_page(supervisor, enrolled):
    station = f"/stations/{enrolled().identity.sid}"
    assert supervisor.get(f"{station}/devices/07", headers=HTML).status_code == 404


def test_a_region_code_may_be_typed_wide_and_with_blanks_as_every_number(supervisor):
    answer = send(supervisor, "/stations/new", fill(supervisor, region="９９０２８１ 101 ２０１"))
    assert answer.status_code == 201, answer.text
    assert VILLAGE in answer.text
