"""PouchDB and pouchdb-server replicate with us in both directions: contents, trees and winners are equal."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.node
Run = Callable[..., Any]
Fresh = Callable[[str], str]


def test_a_pouchdb_in_memory_and_we_end_equal(yizhan: str, fresh: Fresh, run: Run) -> None:
    _ended_equal(run("both_ways.mjs", "memory", fresh(yizhan)))


def test_pouchdb_server_and_we_end_equal(yizhan: str, pouchdb_server: str, fresh: Fresh, run: Run) -> None:
    _ended_equal(run("both_ways.mjs", fresh(pouchdb_server), fresh(yizhan)))


def test_two_of_our_databases_end_equal_with_pouchdb_as_replicator(yizhan: str, fresh: Fresh, run: Run) -> None:
    _ended_equal(run("both_ways.mjs", fresh(yizhan), fresh(yizhan)))


def _ended_equal(told: dict[str, Any]) -> None:
    for stage in ("first", "second", "third"):
        assert told[stage]["ok"], stage
        assert told[stage]["errors"] == [], stage
    assert told["quiet"]["written"] == 0
    one, other = told["one"], told["other"]
    assert sorted(one) == sorted(other)
    for doc_id in one:
        assert one[doc_id] == other[doc_id], doc_id
    _is_what_was_written(one)


def _is_what_was_written(census: dict[str, Any]) -> None:
    """Equal and wrong would be equal too: what we know of the outcome without asking a database."""
    a, b, c, d, e, f = (letter * 32 for letter in "abcdef")
    assert len(census) == 2 * 32 + 1
    leaves = {leaf["_rev"]: leaf for leaf in census["conflict-one"]["leaves"]}
    assert sorted(leaves) == [f"2-{f}", f"3-{c}", f"4-{e}"]
    assert leaves[f"4-{e}"]["_revisions"] == {"start": 4, "ids": [e, d, b, a]}
    assert leaves[f"4-{e}"]["_deleted"] is True
    assert leaves[f"2-{f}"]["_attachments"] == [["f", "text/plain", "b24gYSBicmFuY2g="]]
    assert census["conflict-one"]["winner"] == {"rev": f"3-{c}"}
    assert census["gone-one"]["deleted"] is True
    assert census["parting-other"]["leaves"][0]["why"] == "撤回"
    assert [name for name, *_ in census["files-one"]["leaves"][0]["_attachments"]] == ["b/c.bin", "d.txt", "empty"]
    assert len(census["same"]["leaves"]) == 2
    assert len(census["edited-other"]["leaves"]) == 2
    assert census["edited-other"]["winner"].get("deleted") is None
