"""Whether anything is to be told is known from marks: nothing after a run, something after a write."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from sync.node.acts.recording import Act, record
from sync.node.road.news import has_news
from sync.node.road.upward import Upward
from sync.records.clock import Quality, time_text
from sync.records.ids import blobs_database, station_database
from sync.store.ledger.settings import put_settings
from sync.values.documents import Edit
from tests.unit.sync.node.county import introduce, served


@pytest.fixture
def road(make_node) -> Iterator[tuple]:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    for name in (station_database("k3m7q"), blobs_database("k3m7q")):
        township.ensure_database(name)
    with ExitStack() as stack:
        url = stack.enter_context(served(township))
        village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
        upward = Upward(village, timeout_seconds=5)
        stack.callback(upward.close)
        yield township, village, upward


def take(node, tail: str) -> None:
    fields = {"receipt_number": tail, "received_at": time_text(node.clock()), "item_name": "高龄津贴"}
    act = Act(f"case:k3m7q-{tail}", "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, act))


def news(node, *, photos: bool = True) -> bool:
    return has_news(node, ["k3m7q"], photos=photos)


def test_a_record_is_news_until_it_was_told(road) -> None:
    _, village, upward = road
    upward.run()
    assert not news(village)
    take(village, "one")
    assert news(village)
    upward.run()
    assert not news(village)


def test_what_came_from_above_is_no_news(road) -> None:
    township, village, upward = road
    take(village, "one")
    upward.run()
    act = Act("case:k3m7q-one", "accepted", {}, "acct:li", township.clock(), Quality.CONFIRMED)
    township.write(lambda tx: record(tx, township.documents, township.identity, act))
    assert upward.run().carried
    assert not news(village)


def test_photos_are_news_only_where_they_may_go(road) -> None:
    _, village, upward = road
    upward.run()
    village.documents.database(blobs_database("k3m7q")).write([Edit("anything", None)])
    assert news(village)
    assert not news(village, photos=False)


def test_a_station_that_is_not_held_here_has_none(road) -> None:
    _, village, _ = road
    assert not has_news(village, ["n0ne1"], photos=True)
