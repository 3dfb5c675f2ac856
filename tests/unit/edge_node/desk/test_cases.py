"""The pages about cases at a station: list, case, photos, and everything that may be done there."""

import re

import pytest

from edge_node.wiring import build_app
from sync.casework.find_case import find_case
from sync.casework.hold_photos import photos_of
from sync.http_api.feeds import FeedGate
from sync.store.ledger.audit import entries_about
from tests.unit.edge_node.applications import JPEG, application, item, key
from tests.unit.edge_node.conftest import PASSWORD, SID
from tests.unit.forms import HTML, form_on, read, send

API = "/api/v1/cases"


def taken(client, *, number=0, name="高龄津贴", photos=()):
    body = application(name, number=number, photos=photos)
    return client.post(API, json=body, headers=key(f"{item(name).code}-{number}")).get_json()


@pytest.fixture
def case(client):
    return taken(client, photos=(JPEG,))


@pytest.fixture
def page_of(case):
    return f"/cases/{case['id']}"


def act(client, address, what, reason=""):
    """Press a button of the page as it stands."""
    form = form_on(read(client, address), "reason")
    return send(client, form["action"], {**form["values"], "act": what, "reason": reason})


def test_a_photo_that_is_above_is_waited_for_on_a_page_of_its_own(station, client, case, page_of):
    blobs = f"blobs_{SID}"
    station.node.databases.destroy(blobs)
    station.node.databases.create(blobs)
    page = read(client, page_of)
    assert f'<a class="not-here" href="/cases/{case["id"]}/photos/1">' in page
    answer = client.get(f"{page_of}/photos/1", headers=HTML)
    assert (answer.status_code, answer.headers["Refresh"]) == (202, "3")
    assert "正在从上级取回这张照片" in answer.text
    told = client.get(f"/api/v1{page_of}/materials/1")
    assert (told.status_code, told.get_json()["type"]) == (503, "urn:yizhan:problem:still-above")
    assert "Retry-After" in told.headers
    station.fetcher.await_end(blobs, f"blob:{case_root(station, case)}", seconds=30)
    answer = client.get(f"{page_of}/photos/1", headers=HTML)
    assert (answer.status_code, answer.headers.get("Refresh")) == (202, None)
    assert "与上级的网络不通" in answer.text


def test_how_far_a_case_has_come_is_a_part_that_is_asked_for_again_and_names_nobody(station, client, case, page_of):
    def read_by_now():
        return len(station.node.read(lambda reader: entries_about(reader, case["id"])))

    page = read(client, page_of)
    assert f'data-road="{page_of}/road"' in page
    before = read_by_now()
    part = read(client, f"{page_of}/road")
    assert part.strip() in page
    assert "<h2" in part
    assert "<html" not in part
    assert read_by_now() == before  # it is asked for by itself, and tells of nobody
    assert client.get("/cases/case:none/road").status_code == 404
    assert client.application.test_client().get(f"{page_of}/road").status_code in (302, 303, 401)


def case_root(station, case):
    found = station.node.read(lambda reader: find_case(reader, station.node, case["id"]))
    return photos_of(found.fields)[0]["blob"]


def buttons(client, address):
    return form_on(read(client, address), "reason")["buttons"]


def test_a_case_page_shows_what_was_filled_in_and_nobody_in_full(client, case, page_of):
    page = read(client, page_of)
    sent = application()["fields"]
    for name in ("applicant_name", "id_number", "phone", "bank_card"):
        assert sent[name] not in page, name
    assert "证件号码" in page
    assert "已存本机（材料 1/1）" in page
    assert '<li class="now" aria-current="step"><span class="dot">2</span>' in page
    assert f'src="/cases/{case["id"]}/photos/1"' in page
    assert "身份证，第 1 张" in page


