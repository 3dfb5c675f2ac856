import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson
import pytest
from werkzeug.test import Client

from sync.errors import PeerBusy
from sync.http_api import following
from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.store.memory import MemoryDatabase, MemoryDatabases
from sync.values.documents import Edit

CHANGES = "/db/_changes"


@pytest.fixture
def written(db: Any) -> Any:
    """`db` with a, b and a deleted c."""
    for doc_id in ("a", "b", "c"):
        rev = db.put(f"/db/{doc_id}", {"n": 1})["rev"]
    db.ask("DELETE", f"/db/c?rev={rev}")
    return db


def ids(told: dict[str, Any]) -> list[str]:
    return [row["id"] for row in told["results"]]


def test_each_document_stands_once_at_its_newest_change(written: Any) -> None:
    told = written.get(CHANGES)
    assert ids(told) == ["a", "b", "c"]
    assert told["pending"] == 0
    assert [row.get("deleted") for row in told["results"]] == [None, None, True]
    assert told["last_seq"] == told["results"][-1]["seq"]
    assert written.get(f"{CHANGES}?since={told['last_seq']}")["results"] == []
    rev = written.get("/db/a")["_rev"]
    written.put("/db/a", {"_rev": rev})
    assert ids(written.get(f"{CHANGES}?since={told['last_seq']}")) == ["a"]
    assert ids(written.get(CHANGES)) == ["b", "c", "a"]


@pytest.mark.parametrize("feed", ["normal", "longpoll"])
def test_an_answer_has_couchdbs_lines_for_clients_that_read_it_line_by_line(written: Any, feed: str) -> None:
    head, a, b, c, foot, end = written.ask("GET", f"{CHANGES}?feed={feed}").text.splitlines()
    assert (head, foot) == ('{"results":[', "],")
    assert [orjson.loads(row.removesuffix(","))["id"] for row in (a, b, c)] == ["a", "b", "c"]
    assert orjson.loads("{" + end) == {"last_seq": written.get("/db")["update_seq"], "pending": 0}
    none = written.ask("GET", f"{CHANGES}?feed={feed}&since=now&timeout=1").text.splitlines()
    assert [line for line in none if line][:-1] == [head, foot]


def test_a_page_says_how_much_is_behind_it_and_where_to_go_on(written: Any) -> None:
    first = written.get(f"{CHANGES}?limit=2")
    assert (ids(first), first["pending"]) == (["a", "b"], 1)
    rest = written.get(f"{CHANGES}?limit=2&since={first['last_seq']}")
    assert (ids(rest), rest["pending"]) == (["c"], 0)
    for feed in ("normal", "longpoll"):
        none = written.get(f"{CHANGES}?limit=0&feed={feed}")
        assert (none["results"], none["pending"]) == ([], 3)
    assert written.ask("GET", f"{CHANGES}?limit=0&feed=continuous").json == {"last_seq": none["last_seq"], "pending": 3}
    assert ids(written.get(f"{CHANGES}?descending=true&limit=2")) == ["c", "b"]
    assert ids(written.get(f"{CHANGES}?descending=true")) == ["c", "b", "a"]
    assert written.get(f"{CHANGES}?since=now")["results"] == []
    assert ids(written.get(f"{CHANGES}?last-event-id={first['last_seq']}")) == ["c"]
    assert ids(written.get(f'{CHANGES}?since="{first["last_seq"]}"')) == ["c"]


