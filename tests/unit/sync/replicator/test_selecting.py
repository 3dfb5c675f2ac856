"""Only what fits a selector is carried, whoever chooses it."""

from typing import Any

import pytest

from sync.database import Database
from sync.errors import BadRequest, NotOffered
from sync.remote.traffic import Meter
from sync.replication.replicate import Replicator
from sync.replication.report import Options
from sync.replicator.selecting import selected
from sync.replicator.specification import read_specification
from sync.revisions.tree import Branch
from sync.store.memory import MemoryDatabases
from sync.values.changes import START, Changes
from sync.values.documents import Document, Edit
from sync.values.json_text import dump, parse_object
from sync.wire.problems import BadQuery
from tests.unit.sync.replication.watching import pair
from tests.unit.sync.replicator.conftest import Serve, ids
from tests.waiting import until

EVEN = dump({"n": {"$mod": [2, 0]}})


class Distant:
    """A database as if across a link, that filters its feed, or does not, or only says so."""

    def __init__(self, behind: Database, filters: str) -> None:
        self._behind = behind
        self._filters = filters
        self.meter = Meter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def changes_matching(self, since: str, selector: Any, *, limit: int | None = None) -> Changes:
        if self._filters == "refuses":
            raise NotOffered("no")
        if self._filters == "pretends":
            return self._behind.changes(since, limit=limit)
        return selected(self._behind, dump(selector)).changes(since, limit=limit)


@pytest.mark.parametrize("filters", ["", "filters", "refuses", "pretends"])
def test_what_does_not_fit_stays_where_it_is(filters: str) -> None:
    source, target = pair(25)
    end: Any = Distant(source, filters) if filters else source
    options = Options(part_only=True, id="log")
    report = Replicator(selected(end, EVEN), target, options=options).run().checked()
    assert ids(target) == [f"d{number:04}" for number in range(0, 25, 2)]
    assert (report.docs_written, report.refused) == (13, ())
    assert report.last_seq == source.info().update_seq


def test_a_feed_is_looked_through_until_something_fits_or_it_ends() -> None:
    source, _ = pair(1000)
    page = selected(source, dump({"n": 990})).changes(START, limit=10)
    assert [change.id for change in page.results] == ["d0990"]
    rest = selected(source, dump({"n": 990})).changes(page.last_seq, limit=10)
    assert (rest.results, rest.last_seq) == ((), source.info().update_seq)


def test_each_leaf_is_judged_by_itself_and_a_tombstone_fits_nothing_that_is_asked_of_its_fields() -> None:
    source = MemoryDatabases().create("a")
    source.graft(
        [
            Document("x", Branch(2, ("b", "a")), b'{"n":1}'),
            Document("x", Branch(2, ("c", "a")), b'{"n":2}'),
            Document("gone", Branch(2, ("b", "a"), True)),
        ]
    )
    page = selected(source, EVEN).changes(START)
    assert [(change.id, [str(leaf) for leaf in change.leaves]) for change in page.results] == [("x", ["2-c"])]


def test_a_selector_that_cannot_be_read_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(BadQuery):
        read_specification({"source": "a", "target": "b", "selector": {"n": {"$no": 1}}})
    with pytest.raises(BadRequest):
        read_specification({"source": "a", "target": "b", "selector": []})


def test_jobs_select_here_and_across_http_and_go_on_with_what_fits_later(serve: Serve) -> None:
    here, there = serve("here"), serve("there")
    source = here.database("a", 10)
    asked = {"selector": parse_object(EVEN), "create_target": True}
    told = here.replicate(source="a", target="b", **asked)
    entry = told["history"][0]
    assert (entry["missing_checked"], entry["docs_written"]) == (5, 5)
    assert there.replicate(source=f"{here.url}/a", target="b", **asked)["history"][0]["docs_written"] == 5
    there.service.begin({"source": f"{here.url}/a", "target": "b", "continuous": True, **asked}, user=None)
    source.write([Edit("odd", None, b'{"n":11}'), Edit("even", None, b'{"n":12}')])
    until(lambda: "even" in ids(there.engine.database("b")))
    assert "odd" not in ids(there.engine.database("b"))