def test_a_photo_is_given_as_it_was_taken_and_kept_by_no_cache(client, case, page_of):
    answer = client.get(f"{page_of}/photos/1")
    assert (answer.data, answer.mimetype) == (JPEG, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{page_of}/photos/2").status_code == 404


def test_the_list_is_narrowed_by_state_and_turned_page_by_page(client, clock):
    for number in range(23):
        clock.now_ms += 60_000
        taken(client, number=number)
    first = read(client, "/cases")
    assert first.count('class="case-link') == 20
    onward = re.search(r'href="(/cases\?[^"]*cursor=[^"]*)"', first).group(1).replace("&amp;", "&")
    second = read(client, onward)
    assert second.count('class="case-link') == 3
    assert "回到第一页" in second
    seen = re.findall(r'href="/cases/(case:[^"]+)"', first + second)
    assert len(set(seen)) == 23
    assert "没有符合条件的办件。" in read(client, "/cases?state=accepted")
    assert read(client, "/cases?state=received").count('class="case-link') == 20


@pytest.mark.parametrize("query", ["state=nonsense", "station=elsewhere", "state=received&station=%00"])
def test_a_filter_that_is_none_filters_nothing(client, case, query):
    assert 'class="case-link' in read(client, f"/cases?{query}")


def test_a_cursor_that_is_none_leads_to_the_first_page(client, case):
    answer = client.get("/cases?cursor=nonsense", headers=HTML)
    assert answer.status_code == 302
    assert "cursor" not in answer.headers["Location"]


def test_a_village_accepts_and_passes_on_but_never_decides(client, page_of):
    assert buttons(client, page_of) == ["accept", "withdraw"]
    done = act(client, page_of, "accept", "材料齐全")
    assert done.status_code == 303
    page = read(client, page_of)
    assert "已办理“受理”，现在的状态是“已受理”" in page
    assert "材料齐全" in page
    assert act(client, page_of, "review").status_code == 303
    assert buttons(client, page_of) == ["withdraw"]


def test_a_button_that_is_not_offered_does_nothing(sign_in, client, page_of, keep_unchanged):
    keep_unchanged()
    answer = act(sign_in("zhang"), page_of, "approve")
    assert answer.status_code == 403
    sentence = re.search(r"role=\"alert\">.*?<span>(.*?)</span>", answer.text, re.DOTALL).group(1)
    assert "不能“准予”" in sentence


def test_an_agent_may_not_decide_whatever_the_form_says(client, page_of, keep_unchanged):
    keep_unchanged()
    answer = act(client, page_of, "approve")
    assert answer.status_code == 403
    assert "此操作限站长、乡镇审核员、中心同步主管" in answer.text


@pytest.mark.parametrize(
    ("what", "sentence"),
    [("withdraw", "请写明撤回原因")],
)
def test_what_needs_a_reason_says_so_beside_the_field(client, page_of, keep_unchanged, what, sentence):
    keep_unchanged()
    answer = act(client, page_of, what, "  ")
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2  # in the summary and beside the field


@pytest.mark.parametrize(("reason", "sentence"), [("x" * 501, "最多 500 个字"), ("a\x07b", "含有不能显示的字符")])
def test_a_reason_that_cannot_be_kept_is_refused_and_stays_typed(client, page_of, reason, sentence):
    answer = act(client, page_of, "withdraw", reason)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form_on(answer.text, "reason")["values"]["reason"].strip() == reason


def test_a_reason_may_begin_its_paragraphs_as_chinese_ones_do(client, case, page_of):
    assert act(client, page_of, "withdraw", "本人不办了\n　　改日再来").status_code == 303
    assert client.get(f"{API}/{case['id']}").get_json()["log"][-1]["note"] == "本人不办了\n　　改日再来"


def test_a_case_is_withdrawn_with_its_reason(client, case, page_of):
    act(client, page_of, "withdraw", "本人不办了\r\n改日再来")
    told = client.get(f"{API}/{case['id']}").get_json()
    assert told["state"] == "withdrawn"
    assert told["log"][-1]["note"] == "本人不办了\n改日再来"


def test_a_withdrawn_case_is_at_its_end_and_says_so(client, page_of):
    act(client, page_of, "withdraw", "本人不办了")
    page = read(client, page_of)
    assert "不再往下办理" in page
    assert 'id="acts"' not in page


def test_a_button_pressed_twice_is_done_once(client, case, page_of):
    form = form_on(read(client, page_of), "reason")
    values = {**form["values"], "act": "accept"}
    first, again = (send(client, form["action"], dict(values)) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert len(client.get(f"{API}/{case['id']}").get_json()["log"]) == 2


def test_a_page_left_open_does_not_do_a_second_thing(client, case, page_of):
    form = form_on(read(client, page_of), "reason")
    send(client, form["action"], {**form["values"], "act": "accept"})
    answer = send(client, form["action"], {**form["values"], "act": "withdraw", "reason": "不办了"})
    assert answer.status_code == 409
    assert "已经提交过" in answer.text
    assert form_on(answer.text, "reason")["values"]["reason"] == "不办了"
    assert len(client.get(f"{API}/{case['id']}").get_json()["log"]) == 2


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"act": ""}, 400, "没有选择要办理的操作"),
        ({"act": "delete"}, 400, "没有选择要办理的操作"),
        ({"key": ""}, 400, "表单不完整"),
        ({"csrf_token": ""}, 403, "页面已过期"),
    ],
)
def test_a_form_that_is_none_of_ours_is_refused_in_words(client, page_of, keep_unchanged, change, status, sentence):
    keep_unchanged()
    form = form_on(read(client, page_of), "reason")
    answer = send(client, form["action"], {**form["values"], "act": "accept", **change})
    assert answer.status_code == status
    assert sentence in answer.text


