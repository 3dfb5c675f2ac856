"""What may be written into the databases of jobs."""

from typing import Any

import pytest

from sync.errors import Forbidden, Unauthorized
from sync.replicator.rules import JobsRules, rules_of_jobs
from sync.revisions.tree import Branch
from sync.store.memory import MemoryDatabases
from sync.users.caller import ADMIN_ROLE, Caller
from sync.users.governed import GovernedDatabase
from sync.values.documents import Document, Edit, Wanted
from sync.values.json_text import dump

CHEN = Caller("chen", (ADMIN_ROLE,))
NOBODY = Caller(None, (ADMIN_ROLE,))
ENDS = {"source": "a", "target": "http://b.example/b"}


def jobs(caller: Caller) -> GovernedDatabase:
    return GovernedDatabase(MemoryDatabases().create("ours/_replicator"), JobsRules(caller))


def write(database: GovernedDatabase, fields: dict[str, Any], doc_id: str = "x") -> Exception | None:
    return database.write([Edit(doc_id, None, dump(fields))])[0].error


def fields_of(database: GovernedDatabase) -> dict[str, Any]:
    (row,) = database.read([Wanted("x")])
    assert isinstance(row, Document)
    return row.fields()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "Missing replicator database"),
        ({"source": "a"}, "Missing replicator database"),
        ({**ENDS, "continuous": 1}, "parameter `continuous` must be a boolean"),
        ({**ENDS, "filter": "a"}, "Invalid filter. Must match `ddocname/filtername`."),
        ({**ENDS, "_replication_state": "triggered", "target": 5}, "endpoint has an invalid url"),
    ],
)
def test_what_can_be_no_job_is_forbidden_in_couchdbs_words(fields: dict[str, Any], reason: str) -> None:
    error = write(jobs(CHEN), fields)
    assert isinstance(error, Forbidden)
    assert error.reason == reason


def test_whoever_writes_a_job_is_its_owner_unless_it_has_one() -> None:
    for caller, told, owner in ((CHEN, {}, "chen"), (NOBODY, {}, None), (CHEN, {"owner": "wang"}, "wang")):
        database = jobs(caller)
        assert write(database, {**ENDS, **told}) is None
        assert fields_of(database).get("owner") == owner


def test_what_has_failed_may_say_anything_and_what_is_deleted_nothing() -> None:
    assert write(jobs(CHEN), {"_replication_state": "failed"}) is None
    assert write(jobs(CHEN), {"anything": 1}, "_design/x") is None
    database = jobs(CHEN)
    (outcome,) = database.write([Edit("x", None, dump(ENDS))])
    assert database.write([Edit("x", outcome.revision, deleted=True)])[0].error is None


def test_what_is_copied_there_is_taken_as_it_is() -> None:
    assert jobs(CHEN).graft([Document("x", Branch(1, ("a",)))])[0].error is None


@pytest.mark.parametrize(("caller", "kind"), [(Caller("wang"), Forbidden), (Caller(), Unauthorized)])
def test_nobody_but_an_administrator_sends_the_server_anywhere(caller: Caller, kind: type[Exception]) -> None:
    database = jobs(caller)
    assert isinstance(write(database, ENDS), kind)
    assert isinstance(database.graft([Document("x", Branch(1, ("a",)), dump(ENDS))])[0].error, kind)
    assert database.info().doc_count == 0


def test_other_databases_have_no_such_rules() -> None:
    assert rules_of_jobs("replicator", CHEN) is None
    assert isinstance(rules_of_jobs("_replicator", CHEN), JobsRules)
    assert isinstance(rules_of_jobs("ours/_replicator", CHEN), JobsRules)
