"""Reading, comparing and writing replication logs."""

import pytest

from sync.replication.checkpoint import Session, common_ancestor, common_sessions, read_log, write_log
from sync.values.changes import START
from sync.values.json_text import dump, parse_object


def log(*sessions: tuple[str, str, int | None], last: str | None = None) -> bytes:
    """A log with sessions (id, recorded sequence, count), newest first."""
    history = []
    for session_id, seq, count in sessions:
        entry = {"session_id": session_id, "recorded_seq": seq}
        history.append(entry if count is None else {**entry, "checkpoint": count})
    return dump(
        {"session_id": sessions[0][0], "source_last_seq": last or sessions[0][1], "history": history}
        if sessions
        else {}
    )


@pytest.mark.parametrize(
    ("source", "target", "since"),
    [
        pytest.param(None, None, START, id="neither end remembers"),
        pytest.param(log(("s1", "10", 1)), None, START, id="the target remembers nothing"),
        pytest.param(None, log(("s1", "10", 1)), START, id="the source remembers nothing"),
        pytest.param(log(("s1", "10", 1)), log(("s1", "10", 1)), "10", id="both remember the same"),
        pytest.param(log(("s1", "10", 1)), log(("s1", "20", 2)), "10", id="cut between the two writes"),
        pytest.param(log(("s1", "20", 2)), log(("s1", "10", 1)), "10", id="the target was restored"),
        pytest.param(
            log(("s1", "10", 4)), log(("s2", "20", 1), ("s1", "10", 4)), "10", id="cut at the first write of a session"
        ),
        pytest.param(
            log(("s3", "30", 1), ("s1", "10", 4)),
            log(("s2", "20", 1), ("s1", "10", 4)),
            "10",
            id="an older one in common",
        ),
        pytest.param(log(("s1", "10", 1)), log(("s2", "10", 1)), START, id="no session in common"),
        pytest.param(
            log(("s1", "10", None)), log(("s1", "20", None)), "10", id="written by CouchDB: the source's word"
        ),
    ],
)
def test_replication_begins_where_both_ends_know_of_success(source: bytes, target: bytes, since: str) -> None:
    assert common_ancestor(common_sessions(read_log(source), read_log(target))) == since


def test_only_sessions_that_both_ends_know_are_kept_each_as_far_as_both_know() -> None:
    source = read_log(log(("s3", "30", 1), ("s2", "25", 9), ("s1", "10", 4)))
    target = read_log(log(("s2", "20", 8), ("s1", "15", 5), ("s0", "5", 1)))
    assert [(each.session_id, each.recorded_seq) for each in common_sessions(source, target)] == [
        ("s2", "20"),
        ("s1", "10"),
    ]


@pytest.mark.parametrize(
    "body", [b"{}", b'{"history":7}', b'{"history":[7,{},{"session_id":1}]}', b'{"history":[{"session_id":"a"}]}']
)
def test_a_log_that_makes_no_sense_is_no_log(body: bytes) -> None:
    assert read_log(body) == ()


def test_numbers_as_sequences_are_taken_as_text() -> None:
    body = b'{"history":[{"session_id":"a","recorded_seq":17}]}'
    assert read_log(body)[0].recorded_seq == "17"


def test_a_log_without_history_still_tells_its_last_sequence() -> None:
    entry = read_log(b'{"session_id":"a","source_last_seq":"9-x"}')[0]
    assert (entry.session_id, entry.recorded_seq) == ("a", "9-x")


def test_what_is_written_is_read_back_and_has_the_members_of_couchdb() -> None:
    session = Session("s2", "begun", "10", checkpoint=3, docs_read=5, docs_written=4, doc_write_failures=1)
    body = write_log(session, "20", "ended", read_log(log(("s1", "10", 4))))
    told = parse_object(body)
    assert told["session_id"] == "s2"
    assert told["source_last_seq"] == "20"
    assert set(told["history"][0]) >= {
        "session_id", "start_time", "end_time", "start_last_seq", "end_last_seq", "recorded_seq",
        "missing_checked", "missing_found", "docs_read", "docs_written", "doc_write_failures",
    }  # fmt: skip
    assert [entry.session_id for entry in read_log(body)] == ["s2", "s1"]


def test_a_session_has_one_entry_however_often_it_records() -> None:
    first = write_log(Session("s1", "", "0", checkpoint=1), "10", "", ())
    second = write_log(Session("s1", "", "0", checkpoint=2), "20", "", read_log(first))
    assert [entry.recorded_seq for entry in read_log(second)] == ["20"]


def test_a_log_does_not_grow_with_the_number_of_sessions() -> None:
    body = None
    for number in range(30):
        body = write_log(Session(f"s{number}", "", "0", checkpoint=1), str(number), "", read_log(body))
    assert len(read_log(body)) == 5
    assert read_log(body)[0].session_id == "s29"
