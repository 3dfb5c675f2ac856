"""PouchDB's HTTP adapter over our API: an application cannot tell us from a CouchDB."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def told(yizhan: str, fresh: Callable[[str], str], run: Callable[..., Any]) -> Any:
    """Everything the script saw."""
    return run("adapter.mjs", fresh(yizhan))


def test_a_document_is_made_once(told: Any) -> None:
    assert told["made"]["ok"] is True
    assert told["made"]["rev"].startswith("1-")
    assert told["conflict"] == {"status": 409, "name": "conflict"}


def test_what_is_wrong_is_told_as_couchdb_tells_it(told: Any) -> None:
    assert told["missing"] == {"status": 404, "name": "not_found"}
    assert told["deleted"] == {"status": 404, "name": "not_found"}
    assert told["strange"]["status"] == 400
    assert told["reserved"]["status"] == 400


def test_documents_are_listed_by_keys_and_ranges(told: Any) -> None:
    a, c, unknown = told["keys"]
    assert a["doc"]["n"] == 1
    assert c["value"]["deleted"] is True
    assert c["doc"] is None
    assert unknown == {"key": "unknown", "error": "not_found"}
    assert told["range"] == ["a", "b"]
    assert told["backwards"] == ["b", "a"]


def test_revisions_are_read(told: Any) -> None:
    winner, named, unknown = told["bulkGet"]
    assert winner["docs"][0]["ok"]["_revisions"]["start"] == 1
    assert named["docs"][0]["ok"]["_rev"] == told["made"]["rev"]
    assert unknown["docs"][0]["error"]["error"] == "not_found"
    assert told["revs"]["_revs_info"] == [{"rev": told["made"]["rev"], "status": "available"}]


def test_changes_are_paged_to_the_end(told: Any) -> None:
    assert told["pages"] == [2, 2, 0]
    assert told["some"] == [["b", False], ["c", True]]


def test_files_are_put_read_and_removed_under_any_name(told: Any) -> None:
    assert told["file"] == "照片"
    assert told["inline"] == "54Wn54mH"
    assert told["removed"] == "accepted"
    assert told["noFile"]["status"] == 404


def test_the_database_is_compacted_counted_and_destroyed(told: Any) -> None:
    assert told["security"]["n"] == 1
    assert told["compacted"] == {"ok": True}
    assert told["info"]["doc_count"] == 4
    assert told["info"]["doc_del_count"] == 1
    assert told["destroyed"] == "not_found"
