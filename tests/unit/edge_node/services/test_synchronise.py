"""The way to the upstream: by hand and by the clock, one at a time, and what a busy node above says is heard."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.wrappers import Request, Response

from edge_node.commands import commands_of
from edge_node.services.change_upstream import change_upstream
from edge_node.station import Station
from sync.errors import LinkDown, PeerBusy, SyncError
from sync.node.identity import take_upstream
from sync.store.lock import OwnerLock
from sync.web.control import listening
from sync.web.owner import ask_owner
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


@pytest.mark.parametrize(
    ("status", "body", "told", "advised"),
    [
        (503, b"{}", "上级正忙", "稍后会自动再试"),
        (507, b'{"error":"insufficient_storage","reason":"disk is full"}', "上级的磁盘满了", "请上级的管理员"),
        (417, b"{}", "回答看不懂", "浏览器"),
        (404, b"<html>", "回答看不懂", "浏览器"),
        (200, b"<html>login", "回答看不懂", "浏览器"),
        (401, b'{"error":"unauthorized","reason":"no signature"}', "上级拒绝了本站", "时钟"),
    ],
)
def test_by_hand_it_is_said_what_failed_and_what_an_operator_can_do(
    station: Station, status: int, body: bytes, told: str, advised: str
) -> None:
    told_by = Request.application(lambda request: Response(body, status, {"Content-Type": "application/json"}))
    with running(told_by) as port:
        station.node.rewrite_identity(lambda tx: take_upstream(tx, f"http://127.0.0.1:{port}"))
        station.courier.begin_anew()
        with pytest.raises(SyncError) as failed:
            commands_of(station)["sync"]({})
    assert told in failed.value.reason
    assert advised in failed.value.remedy
    assert "提交" not in failed.value.remedy


def test_of_a_dead_link_the_address_and_what_is_wrong_are_said_over_the_control_listener(
    station: Station, tmp_path: Path
) -> None:
    (tmp_path / "owned").mkdir()
    lock = OwnerLock(tmp_path / "owned")
    try:
        with listening(tmp_path / "owned", commands_of(station)), pytest.raises(LinkDown) as failed:
            ask_owner(tmp_path / "owned", "sync", {})
    finally:
        lock.release()
    assert failed.value.reason.startswith(f"没有连上上级（{station.node.identity.upstream}：")
    assert "yizhan edge upstream" in failed.value.remedy


def test_another_address_cuts_off_the_run_that_hangs_at_the_old_one(station: Station) -> None:
    failed: list[SyncError] = []

    def hang() -> None:
        try:
            station.courier.keep_up()
        except SyncError as error:
            failed.append(error)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        change_upstream(station.node, station.courier, address, allow_plain=False)
        moves: list[str] = []
        station.courier.tell_of_moves(lambda: moves.append(station.node.identity.upstream))
        hanging = threading.Thread(target=hang)
        hanging.start()
        link, _ = silent.accept()
        begun = time.monotonic()
        with link:
            change_upstream(station.node, station.courier, "http://127.0.0.1:9", allow_plain=False)
        assert time.monotonic() - begun < 10
    hanging.join(10)
    assert [type(error) for error in failed] == [LinkDown]
    assert moves == ["http://127.0.0.1:9"]


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
