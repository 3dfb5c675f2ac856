"""Jobs asked for at once, between databases here and across HTTP."""

import threading
import time
from typing import Any

import pytest

from sync.errors import BadRequest, LinkDown, NotFound, Unauthorized
from sync.replicator.specification import read_specification
from sync.values.documents import Edit
from sync.wire.problems import DatabaseNotFound
from tests.unit.sync.replicator.conftest import Serve, Server, ids
from tests.waiting import until


def test_a_report_is_told_as_couchdb_tells_it_and_the_second_says_that_nothing_changed(here: Server) -> None:
    source = here.database("a", 30)
    here.database("b")
    told = here.replicate(source="a", target="b")
    (entry,) = told["history"]
    assert told | {"history": 0} == {
        "ok": True,
        "session_id": entry["session_id"],
        "source_last_seq": source.info().update_seq,
        "replication_id_version": 4,
        "history": 0,
    }
    names = ("missing_checked", "missing_found", "docs_read", "docs_written", "doc_write_failures", "start_last_seq")
    assert [entry[name] for name in names] == [30, 30, 30, 30, 0, 0]
    assert entry["start_time"].endswith("GMT")
    again = here.replicate(source="a", target="b")
    assert again == {"ok": True, "no_changes": True, **told}
    assert ids(here.engine.database("b")) == ids(source)


def test_any_end_may_be_across_http(serve: Serve) -> None:
    here, there = serve("here"), serve("there")
    here.database("a", 20)
    told = here.replicate(source="a", target=f"{there.url}/b", create_target=True)
    assert told["history"][0]["docs_written"] == 20
    assert here.replicate(source=f"{there.url}/b", target="c", create_target=True)["history"][0]["docs_written"] == 20
    assert here.replicate(source=f"{here.url}/c", target=f"{there.url}/d", create_target=True)["ok"]
    assert ids(there.engine.database("d")) == ids(here.engine.database("a"))


def test_a_selection_by_ids_is_all_that_is_carried(here: Server) -> None:
    here.database("a", 20)
    told = here.replicate(source="a", target="b", create_target=True, doc_ids=["d0003", "d0007", "none"])
    assert ids(here.engine.database("b")) == ["d0003", "d0007"]
    counted = ("start_time", "end_time", "docs_read", "docs_written", "doc_write_failures")
    assert [told[name] for name in counted] == [told["history"][0][name] for name in counted]
    assert (told["docs_read"], told["docs_written"], told["doc_write_failures"]) == (2, 2, 0)
    again = here.replicate(source="a", target="b", doc_ids=["d0003", "d0007", "none"])
    assert again == {"no_changes": True, **told}
    nothing = here.replicate(source="a", target="b", doc_ids=["none"])
    assert nothing == {"ok": True, "no_changes": True}


def test_without_checkpoints_no_log_is_left_anywhere(here: Server) -> None:
    asked = {"source": "a", "target": "b", "use_checkpoints": False}
    ends = here.database("a", 3), here.database("b")
    assert here.replicate(**asked) == {"ok": True, "use_checkpoints": False}
    assert [end.read_local(read_specification(asked).log_id("here")) for end in ends] == [None, None]


@pytest.mark.parametrize(
    ("source", "target", "kind", "reason"),
    [
        ("none", "b", DatabaseNotFound, "could not open {url}/none/"),
        ("b", "none", DatabaseNotFound, "could not open {url}/none/"),
        ("{url}/none", "b", DatabaseNotFound, "could not open {url}/none/"),
        ("b", "{url}/none", DatabaseNotFound, "could not open {url}/none/"),
        ("http://chen:secret@127.0.0.1:1/x", "b", LinkDown, "http://127.0.0.1:1: nobody listens there"),
    ],
)
def test_what_cannot_be_opened_is_named_without_a_password(
    here: Server, source: str, target: str, kind: type[Exception], reason: str
) -> None:
    here.database("b")
    with pytest.raises(kind) as raised:
        here.replicate(source=source.format(url=here.url), target=target.format(url=here.url))
    assert str(raised.value) == reason.format(url=here.url)
    assert here.service.jobs() == []


