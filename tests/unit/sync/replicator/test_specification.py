"""What a job is asked for, and the id that follows from it."""

from typing import Any

import pytest

from sync.errors import BadRequest, NotOffered
from sync.mango.matching import compiled
from sync.replicator.specification import Specification, cancelled_id, read_specification
from sync.values.json_text import parse_object

ENDS = {"source": "a", "target": "http://chen:secret@b.example/b"}


def spec(**members: Any) -> Specification:
    return read_specification({**ENDS, **members})


def test_the_id_of_a_job_never_changes() -> None:
    # A changed digest would start every replication in the field from the beginning.
    assert spec().job_id("server") == spec(continuous=False).log_id("server") == "9ca87266ffe55733cbf48e8ee21ac68d"


def test_how_a_job_goes_about_it_stands_behind_the_id_as_in_couchdb() -> None:
    plain = spec().job_id("server")
    assert spec(continuous=True).job_id("server") == f"{plain}+continuous"
    assert spec(continuous=True, create_target=True).job_id("server") == f"{plain}+continuous+create_target"


def test_whatever_decides_what_is_carried_makes_another_id() -> None:
    asked: list[dict[str, Any]] = [
        {},
        {"doc_ids": []},
        {"doc_ids": ["x"]},
        {"selector": {"a": 1}},
        {"selector": {"a": 2}},
        {"since_seq": "5-x"},
        {"winning_revs_only": True},
        {"target": "http://wang:secret@b.example/b"},
        {"source": "c"},
    ]
    assert len({spec(**members).log_id("server") for members in asked}) == len(asked)
    assert spec().log_id("server") != spec().log_id("other")


def test_what_decides_nothing_makes_no_other_id() -> None:
    asked: list[dict[str, Any]] = [
        {},
        {"target": "http://chen:changed@b.example/b/"},
        {"worker_processes": 9, "http_connections": 3, "anything": "else"},
        {"checkpoint_interval": 100, "use_checkpoints": True, "since_seq": 0},
        {"doc_ids": None, "selector": None, "winning_revs_only": False},
    ]
    assert len({spec(**members).job_id("server") for members in asked}) == 1
    one, other = spec(doc_ids=["b", "a", "a"]), spec(doc_ids=["a", "b"])
    assert one.job_id("server") == other.job_id("server")
    assert spec(selector={"a": 1, "b": 2}) == spec(selector={"b": 2, "a": 1})


def test_design_documents_alone_are_a_selection_without_javascript() -> None:
    asked = spec(filter="_design")
    assert asked.selector is not None
    fits = compiled(parse_object(asked.selector))
    assert [fits({"_id": doc_id}) for doc_id in ("_design/a", "a", "x_design/a")] == [True, False, False]
    assert asked.log_id("server") != spec().log_id("server")
    assert spec(selector={}, filter=None).selector == b"{}"


def test_ids_of_documents_may_be_percent_encoded() -> None:
    assert spec(doc_ids=["a%2Fb", "c"]).doc_ids == ("a/b", "c")


def test_numbers_may_be_text() -> None:
    asked = spec(checkpoint_interval="1500", connection_timeout=200)
    assert (asked.checkpoint_seconds, asked.timeout_seconds) == (1.5, 0.2)


def test_how_long_a_request_may_be_silent_makes_no_other_job() -> None:
    patient, other = spec(connection_timeout=9000), spec(continuous=True)
    assert (patient, hash(patient)) == (spec(), hash(spec()))
    assert other != spec()


def test_a_job_is_cancelled_by_its_id_or_by_what_it_was_asked_for() -> None:
    asked = {**ENDS, "continuous": True}
    job_id = read_specification(asked).job_id("server")
    assert cancelled_id({**asked, "cancel": True}, "server") == job_id
    for name in ("replication_id", "_local_id", "id"):
        assert cancelled_id({name: job_id, "cancel": True}, "server") == job_id
    assert cancelled_id({"id": job_id.replace("+", " ")}, "server") == job_id


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"source": None}, "Missing replicator database"),
        ({"target": None}, "Missing replicator database"),
        ({"target": "a"}, "source and target are the same database"),
        ({"continuous": 1}, "parameter `continuous` must be a boolean"),
        ({"create_target": "yes"}, "parameter `create_target` must be a boolean"),
        ({"use_checkpoints": 1}, "parameter `use_checkpoints` must be a boolean"),
        ({"winning_revs_only": []}, "parameter `winning_revs_only` must be a boolean"),
        ({"create_target_params": 1}, "parameter `create_target_params` must be a JSON object"),
        ({"query_params": []}, "parameter `query_params` must be a JSON object"),
        ({"selector": "x"}, "parameter `selector` must be a JSON object"),
        ({"doc_ids": 5}, "parameter `doc_ids` must be an array"),
        ({"doc_ids": [5]}, "parameter `doc_ids` must be an array"),
        ({"doc_ids": [], "selector": {}}, "`doc_ids`,`filter`,`selector` are mutually exclusive"),
        ({"doc_ids": [], "filter": "a/b"}, "`doc_ids`,`filter`,`selector` are mutually exclusive"),
        ({"filter": "x"}, "Invalid filter. Must match `ddocname/filtername`."),
        ({"filter": 5}, "Invalid filter. Must match `ddocname/filtername`."),
        ({"checkpoint_interval": -5}, "parameter `checkpoint_interval` must be a number of milliseconds"),
        ({"checkpoint_interval": True}, "parameter `checkpoint_interval` must be a number of milliseconds"),
        ({"connection_timeout": "soon"}, "parameter `connection_timeout` must be a number of milliseconds"),
    ],
)
def test_what_cannot_be_done_is_refused_in_couchdbs_words(members: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRequest) as raised:
        spec(**members)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    "members", [{"filter": "a/b"}, {"filter": "_view"}, {"proxy": "http://a"}, {"source_proxy": "x"}]
)
def test_what_we_do_not_do_is_said(members: dict[str, Any]) -> None:
    with pytest.raises(NotOffered):
        spec(**members)
