"""The first page: what waits, what may be applied for, what came last."""

import re
import threading
import time

from tests.unit.edge_node.applications import application, item, key
from tests.unit.forms import form_on, read, send


def test_the_first_page_counts_what_waits_and_offers_the_common_items(client, station):
    for number in range(2):
        client.post("/api/v1/cases", json=application(number=number), headers=key(str(number)))
    page = read(client, "/")
    counts = dict(re.findall(r"state=(\w+)\"><strong>(\d+)</strong>", page))
    assert counts == {"received": "2", "supplement_before": "0", "supplement": "0", "approved": "0"}
    for one in station.catalogue.items().values():
        assert (f'href="/items/{one.code}/application"' in page) is one.common
    assert page.count('href="/cases/case:') == 2
    assert "已存本机 2 件" in page
    assert "等待上报：办件 2 件" in page


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
    assert wait_for(lambda: begun)
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
    assert wait_for(station.courier.begin)
    assert wait_for(lambda: len(runs) == 2)


def test_a_call_on_a_dead_link_is_told_on_the_page_and_nowhere_else(client, station):
    assert station.courier.begin()  # nobody listens at its upstream
    assert wait_for(lambda: "现在没有连上" in read(client, "/"))


def wait_for(holds):
    """Whether something comes true within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
