"""Jobs that stand in documents: begun, changed, ended and told of by them."""

from typing import Any

import pytest

from sync.errors import NotFound
from sync.values.documents import Edit
from sync.values.json_text import dump
from tests.unit.sync.replicator.conftest import Serve, Server, ids
from tests.waiting import until


def test_a_document_begins_a_job_and_is_told_what_became_of_it(here: Server) -> None:
    source = here.database("a", 12)
    here.job("doc", source="a", target="b", create_target=True, note="ours")
    until(lambda: here.state("doc") == "completed", lambda: here.service.documents("_replicator", ()))
    fields = here.fields("doc")
    assert {name: fields[name] for name in ("source", "target", "create_target", "note")} == {
        "source": "a",
        "target": "b",
        "create_target": True,
        "note": "ours",
    }
    stats = fields["_replication_stats"]
    assert (stats["docs_read"], stats["docs_written"], stats["doc_write_failures"]) == (12, 12, 0)
    assert stats["checkpointed_source_seq"] == source.info().update_seq
    assert fields["_replication_state_time"].endswith("Z")
    (row,) = here.service.documents("_replicator", ("completed",))
    assert row["info"] | {"start_time": row["start_time"]} == stats
    assert (row["id"], row["error_count"], row["doc_id"]) == (None, 0, "doc")
    assert here.service.jobs() == []
    assert ids(here.engine.database("b")) == ids(source)


def test_a_continuous_document_carries_what_comes_until_it_is_deleted(here: Server) -> None:
    source, target = here.database("a", 1), here.database("b")
    here.job("doc", source="a", target="b", continuous=True)
    until(lambda: ids(target) == ["d0000"])
    source.write([Edit("later", None)])
    until(lambda: "later" in ids(target))
    assert here.state("doc") == "running"
    here.end("doc")
    until(lambda: here.service.jobs() == [])
    with pytest.raises(NotFound):
        here.service.document("_replicator", "doc")


def test_a_document_changed_becomes_another_job_and_one_that_says_the_same_does_not(here: Server) -> None:
    here.database("a", 1)
    here.database("b"), here.database("c")
    here.job("doc", source="a", target="b", continuous=True)
    until(lambda: len(here.service.tasks()) == 1)
    (first,) = here.service.tasks()
    here.job("doc", source="a", target="b", continuous=True, note="nothing else")
    here.job("other", source="a", target="c", create_target=True)  # taken up after what was written before it
    until(lambda: here.state("other") == "completed")
    assert [task["pid"] for task in here.service.tasks()] == [first["pid"]]
    here.job("doc", source="a", target="c", continuous=True)
    until(lambda: [job["target"] for job in here.service.jobs()] == [f"{here.url}/c/"])
    until(lambda: ids(here.engine.database("c")) == ["d0000"])


def test_a_database_that_is_not_there_makes_it_crash_until_somebody_makes_it(here: Server) -> None:
    here.database("a", 4)
    here.job("doc", source="a", target="b")
    until(lambda: here.state("doc") == "crashing")
    row = here.service.document("_replicator", "doc")
    assert row["info"] == {"error": f"db_not_found: could not open {here.url}/b/"}
    assert row["error_count"] > 0
    assert "_replication_state" not in here.fields("doc")
    target = here.database("b")
    until(lambda: here.state("doc") == "completed")
    assert len(ids(target)) == 4


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"target": "b"}, "Missing replicator database"),
        ({"source": "a", "target": "b", "continuous": 1}, "parameter `continuous` must be a boolean"),
        ({"source": "a", "target": "http://chen:pa55@"}, "endpoint has an invalid url"),
    ],
)
def test_a_document_that_cannot_be_a_job_is_told_why(here: Server, members: dict[str, Any], reason: str) -> None:
    here.job("doc", **members)
    until(lambda: here.state("doc") == "failed")
    assert here.fields("doc")["_replication_state_reason"] == reason
    row = here.service.document("_replicator", "doc")
    assert row["info"] == {"error": reason}
    assert "pa55" not in str(row)
    assert here.service.jobs() == []


