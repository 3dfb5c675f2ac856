"""Searching over HTTP, and what was not found."""

from sync.values.cursors import write_cursor
from tests.unit.edge_node.applications import application, key


def test_a_search_answers_with_items_occasions_and_cases(client):
    taken = client.post("/api/v1/cases", json=application(), headers=key("1")).get_json()
    answer = client.get("/api/v1/search?q=gaoling&limit=3")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.get_json()
    assert set(found) == {"items", "bundles", "people", "cases"}
    assert found["items"][0]["name"] == "高龄津贴"
    assert [one["id"] for one in found["cases"]] == [taken["id"]]
    assert client.get("/api/v1/search?q=补贴&limit=3").get_json()["items"][2:] != []
    assert client.get("/api/v1/search?q=补贴&limit=3").get_json()["items"][3:] == []
    assert client.get("/api/v1/search").get_json() == {"items": [], "bundles": [], "people": [], "cases": []}


def test_a_search_that_is_none_is_refused(client):
    for query in (f"q={'a' * 301}", "q=a&limit=0", "q=a&limit=51", "q=a&limit=x"):
        assert client.get(f"/api/v1/search?{query}").status_code == 422


def test_only_those_who_work_with_citizens_search(sign_in, app):
    assert app.test_client().get("/api/v1/search?q=a").status_code == 401
    assert sign_in("root").get("/api/v1/search?q=a").status_code == 403


def test_head_and_administrator_read_what_was_not_found(sign_in):
    sign_in("wang").get("/api/v1/search?q=卫星电视")
    for name, status in (("zhang", 200), ("root", 200), ("wang", 403)):
        answer = sign_in(name).get("/api/v1/search/misses")
        assert answer.status_code == status
    (miss,) = sign_in("zhang").get("/api/v1/search/misses").get_json()["misses"]
    assert (miss["text"], miss["times"]) == ("卫星电视", 1)


def test_what_was_not_found_comes_in_pages_without_a_gap_or_a_repetition(sign_in):
    agent, head = sign_in("wang"), sign_in("zhang")
    words = ["充电桩安装", "水井检测费", "拖拉机检测", "渔船登记费", "蜂箱登记"]
    for times, word in enumerate(words, start=1):
        for _ in range(times // 2 + 1):
            agent.get("/api/v1/search", query_string={"q": f"没有{word}"})
    whole = head.get("/api/v1/search/misses").get_json()
    assert whole["next"] is None
    assert len(whole["misses"]) == len(words)
    found, cursor = [], ""
    while cursor is not None:
        page = head.get("/api/v1/search/misses", query_string={"limit": 2, "cursor": cursor}).get_json()
        assert len(page["misses"]) <= 2
        found += page["misses"]
        cursor = page["next"]
    assert found == whole["misses"]


def test_a_cursor_that_is_none_is_refused(sign_in):
    head = sign_in("zhang")
    for cursor in ("x", "\0", "一", write_cursor("1", "2"), write_cursor("-1", "2", "x"), write_cursor("1", "x", "x")):
        answer = head.get("/api/v1/search/misses", query_string={"cursor": cursor})
        assert (answer.status_code, answer.get_json()["title"]) == (400, "请求无法识别")