def test_a_long_feed_is_whole_though_it_is_read_in_pages(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE_ROWS", 7)
    monkeypatch.setattr(following, "PAGE_DOCUMENTS", 3)
    every = [f"d{n:03}" for n in range(50)]
    db.post("/db/_bulk_docs", {"docs": [{"_id": each} for each in every]}, status=201)
    for query, expected in (
        ("", every),
        ("include_docs=true", every),
        ("limit=20", every[:20]),
        ("limit=21", every[:21]),
        ("descending=true", every[::-1]),
    ):
        told = db.get(f"{CHANGES}?{query}")
        assert ids(told) == expected, query
        assert told["pending"] == 50 - len(expected), query


def test_what_changes_while_a_long_feed_is_told_is_in_it_nevertheless(
    db: Any, databases: MemoryDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE_ROWS", 7)
    every = [f"d{n:03}" for n in range(50)]
    db.post("/db/_bulk_docs", {"docs": [{"_id": each} for each in every]}, status=201)
    moving = iter([("d001", "d002", "d040"), ("d003", "d041")])

    def changes(database: MemoryDatabase, *args: Any, **options: Any) -> Any:
        """A page, and what others do before the next is read."""
        page = look(database, *args, **options)
        for doc_id in next(moving, ()):
            database.write([Edit(doc_id, database.tree(doc_id).winner.leaf)])
        return page

    look = MemoryDatabase.changes
    monkeypatch.setattr(MemoryDatabase, "changes", changes)
    told = db.get(CHANGES)
    assert set(ids(told)) == set(every)
    newest = {row["id"]: row["changes"][0]["rev"] for row in told["results"]}  # of one told twice, the later counts
    assert newest == {row.id: str(row.revision) for row in databases.open("db").look_up(every).rows}


def test_a_long_feed_ends_though_others_never_stop_writing(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE_ROWS", 7)
    db.post("/db/_bulk_docs", {"docs": [{"_id": f"d{n:03}"} for n in range(50)]}, status=201)
    look, fresh = MemoryDatabase.changes, count()

    def changes(database: MemoryDatabase, *args: Any, **options: Any) -> Any:
        page = look(database, *args, **options)
        database.write([Edit(f"n{next(fresh)}", None) for _ in range(20)])
        return page

    monkeypatch.setattr(MemoryDatabase, "changes", changes)
    told = db.get(CHANGES)
    assert told["pending"] > 0
    assert len(ids(told)) > 50


def test_leaves_documents_and_conflicts_come_on_request(db: Any, branched: Callable[[str], None]) -> None:
    branched("x")
    (row,) = db.get(CHANGES)["results"]
    assert (row["changes"], "doc" in row) == ([{"rev": "3-c"}], False)
    (row,) = db.get(f"{CHANGES}?style=all_docs&include_docs=true&conflicts=true")["results"]
    assert row["changes"] == [{"rev": "3-c"}, {"rev": "2-d"}, {"rev": "3-t"}]
    assert row["doc"] == {"_id": "x", "_rev": "3-c", "leaf": "c", "_conflicts": ["2-d"]}


def test_the_document_of_a_deletion_is_its_tombstone(written: Any) -> None:
    row = written.get(f"{CHANGES}?include_docs=true")["results"][-1]
    assert row["doc"] == {"_id": "c", "_rev": row["changes"][0]["rev"], "_deleted": True}


def test_a_feed_can_be_of_some_documents_only(written: Any) -> None:
    told = written.post(f"{CHANGES}?filter=_doc_ids", {"doc_ids": ["b", "unknown", "c"]})
    assert ids(told) == ["b", "c"]
    assert ids(written.get(f'{CHANGES}?filter=_doc_ids&doc_ids=["a"]')) == ["a"]
    assert ids(written.post(CHANGES, {})) == ["a", "b", "c"]
    for wrong in ({}, {"doc_ids": "a"}, {"doc_ids": [1]}):
        assert written.refused("POST", f"{CHANGES}?filter=_doc_ids", wrong)[:2] == (400, "bad_request")


def test_a_feed_can_be_of_design_documents_only(written: Any) -> None:
    for doc_id in ("_design/x", "d", "_design/y"):
        written.put(f"/db/{doc_id}", {"of": doc_id})
    assert ids(written.get(f"{CHANGES}?filter=_design")) == ["_design/x", "_design/y"]
    first = written.get(f"{CHANGES}?filter=_design&limit=1")
    assert (ids(first), first["pending"]) == (["_design/x"], 2)
    assert ids(written.get(f"{CHANGES}?filter=_design&since={first['last_seq']}")) == ["_design/y"]
    assert ids(written.get(f"{CHANGES}?filter=_design&descending=true&limit=1")) == ["_design/y"]


def test_a_feed_can_be_of_documents_that_fit_a_selector(db: Any, branched: Callable[[str], None]) -> None:
    for n in range(3):
        db.put(f"/db/d{n}", {"n": n})
    branched("x")

    def told(selector: Any, query: str = "", **more: Any) -> list[dict[str, Any]]:
        rows = db.post(f"{CHANGES}?filter=_selector{query}", {"selector": selector, **more})["results"]
        assert isinstance(rows, list)
        return rows

    assert [row["id"] for row in told({"n": {"$gte": 1}})] == ["d1", "d2"]
    assert told({"leaf": "d"}) == []
    (row,) = told({"leaf": "d"}, "&style=all_docs&include_docs=true")
    assert (row["changes"], row["doc"]["_rev"]) == ([{"rev": "2-d"}], "3-c")
    (row,) = told({"n": 1}, "&include_docs=true", fields=["n"])
    assert row["doc"] == {"n": 1}
    assert [row["id"] for row in told({"_id": {"$gt": "d1"}}, "&descending=true")] == ["x", "d2"]


def test_what_a_filter_leaves_out_is_passed_in_pages_and_moves_the_sequence(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE_ROWS", 7)
    monkeypatch.setattr(following, "PAGE_DOCUMENTS", 3)
    docs = [{"_id": f"d{n:03}", "n": n} for n in range(50)]
    db.post("/db/_bulk_docs", {"docs": docs}, status=201)
    now = db.get("/db")["update_seq"]
    for query in ("", "&include_docs=true"):
        for wanted in ([], [0], [49], [6, 7, 8, 20], list(range(50))):
            asked = {"selector": {"n": {"$in": wanted}}}
            told = db.post(f"{CHANGES}?filter=_selector{query}", asked)
            assert ids(told) == [f"d{n:03}" for n in wanted]
            assert (told["last_seq"], told["pending"]) == (now, 0)
            since, seen = "0", []
            while len(page := db.post(f"{CHANGES}?filter=_selector{query}&limit=2&since={since}", asked)["results"]):
                seen += [row["id"] for row in page]
                since = page[-1]["seq"]
            assert seen == ids(told)


def test_a_filtered_longpoll_waits_when_nothing_fits_and_goes_on_where_it_was(written: Any) -> None:
    asked = {"selector": {"mine": True}}
    waited = written.post(f"{CHANGES}?feed=longpoll&filter=_selector&timeout=20", asked)
    assert (waited["results"], waited["last_seq"]) == ([], written.get("/db")["update_seq"])

    def write() -> None:
        written.put("/db/other", {})
        written.put("/db/mine", {"mine": True})

    soon = threading.Timer(0.1, write)
    soon.start()
    told = written.post(f"{CHANGES}?feed=longpoll&filter=_selector&since={waited['last_seq']}", asked)
    soon.join()
    assert ids(told) == ["mine"]


def test_a_filter_that_is_code_is_looked_up_and_not_run(db: Any) -> None:
    db.put("/db/_design/app", {"filters": {"mine": "function"}, "views": {"all": {"map": "function"}}})
    for query in ("filter=app/mine", "filter=_view&view=app/all"):
        assert db.refused("GET", f"{CHANGES}?{query}")[:2] == (501, "not_implemented")
    for query, word in (
        ("filter=app/other", "missing json key: other"),
        ("filter=no/mine", "missing"),
        ("filter=_view&view=app/other", "missing json key: other"),
    ):
        assert db.refused("GET", f"{CHANGES}?{query}") == (404, "not_found", word)
    for query in ("filter=mine", "filter=a/b/c", "filter=_view", "filter=_view&view=x", "filter=_other"):
        assert db.refused("GET", f"{CHANGES}?{query}")[:2] == (400, "bad_request")


def test_one_change_in_so_many_tells_its_sequence(written: Any) -> None:
    told = written.get(f"{CHANGES}?seq_interval=2")
    assert [row["seq"] is not None for row in told["results"]] == [True, False, True]
    assert told["last_seq"] == written.get("/db")["update_seq"]


def test_an_eventsource_tells_events_and_goes_on_where_a_browser_says(written: Any) -> None:
    answer = written.ask("GET", f"{CHANGES}?feed=eventsource&limit=2")
    assert answer.content_type == "text/event-stream"
    events = [dict(line.split(": ", 1) for line in each.split("\n")) for each in answer.text.strip().split("\n\n")]
    assert [orjson.loads(each["data"])["id"] for each in events] == ["a", "b"]
    here = orjson.loads(events[1]["id"])
    more = written.ask("GET", f"{CHANGES}?feed=eventsource&limit=1&since=0", headers={"Last-Event-ID": here})
    assert orjson.loads(more.text.split("\n")[0].removeprefix("data: "))["id"] == "c"
    quiet = written.ask("GET", f"{CHANGES}?feed=eventsource&since=now&timeout=10")
    assert quiet.text.strip() == ""


def test_an_eventsource_shows_that_it_is_alive(written: Any, feeds: FeedGate) -> None:
    soon = threading.Timer(0.35, feeds.close)
    soon.start()
    answer = written.ask("GET", f"{CHANGES}?feed=eventsource&since=now&heartbeat=100")
    soon.join()
    assert answer.text.count("event: heartbeat\ndata: \n\n") >= 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("since=nonsense", 400), ("since=1", 400), ("limit=x", 400), ("style=odd", 400), ("seq_interval=0", 400),
     ("heartbeat=x", 400), ("timeout=-1", 400), ("feed=odd", 400), ("heartbeat=0", 400), ("limit=-1", 400)],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(db: Any, query: str, status: int) -> None:
    assert db.refused("GET", f"{CHANGES}?{query}")[0] == status


def test_a_longpoll_answers_at_once_when_there_is_something(written: Any) -> None:
    assert ids(written.get(f"{CHANGES}?feed=longpoll")) == ["a", "b", "c"]


def test_a_longpoll_waits_for_the_next_change(written: Any) -> None:
    soon = threading.Timer(0.15, lambda: written.put("/db/d", {}))
    soon.start()
    told = written.get(f"{CHANGES}?feed=longpoll&since=now&include_docs=true")
    soon.join()
    assert [row["doc"]["_id"] for row in told["results"]] == ["d"]
    assert written.get(f"{CHANGES}?since={told['last_seq']}")["results"] == []


def test_a_longpoll_of_some_documents_sleeps_through_the_others(written: Any) -> None:
    def write() -> None:
        for doc_id in ("other", "mine"):
            time.sleep(0.1)
            written.put(f"/db/{doc_id}", {})

    soon = threading.Thread(target=write)
    soon.start()
    told = written.post(f"{CHANGES}?feed=longpoll&since=now&filter=_doc_ids", {"doc_ids": ["mine"]})
    soon.join()
    assert ids(told) == ["mine"]


def test_a_longpoll_ends_when_its_time_is_up(written: Any) -> None:
    started = time.monotonic()
    told = written.get(f"{CHANGES}?feed=longpoll&since=now&timeout=200")
    assert 0.15 < time.monotonic() - started < 5
    assert told["results"] == []
    assert told["last_seq"] == written.get("/db")["update_seq"]


def test_heartbeats_keep_a_waiting_feed_alive_and_stay_json(written: Any) -> None:
    soon = threading.Timer(0.5, lambda: written.put("/db/d", {}))
    soon.start()
    answer = written.ask("GET", f"{CHANGES}?feed=longpoll&since=now&heartbeat=100&timeout=1")
    soon.join()
    assert answer.data.count(b"\n") >= 5
    assert ids(orjson.loads(answer.data)) == ["d"]
    assert "no-transform" in answer.headers["Cache-Control"]


def test_a_continuous_feed_gives_a_line_for_each_change(written: Any) -> None:
    soon = threading.Timer(0.1, lambda: written.put("/db/d", {}))
    soon.start()
    answer = written.ask("GET", f"{CHANGES}?feed=continuous&timeout=20000&limit=4")
    soon.join()
    lines = [orjson.loads(line) for line in answer.data.splitlines() if line]
    assert [line["id"] for line in lines[:-1]] == ["a", "b", "c", "d"]
    assert lines[-1] == {"last_seq": written.get("/db")["update_seq"], "pending": 0}
    limited = written.ask("GET", f"{CHANGES}?feed=continuous&limit=2").data
    assert [orjson.loads(line).get("id") for line in limited.splitlines()] == ["a", "b", None]


def test_a_feed_ends_when_its_database_is_destroyed(written: Any) -> None:
    soon = threading.Timer(0.1, lambda: written.ask("DELETE", "/db"))
    soon.start()
    assert written.get(f"{CHANGES}?feed=longpoll&since=now&heartbeat=1000")["results"] == []
    soon.join()


def test_waiting_feeds_end_when_the_server_closes(written: Any, feeds: FeedGate) -> None:
    soon = threading.Timer(0.1, feeds.close)
    soon.start()
    started = time.monotonic()
    assert written.get(f"{CHANGES}?feed=longpoll&since=now")["results"] == []
    assert time.monotonic() - started < 5
    soon.join()
    assert written.refused("GET", f"{CHANGES}?feed=longpoll&since=now")[:2] == (503, "service_unavailable")


def test_whoever_finds_no_place_is_told_when_to_come_back(databases: Any, written: Any) -> None:
    gate = FeedGate(1)
    crowded = type(written)(create_app(databases, uuid="u", feeds=gate))
    gate.enter()
    answer = crowded.ask("GET", f"{CHANGES}?feed=longpoll&since=now")
    assert (answer.status_code, answer.json["error"]) == (503, "service_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert ids(crowded.get(f"{CHANGES}?feed=longpoll")) == ["a", "b", "c"]
    gate.leave()
    for _ in range(3):  # each gives its place back
        assert crowded.get(f"{CHANGES}?feed=longpoll&since=now&timeout=10")["results"] == []


def test_a_place_is_given_back_though_nobody_read_the_answer(databases: Any, written: Any) -> None:
    gate = FeedGate(1)
    app = create_app(databases, uuid="u", feeds=gate)
    for _ in range(3):
        answer = Client(app).open("/db/_changes?feed=longpoll&since=now&timeout=10", buffered=False)
        assert answer.status_code == 200
        answer.close()
    gate.enter()
    with pytest.raises(PeerBusy):
        gate.enter()


def test_a_feed_backwards_is_read_in_pages_too(db: Any, databases: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE_ROWS", 7)
    every = [f"d{n:03}" for n in range(50)]
    db.post("/db/_bulk_docs", {"docs": [{"_id": each, "n": n} for n, each in enumerate(every)]}, status=201)
    asked: list[int] = []
    kind = type(databases.open("db"))
    whole = kind.changes

    def seen(self: Any, since: str, **options: Any) -> Any:
        asked.extend([options["limit"]] if "limit" in options else [])
        return whole(self, since, **options)

    monkeypatch.setattr(kind, "changes", seen)
    for query, expected in (
        ("descending=true", every[::-1]),
        ("descending=true&limit=20", every[:29:-1]),
        ("descending=true&limit=20&since=now", every[:29:-1]),
        ("descending=true&feed=longpoll", every[::-1]),
    ):
        told = db.get(f"{CHANGES}?{query}")
        assert ids(told) == expected, query
        assert told["pending"] == 50 - len(expected), query
    chosen = {"selector": {"n": {"$mod": [10, 3]}}}
    told = db.post(f"{CHANGES}?descending=true&filter=_selector", chosen)
    assert ids(told) == ["d043", "d033", "d023", "d013", "d003"]
    assert ids(db.post(f"{CHANGES}?descending=true&filter=_selector&limit=2", chosen)) == ["d043", "d033"]
    lines = db.ask("GET", f"{CHANGES}?descending=true&feed=continuous").text.split()
    assert [orjson.loads(line)["id"] for line in lines[:-1]] == every[::-1]
    assert max(asked) == 7
