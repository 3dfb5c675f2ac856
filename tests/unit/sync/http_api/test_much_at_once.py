"""What is asked for at once may be far more than is held at once."""

import tracemalloc
from itertools import islice
from typing import Any

import orjson
import pytest
from werkzeug.test import Client

LARGE_BYTES = 400_000
NAMES = [f"doc-{number:02}" for number in range(40)]
ONE, TWO = NAMES[0], NAMES[1]
MOST_HELD_BYTES = 12 * LARGE_BYTES


@pytest.fixture
def large(db: Any) -> Any:
    """Forty documents of 400 kB."""
    for name in NAMES:
        db.put(f"/db/{name}", {"text": name[-1] * LARGE_BYTES})
    return db


def held_for(db: Any, path: str, told: Any) -> tuple[int, int]:
    """(bytes of the answer, bytes held at most while it is sent)."""
    client = Client(db.app, use_cookies=False)
    tracemalloc.start()
    try:
        answer = client.open(path, method="POST", data=orjson.dumps(told), content_type="application/json")
        assert answer.status_code == 200
        sent = sum(map(len, answer.response))
        answer.close()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return sent, most


@pytest.mark.parametrize(
    ("path", "told", "documents"),
    [
        pytest.param("/db/_all_docs?include_docs=true", {}, 40, id="a listing of all"),
        pytest.param("/db/_all_docs?include_docs=true", {"keys": [ONE] * 60}, 60, id="one document sixty times"),
        pytest.param("/db/_all_docs?include_docs=true", {"keys": [ONE, TWO] * 30}, 60, id="two documents in turns"),
        pytest.param(
            "/db/_all_docs?include_docs=true", {"keys": [*NAMES, *reversed(NAMES)]}, 80, id="all there and back"
        ),
        pytest.param("/db/_bulk_get", {"docs": [{"id": ONE}] * 60}, 60, id="one revision sixty times"),
        pytest.param("/db/_bulk_get", {"docs": [{"id": ONE}, {"id": TWO}] * 30}, 60, id="two revisions in turns"),
        pytest.param("/db/_changes?include_docs=true", {}, 40, id="a feed with documents"),
    ],
)
def test_large_documents_are_held_a_few_at_a_time(large: Any, path: str, told: Any, documents: int) -> None:
    sent, most = held_for(large, path, told)
    assert sent > documents * LARGE_BYTES
    assert most < MOST_HELD_BYTES


def test_documents_named_several_times_come_in_the_order_asked_for(large: Any) -> None:
    names = [ONE, ONE, TWO, "nobody", ONE, *islice(NAMES, 2, 30), TWO, "nobody", *[ONE] * 20, NAMES[5]]
    rows = large.post("/db/_all_docs?include_docs=true", {"keys": names})["rows"]
    assert [(row["key"], row["doc"]["_id"] if "doc" in row else None) for row in rows] == [
        (name, None if name == "nobody" else name) for name in names
    ]
    told = large.post("/db/_bulk_get", {"docs": [{"id": name} for name in names]})["results"]
    assert [(row["id"], "ok" in row["docs"][0]) for row in told] == [(name, name != "nobody") for name in names]
