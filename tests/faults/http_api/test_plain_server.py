"""Whatever is sent to the plain server: never a fault, never a traceback, and what was refused changed nothing."""

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.database import Databases
from sync.http_api.api import Api, create_app
from sync.http_api.feeds import FeedGate
from sync.store.engine import Engine
from tests.faults.http_api.asked import ask, assert_is_an_answer, refused_rows
from tests.faults.http_api.at_random import EXAMPLES, Sent, requests
from tests.faults.http_api.standing import leaves, standing
from tests.peers.questions.story import DOCS

_DATABASES = ("db", "other/one", "no", "_users", "A", "é")
_READING = ("GET", "HEAD", "OPTIONS")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One store for all examples; each begins with databases of its own."""
    with Engine.open(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sent=st.lists(requests(_DATABASES), min_size=1, max_size=12))
def test_whatever_is_sent_is_answered_and_a_refusal_changes_nothing(
    engine: Engine, caplog: pytest.LogCaptureFixture, sent: list[Sent]
) -> None:
    caplog.clear()
    databases, feeds = engine.databases, FeedGate()
    app = create_app(databases, uuid="u", feeds=feeds, max_body_bytes=20_000, max_attachment_bytes=1_000)
    refill(app, databases)
    before = standing(databases)
    for each in sent:
        answer = ask(app, each)
        after = standing(databases)
        assert_is_an_answer(answer)
        if answer.status_code >= 300 or each.method in _READING:
            assert after == before, each
        for doc_id in refused_rows(each, answer):
            for name in before:
                assert leaves(after, name).get(doc_id) == leaves(before, name).get(doc_id), each
        before = after
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    for _ in range(128):  # every feed gave its place back
        feeds.enter()


def refill(app: Api, databases: Databases) -> None:
    """Begin anew: what was made at random goes, and the story is told again."""
    for name in databases.names():
        databases.destroy(name)
    for name in ("db", "other/one", "_users"):
        databases.create(name)
    body = json.dumps({"docs": [*DOCS, {"_id": "_local/one"}, {"_id": "_local/two"}], "new_edits": False}).encode()
    told = ask(app, Sent("POST", "/db/_bulk_docs", {"Content-Type": "application/json"}, body))
    assert (told.status_code, told.json) == (201, [])
