"""The first page: what waits, what may be applied for, what came last."""

import re
import threading

from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import form_on, read, send
from tests.waiting import until


def test_the_first_page_counts_what_waits_and_offers_the_common_items(client, station):
    for number in range(2):
        client.post("/api/v1/cases", json=application(number=number), headers=key(str(number)))
    page = read(client, "/")
    counts = dict(re.findall(r"state=(\w+)\"><strong>(\d+)</strong>", page))
    assert counts == {"received": "2", "supplement_before": "0", "supplement": "0", "completed": "0"}
    for one in station.catalogue.items().values():
        assert (f'href="/items/{one.code}/application"' in page) is one.common
    assert page.count('href="/cases/case:') == 4  # the most urgent, and the last
    assert "待办中最急的" in page
    assert "超期 <strong>0</strong>" in page
    assert "已存本机 2 件" in page
    assert "等待上报：办件 2 件" in page


def test_at_a_village_what_may_be_applied_for_stands_before_the_lists_and_at_a_township_behind_its_queue(
    client, make_station, sign_in_to
):
    client.post("/api/v1/cases", json=application(), headers=key("1"))
    page = read(client, "/")
    assert page.index("超期 <strong>") < page.index("收件：请选择事项") < page.index("待办中最急的")
    page = read(sign_in_to(make_station("t3k9m", township=True)), "/")
    assert page.index("各村站") < page.index("收件：请选择事项")


def test_all_that_is_counted_stands_under_all_to_do(client, sign_in):
    """What is to be handed over has no clock any more, and is to be done."""
    for number in range(2):
        client.post("/api/v1/cases", json=application(number=number), headers=key(str(number)))
    spot = client.post("/api/v1/cases", json=application("村级开具证明"), headers=key("spot")).get_json()["id"]
    for act in ("acceptance", "finish"):
        assert client.post(f"/api/v1/cases/{spot}/{act}", json={}).status_code == 200
    page = read(client, "/")
    counts = [int(count) for count in re.findall(r"state=\w+\"><strong>(\d+)</strong>", page)]
    assert sum(counts) == 3
    address = re.search(r'<a href="([^"]+)">全部待办</a>', page).group(1).replace("&amp;", "&")
    listed = read(client, address)
    assert len(set(re.findall(r'href="/cases/(case:[^"/]+)"', listed))) == 3


def test_what_somebody_received_is_his_to_do_until_it_is_decided_on_or_he_leaves(client, sign_in, station):
    taken = client.post("/api/v1/cases", json=application("村级开具证明"), headers=key("1")).get_json()["id"]
    head = sign_in("zhang")
    assert "<dt>经办人</dt><dd>wang</dd>" in read(head, f"/cases/{taken}")
    for page, count in ((read(client, "/"), 1), (read(head, "/"), 0)):
        assert f'state=received"><strong>{count}</strong>' in page
    for act in ("acceptance", "review"):
        assert client.post(f"/api/v1/cases/{taken}/{act}", json={}).status_code == 200
    assert 'state=in_review"><strong>1</strong>' in read(head, "/")
    second = client.post("/api/v1/cases", json=application("村级开具证明", number=1), headers=key("2")).get_json()["id"]
    assert second not in read(head, "/cases?todo=1&who=mine")
    station.accounts.set_disabled("wang", True, by="acct:root")
    assert second in read(head, "/cases?todo=1&who=mine")
    assert second in read(head, "/cases?todo=1&who=none")


def test_what_was_given_to_another_is_not_mine_to_do(client, sign_in):
    taken = client.post("/api/v1/cases", json=application(), headers=key("1")).get_json()
    client.post(f"/api/v1/cases/{taken['id']}/passing", json={"assignee": "li", "reason": "请假"})
    assert 'state=received"><strong>0</strong>' in read(client, "/")
    assert 'state=received"><strong>1</strong>' in read(sign_in("li"), "/")


def test_a_township_without_villages_says_so_and_invents_no_figure(make_station, sign_in_to):
    page = read(sign_in_to(make_station("t3k9m", township=True)), "/")
    assert "还没有村站注册到本乡镇。" in page
    assert "没有轮到乡镇办理、正在计时的办件。" in page


def test_a_station_without_cases_says_so(client):
    assert "还没有办件。" in read(client, "/")


def test_an_administrator_sees_how_the_station_stands_and_nobodys_papers(sign_in, client):
    client.post("/api/v1/cases", json=application(), headers=key("1"))
    page = read(sign_in("root"), "/")
    assert "1 件" in page
    assert item().name not in page
    assert 'href="/cases"' not in page


def test_the_node_above_is_called_at_once_by_a_button_and_nobody_waits_for_it(client, station):
    begun = []
    station.courier.synchronise = lambda: begun.append(threading.get_ident())
    page = read(client, "/")
    assert 'action="/call"' in page
    answer = send(client, "/call", form_on(page, "csrf_token")["values"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "正在联系上级" in read(client, "/")
    until(lambda: begun)
    assert client.post("/call").status_code == 403  # no form of ours
    assert begun != [threading.get_ident()]


def test_a_second_click_begins_no_second_call(station):
    going, ended, runs = threading.Event(), threading.Event(), []

    def run():
        runs.append(1)
        going.set()
        ended.wait(10)

    station.courier.synchronise = run
    assert station.courier.begin()
    assert going.wait(10)
    assert not station.courier.begin()
    ended.set()
    until(station.courier.begin)
    until(lambda: len(runs) == 2)


def test_a_call_on_a_dead_link_is_told_on_the_page_and_nowhere_else(client, station):
    assert station.courier.begin()  # nobody listens at its upstream
    until(lambda: "现在没有连上" in read(client, "/"))
