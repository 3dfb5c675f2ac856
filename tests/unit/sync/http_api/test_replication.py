"""The replication service as it is asked across HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.replicator.service import ReplicationService
from sync.store.engine import Engine
from tests.unit.sync.http_api.conftest import UUID, Caller
from tests.waiting import until

HERE = "http://127.0.0.1:5984"


@pytest.fixture
def caller(tmp_path: Path, feeds: FeedGate) -> Iterator[Caller]:
    """Somebody at the other end of a server that replicates; it has `a` with two documents, and `b`."""
    with Engine.open(tmp_path) as engine:
        service = ReplicationService(engine.databases, engine.wakes, server=UUID)
        service.start(HERE)
        asked = Caller(create_app(engine.databases, uuid=UUID, feeds=feeds, replicator=service))
        asked.put("/a"), asked.put("/b")
        asked.put("/a/x"), asked.put("/a/y")
        yield asked
        service.close()


def test_a_replication_is_answered_with_its_report(caller: Caller) -> None:
    told = caller.post("/_replicate", {"source": "a", "target": "b"})
    assert told["ok"]
    assert told["history"][0]["docs_written"] == 2
    assert caller.get("/b")["doc_count"] == 2
    assert caller.post("/_replicate", {"source": "a", "target": "b"})["no_changes"]


def test_a_continuous_one_is_answered_at_once_and_ended_by_its_id(caller: Caller) -> None:
    asked = {"source": "a", "target": "b", "continuous": True}
    told = caller.post("/_replicate", asked, status=202)
    job_id = told["_local_id"]
    assert told == {"ok": True, "_local_id": job_id}
    until(lambda: caller.get("/b")["doc_count"] == 2)
    assert [task["replication_id"] for task in caller.get("/_active_tasks")] == [job_id]
    assert caller.get(f"/_scheduler/jobs/{job_id}")["id"] == job_id
    assert caller.get("/_scheduler/jobs")["jobs"][0]["source"] == f"{HERE}/a/"
    assert caller.post("/_replicate", {"replication_id": job_id, "cancel": True}) == told
    assert caller.refused("POST", "/_replicate", {**asked, "cancel": True}) == (404, "not_found", "missing")
    assert caller.get("/_scheduler/jobs") == {"total_rows": 0, "offset": 0, "jobs": []}
    assert caller.refused("GET", f"/_scheduler/jobs/{job_id}") == (404, "not_found", "missing")


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"target": "b"}, (400, "bad_request", "Missing replicator database")),
        ({"source": "a", "target": "c"}, (404, "db_not_found", f"could not open {HERE}/c/")),
        ({"source": "a", "target": "b", "cancel": 1}, (400, "bad_request", "parameter `cancel` must be a boolean")),
        ([], (400, "bad_request", "Request body must be a JSON object")),
        (
            {"source": "a", "target": "b", "filter": "x/y"},
            (
                501,
                "not_implemented",
                "Filters are not offered: no JavaScript runs here. Select with `doc_ids` or `selector`.",
            ),
        ),
        (
            {"source": "a", "target": "http://127.0.0.1:1/x"},
            (502, "bad_gateway", "http://127.0.0.1:1: nobody listens there"),
        ),
    ],
)
def test_a_replication_that_cannot_be_is_refused(caller: Caller, asked: Any, refused: tuple[int, str, str]) -> None:
    assert caller.refused("POST", "/_replicate", asked) == refused


ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**60, "", "石", [], [1], ["a"], {}, {"a": 1}, {"$and": 5}, [[]], {"url": {}}),
    *("http://", "http://a..b/x", "http://a b/x", "http://a\x00b/x", f"http://{'a' * 300}/x", "http://127.0.0.1:1/石"),
    *("http://127.0.0.1:99999/x", "http://127.0.0.1:0/x", "http://u:p@/x", "http://-/x", "http://127.0.0.1:1/%ff"),
    {"url": "http://127.0.0.1:1/x", "headers": {"石": "x"}, "auth": {"basic": {"username": "石", "password": "桥"}}},
    {"url": "http://127.0.0.1:1/x", "headers": {"": ""}},
)
MEMBERS = (
    *("source", "target", "continuous", "create_target", "create_target_params", "doc_ids", "selector", "filter"),
    *("query_params", "since_seq", "use_checkpoints", "checkpoint_interval", "winning_revs_only", "cancel", "id"),
    *("connection_timeout", "replication_id", "_local_id", "source_proxy", "owner", "user_ctx", "worker_processes"),
)


@pytest.mark.parametrize("name", MEMBERS)
def test_whatever_a_replication_is_asked_with_it_is_done_or_refused_and_never_a_fault(
    caller: Caller, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    for number, value in enumerate(ODD):
        asked = {"source": "a", "target": "b", name: value}
        assert caller.ask("POST", "/_replicate", asked).status_code in (200, 202, 400, 404, 501, 502), value
        assert caller.ask("PUT", f"/_replicator/{number}", asked).status_code in (201, 400, 403), value
    assert "Traceback" not in caplog.text
    assert "File " not in caplog.text


def test_whoever_waits_for_a_replication_takes_a_place_as_feeds_do(caller: Caller, feeds: FeedGate) -> None:
    feeds.close()
    assert caller.refused("POST", "/_replicate", {"source": "a", "target": "b"})[:2] == (503, "service_unavailable")


def test_documents_are_jobs_and_the_scheduler_tells_of_them(caller: Caller) -> None:
    caller.put("/_replicator/one", {"source": "a", "target": "b"})
    caller.put("/_replicator/two", {"source": "a", "target": "none"})
    assert caller.refused("PUT", "/_replicator/three", {"source": "a"})[0] == 403
    caller.put("/_replicator/three", {"source": "a", "_replication_state": "failed"})
    states = {"one": "completed", "two": "crashing", "three": "failed"}
    until(lambda: {row["doc_id"]: row["state"] for row in caller.get("/_scheduler/docs")["docs"]} == states)
    told = caller.get("/_scheduler/docs/_replicator?states=completed,failed")
    assert [row["doc_id"] for row in told["docs"]] == ["one", "three"]
    assert caller.get("/_scheduler/docs?skip=1&limit=1") == {
        "total_rows": 3,
        "offset": 1,
        "docs": [caller.get("/_scheduler/docs/_replicator/three")],
    }
    assert [row["doc_id"] for row in caller.get("/_scheduler/docs?descending=true")["docs"]] == ["two", "three", "one"]
    # What is read can be written back, with what the replicator wrote into it.
    document = caller.get("/_replicator/one")
    assert document["_replication_state"] == "completed"
    caller.put("/_replicator/one", {**document, "note": "ours"})


def test_another_database_of_jobs_is_named_with_its_slash_encoded_or_not(caller: Caller) -> None:
    caller.put("/ours%2F_replicator")
    caller.put("/ours%2F_replicator/doc", {"source": "a", "target": "b"})
    until(lambda: caller.get("/_scheduler/docs/ours%2F_replicator/doc")["state"] == "completed")
    row = caller.get("/_scheduler/docs/ours/_replicator/doc")
    assert row["database"] == "ours/_replicator"
    for path in ("ours%2F_replicator", "ours/_replicator"):
        assert caller.get(f"/_scheduler/docs/{path}")["docs"] == [row]


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("docs/a", (400, "bad_request", "Invalid path")),
        ("docs/a/b/c", (400, "bad_request", "Invalid path")),
        ("docs/none%2F_replicator", (404, "not_found", "Database does not exist.")),
        ("docs/_replicator/none", (404, "not_found", "missing")),
        ("jobs?limit=x", (400, "query_parse_error", 'Invalid value for integer: "x"')),
        (
            "docs?states=gone",
            (
                400,
                "query_parse_error",
                "Unknown states [gone]. Choose from: [initializing,error,running,pending,crashing,completed,failed]",
            ),
        ),
    ],
)
def test_what_the_scheduler_cannot_tell_is_refused(caller: Caller, path: str, refused: tuple[int, str, str]) -> None:
    assert caller.refused("GET", f"/_scheduler/{path}") == refused


def test_the_database_of_jobs_can_be_destroyed_and_made_again(caller: Caller) -> None:
    assert caller.ask("DELETE", "/_replicator").status_code == 200
    assert caller.refused("GET", "/_scheduler/docs") == (404, "not_found", "Database does not exist.")
    caller.put("/_replicator")
    assert caller.get("/_scheduler/docs")["docs"] == []
    assert caller.refused("PUT", "/_replicator")[:2] == (412, "file_exists")
