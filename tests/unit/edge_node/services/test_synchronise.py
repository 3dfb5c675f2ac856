"""The way to the upstream: by hand and by the clock, one at a time, and what a busy node above says is heard."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.wrappers import Request, Response

from edge_node.station import Station
from sync.errors import LinkDown, PeerBusy
from sync.node.identity import take_upstream
from sync.web.serving import running


@Request.application
def busy(request: Request) -> Response:
    return Response("{}", 503, {"Retry-After": "40", "Content-Type": "application/json"})


@pytest.fixture
def at_a_busy_node(station: Station) -> Iterator[Station]:
    with running(busy) as port:
        station.node.rewrite_identity(lambda tx: take_upstream(tx, f"http://127.0.0.1:{port}"))
        station.courier.begin_anew()
        yield station


def test_a_busy_node_above_is_there_and_says_when_it_wants_to_be_asked_again(at_a_busy_node: Station) -> None:
    assert at_a_busy_node.courier.probe()
    with pytest.raises(PeerBusy) as told:
        at_a_busy_node.courier.keep_up()
    assert told.value.retry_after_seconds == 40


def test_nobody_is_there_and_nothing_was_heard(station: Station) -> None:
    assert not station.courier.probe()
    with pytest.raises(LinkDown):
        station.courier.keep_up()
    assert station.courier.heard_bytes == 0


def test_there_is_one_run_at_a_time(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    going, ending, runs = threading.Event(), threading.Event(), []

    def run(self: object, **rest: object) -> object:
        runs.append("begun")
        going.set()
        ending.wait(10)
        runs.append("ended")
        raise LinkDown("cut")

    monkeypatch.setattr("sync.node.road.upward.Upward.run", run)
    assert station.courier.begin()
    assert going.wait(10)
    threading.Timer(0.3, ending.set).start()
    with pytest.raises(LinkDown):
        station.courier.keep_up()
    assert runs == ["begun", "ended", "begun", "ended"]