def test_what_is_done_or_failed_begins_anew_when_that_is_taken_out_of_it(here: Server) -> None:
    source = here.database("a", 1)
    here.job("doc", source="a", target="b", create_target=True)
    until(lambda: here.state("doc") == "completed")
    source.write([Edit("later", None)])
    here.job("doc", source="a", target="b", create_target=True)
    until(lambda: "later" in ids(here.engine.database("b")))
    until(lambda: here.state("doc") == "completed")


def test_a_job_ended_by_somebodys_word_begins_again_when_its_document_is_written_again(here: Server) -> None:
    here.database("a"), here.database("b")
    here.job("doc", source="a", target="b", continuous=True)
    until(lambda: here.state("doc") == "running")
    (job,) = here.service.jobs()
    here.service.cancel({"replication_id": job["id"]})
    assert here.service.jobs() == []
    here.job("doc", source="a", target="b", continuous=True, note="again")
    until(lambda: here.state("doc") == "running")


def test_two_documents_for_one_job_are_one_too_many(here: Server) -> None:
    here.database("a"), here.database("b")
    here.job("one", source="a", target="b", continuous=True)
    until(lambda: here.state("one") == "running")
    here.job("two", source="a", target="b", continuous=True)
    until(lambda: here.state("two") == "failed")
    reason = here.fields("two")["_replication_state_reason"]
    assert reason.endswith("already started, triggered by document `one` from db `_replicator`")
    assert here.state("one") == "running"


def test_a_document_waits_for_a_job_that_was_asked_for_at_once(here: Server) -> None:
    here.database("a"), here.database("b")
    asked = {"source": "a", "target": "b", "continuous": True}
    here.service.begin(asked, user=None)
    here.job("doc", **asked)
    until(lambda: here.state("doc") == "error")
    assert "already running as a transient replication" in here.service.document("_replicator", "doc")["info"]["error"]
    here.service.cancel(asked)
    until(lambda: here.state("doc") == "running")


def test_jobs_that_stand_there_begin_again_after_a_restart_and_what_is_done_stays_done(serve: Serve) -> None:
    here = serve("here")
    source, target = here.database("a", 10), here.database("b")
    here.job("done", source="a", target="c", create_target=True)
    here.job("doc", source="a", target="b", continuous=True)
    until(lambda: here.state("done") == "completed" and len(ids(target)) == 10)
    until(lambda: here.service.tasks()[0]["checkpointed_source_seq"] == source.info().update_seq)
    here.service.close()
    source.write([Edit("later", None)])
    again = type(here.service)(here.engine.databases, here.engine.wakes, server="here")
    again.start(here.url)
    until(lambda: "later" in ids(target))
    (task,) = again.tasks()
    assert (task["revisions_checked"], task["docs_written"]) == (1, 1)
    assert "later" not in ids(here.engine.database("c"))
    again.close()


def test_any_database_whose_name_ends_so_is_one_of_jobs(here: Server) -> None:
    here.database("a", 1)
    jobs = here.database("ours/_replicator")
    jobs.write(
        [Edit("doc", None, dump({"source": "a", "target": "b", "create_target": True})), Edit("_design/x", None)]
    )
    until(lambda: [row["state"] for row in here.service.documents("ours/_replicator", ())] == ["completed"])
    jobs.write([Edit("on", None, dump({"source": "a", "target": "b", "continuous": True}))])
    until(lambda: len(here.service.tasks()) == 1)
    here.engine.databases.destroy("ours/_replicator")
    until(lambda: here.service.jobs() == [])


def test_a_database_of_jobs_made_anew_ends_those_of_its_predecessor(here: Server) -> None:
    here.database("a"), here.database("b"), here.database("c")
    here.job("doc", source="a", target="b", continuous=True)
    until(lambda: len(here.service.tasks()) == 1)
    here.engine.databases.destroy("_replicator")
    here.engine.databases.create("_replicator")
    here.job("new", source="a", target="c", continuous=True)
    until(lambda: [job["doc_id"] for job in here.service.jobs()] == ["new"])