def test_seeing_more_needs_a_reason_and_is_written_down(client, station, case, page_of):
    assert send(client, f"{page_of}/identity", _why(client, page_of, "")).status_code == 422
    assert not _revealed(station, case)
    answer = send(client, f"{page_of}/identity", _why(client, page_of, "核对银行卡号"))
    assert answer.status_code == 200
    assert application()["fields"]["id_number"] in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (entry,) = _revealed(station, case)
    assert (entry.actor, entry.detail) == ("acct:wang", "核对银行卡号")
    assert application()["fields"]["id_number"] not in read(client, page_of)


def test_a_reason_to_see_more_that_is_too_long_is_refused(client, station, case, page_of):
    assert send(client, f"{page_of}/identity", _why(client, page_of, "x" * 501)).status_code == 422
    assert not _revealed(station, case)


def _why(client, address, why):
    return {**form_on(read(client, address), "why")["values"], "why": why}


def _revealed(station, case):
    entries = station.node.read(lambda reader: entries_about(reader, case["id"]))
    return [entry for entry in entries if entry.action == "identity_revealed"]


@pytest.mark.parametrize("address", ["/cases/none", "/cases/case:k3m7q-0000000000000000", "/cases/case:other-00"])
def test_a_case_nobody_keeps_here_is_not_found_in_words(client, case, address):
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 404
    assert "没有这个办件" in answer.text
    assert client.get(f"{address}/photos/1", headers=HTML).status_code == 404


def test_who_keeps_the_pc_sees_nobodys_papers(sign_in, case, page_of):
    root = sign_in("root")
    for address in ("/cases", page_of, f"{page_of}/photos/1", f"{page_of}/prints/receipt"):
        assert root.get(address, headers=HTML).status_code == 403


def test_a_township_decides_what_is_its_own_to_decide(make_station):
    station = make_station("t0wn1", township=True)
    client = build_app(station, FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "li", "password": PASSWORD})
    address = f"/cases/{taken(client, name='农村宅基地')['id']}"
    act(client, address, "accept")
    act(client, address, "review")
    assert buttons(client, address) == ["approve", "deny", "withdraw"]
    refused = act(client, address, "deny")
    assert refused.status_code == 422
    assert "不予的，请写明理由" in refused.text
    assert act(client, address, "approve").status_code == 303
    assert buttons(client, address) == ["complete"]
    assert "<strong>0</strong>审查中" in read(client, "/")


def test_a_case_that_is_done_says_how_it_was_decided(make_station):
    client = build_app(make_station("t0wn1", township=True), FeedGate()).test_client()
    client.post("/api/v1/session", json={"name": "li", "password": PASSWORD})
    address = f"/cases/{taken(client, name='农村宅基地')['id']}"
    for what, reason in (("accept", ""), ("review", ""), ("deny", "土地不符合规划"), ("complete", "")):
        assert act(client, address, what, reason=reason).status_code == 303
    heading = re.search("<h1>(.*?)</h1>", read(client, address), re.DOTALL)[1]
    assert re.findall(r'<span class="tag (\w+)">([^<]+)<', heading) == [("done", "办结"), ("bad", "不予")]


def test_the_station_of_a_case_is_named(client, page_of):
    assert "石桥村便民服务站" in read(client, page_of)
    assert f'value="{SID}"' not in read(client, "/cases")  # one station alone needs no filter