def test_nobody_hears_a_password(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    here, there = serve("here"), serve("there")
    here.database("a", 3)
    target = {
        "url": f"http://chen:pa55@127.0.0.1:{there.port}/b",
        "headers": {"Authorization": "Basic cGE1NQ==", "Cookie": "pa55"},
        "auth": {"basic": {"username": "wang", "password": "pa55"}},
    }
    here.service.begin({"source": "a", "target": target, "create_target": True, "continuous": True}, user=None)
    until(lambda: "b" in there.engine.databases.names())
    here.job("doc", source="a", target=target | {"url": target["url"] + "2"}, continuous=True)
    until(lambda: here.state("doc") == "crashing")
    told = [here.service.jobs(), here.service.tasks(), here.service.documents("_replicator", ()), caplog.text]
    assert "pa55" not in str(told)
    assert "cGE1NQ" not in str(told)
    assert f"http://127.0.0.1:{there.port}/b/" in str(told)


def test_a_continuous_job_carries_what_comes_until_it_is_cancelled(serve: Serve) -> None:
    here, there = serve("here"), serve("there")
    source, target = here.database("a", 3), there.database("b")
    for asked in (
        {"source": "a", "target": f"{there.url}/b", "continuous": True},
        {"source": f"{here.url}/a", "target": f"{there.url}/b", "continuous": True},
    ):
        job = here.service.begin(asked, user=None)
        source.write([Edit(f"first {asked['source']}", None)])
        until(lambda asked=asked: f"first {asked['source']}" in ids(target))  # type: ignore[misc]
        begun = time.monotonic()
        assert here.service.cancel(asked | {"cancel": True}) == {"ok": True, "_local_id": job.id}
        assert time.monotonic() - begun < 5
        source.write([Edit(f"second {asked['source']}", None)])
        with pytest.raises(NotFound):
            here.service.cancel({"replication_id": job.id})
        assert here.service.tasks() == here.service.jobs() == []
        assert not [thread for thread in threading.enumerate() if thread.name == f"replication-{job.id[:8]}"]
        assert f"second {asked['source']}" not in ids(target)


def test_a_running_job_is_told_as_a_task_and_in_the_scheduler(here: Server) -> None:
    here.database("a", 5)
    here.database("b")
    job = here.service.begin({"source": "a", "target": "b", "continuous": True}, user="chen")
    until(lambda: job.is_idle)
    (task,) = here.service.tasks()
    assert task["type"] == "replication"
    assert task["replication_id"] == job.id
    told = ("docs_read", "docs_written", "revisions_checked", "missing_revisions_found", "doc_write_failures")
    assert [task[name] for name in told] == [5, 5, 5, 5, 0]
    assert (task["user"], task["database"], task["doc_id"]) == ("chen", None, None)
    assert (task["continuous"], task["changes_pending"]) == (True, 0)
    seqs = {task[name] for name in ("source_seq", "through_seq", "checkpointed_source_seq")}
    assert seqs == {here.engine.database("a").info().update_seq}
    (row,) = here.service.jobs()
    assert row["id"] == job.id
    assert row["pid"] == task["pid"]
    assert [event["type"] for event in row["history"]] == ["started", "added"]
    assert here.service.job(job.id.replace("+", " ")) == row
    with pytest.raises(NotFound):
        here.service.job("none")


def test_two_who_ask_for_the_same_share_one_job_and_its_report(here: Server) -> None:
    here.database("a", 2000)
    here.database("b")
    told: list[Any] = []
    asking = [threading.Thread(target=lambda: told.append(here.replicate(source="a", target="b"))) for _ in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len({each["session_id"] for each in told}) == 1
    assert len(ids(here.engine.database("b"))) == 2000


def test_a_document_the_target_refuses_is_counted_and_does_not_stop_the_rest(serve: Serve) -> None:
    here, there = serve("here"), serve("there")
    here.database("a", 5)
    # A revision that our own API does not take from a replicator, and nobody can carry past it.
    here.engine.database("a").write([Edit("_odd", None)])
    there.database("b")
    told = here.replicate(source="a", target=f"{there.url}/b")
    entry = told["history"][0]
    assert (entry["docs_read"], entry["docs_written"], entry["doc_write_failures"]) == (6, 5, 1)
    assert len(ids(there.engine.database("b"))) == 5


def test_closing_lets_waiting_jobs_go_within_seconds(serve: Serve) -> None:
    here, there = serve("here"), serve("there")
    there.database("a", 1)
    here.database("b")
    jobs = [
        here.service.begin({"source": source, "target": target, "continuous": True}, user=None)
        for source, target in ((f"{there.url}/a", "b"), ("b", f"{there.url}/a"))
    ]
    until(lambda: all(job.is_idle for job in jobs))
    begun = time.monotonic()
    here.service.close()
    assert time.monotonic() - begun < 5
    assert all(job.ended.is_set() for job in jobs)


def test_a_database_is_not_replicated_with_itself(here: Server) -> None:
    with pytest.raises(BadRequest):
        here.replicate(source="a", target="a")


def test_whom_the_other_server_turns_away_hears_which_database_it_was(serve: Serve) -> None:
    here = serve("here")
    here.database("a")
    there = serve("there")
    refused = {"url": f"{there.url}/b", "headers": {"Origin": "http://elsewhere.example"}}
    with pytest.raises(Unauthorized) as raised:
        here.replicate(source="a", target=refused)
    assert str(raised.value) == f"unauthorized to access or create database {there.url}/b/"


def test_many_jobs_that_go_on_take_turns_and_none_is_forgotten(serve: Serve) -> None:
    here, there = serve("here", most_running=2, turn_seconds=0.1), serve("there")
    sources = [here.database(f"a{number}", 1) for number in range(7)]
    for number in range(7):
        ends = {"source": f"a{number}", "target": f"{there.url}/b{number}"}
        here.service.begin({**ends, "create_target": True, "continuous": True}, user=None)
    targets = [there.engine.database(f"b{number}") for number in range(7)]
    until(lambda: len(there.engine.databases.names()) == 8)
    for source in sources:
        source.write([Edit("later", None)])
    until(lambda: all("later" in ids(target) for target in targets), here.service.jobs)
    assert len(here.service.tasks()) <= 2
    assert all(event["type"] != "crashed" for job in here.service.jobs() for event in job["history"])
