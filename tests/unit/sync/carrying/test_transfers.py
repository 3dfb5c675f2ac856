"""Exports and imports in the background: one at a time, watched or not, and broken off when the node stops."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.carrying import exporting as module
from sync.carrying.exporting import Exported
from sync.carrying.transfers import EXPORT, Transfers, addressed
from sync.errors import BadRequest, Conflict, DiskFull, NotFound
from sync.store.ledger.audit import entries_after
from tests.journeys.road import Road
from tests.journeys.sticks import roomy


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        road = Road(tmp_path, stack)
        road.run()
        (tmp_path / "usb").mkdir()
        yield road


class Held:
    """An export that goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, node, peer, stick, *, progress, **_) -> Exported:
        self.begun.set()
        while not self.let_go.wait(0.01):
            progress(1000)
        return Exported((), 0, 0)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held()
    monkeypatch.setattr(module, "export", held)
    return held


def test_one_at_a_time(road, tmp_path, held):
    transfers = Transfers(road.village, roomy(road.village))
    job = transfers.export("centre", tmp_path / "usb", by="acct:wang")
    held.begun.wait(10)
    with pytest.raises(Conflict, match="正在进行"):
        transfers.export("centre", tmp_path / "usb", by="acct:wang")
    with pytest.raises(Conflict, match="正在进行"):
        transfers.take_in([tmp_path / "usb"], by="acct:wang")
    assert transfers.await_job(job.id, seconds=0.05).running
    held.let_go.set()
    assert not transfers.await_job(job.id, seconds=10).running
    assert not transfers.export("centre", tmp_path / "usb", by="acct:wang").error
    transfers.close()


def test_a_node_that_stops_breaks_it_off_and_says_so(road, tmp_path, held):
    transfers = Transfers(road.village, roomy(road.village))
    job = transfers.export("centre", tmp_path / "usb", by="acct:wang")
    held.begun.wait(10)
    transfers.close()
    assert not job.running
    assert "正在停止" in job.told()["error"]["reason"]
    assert job.told()["result"] is None


def test_what_the_stick_says_is_told_with_its_remedy(road, tmp_path, monkeypatch):
    def full(*_, **__):
        raise DiskFull("写满了", remedy="换一个。")

    monkeypatch.setattr(module, "export", full)
    transfers = Transfers(road.village, roomy(road.village))
    job = transfers.await_job(transfers.export("centre", tmp_path / "usb", by="acct:wang").id, seconds=10)
    assert job.told()["error"] == {"reason": "写满了", "remedy": "换一个。"}


def test_a_full_disk_is_not_taken_for_a_full_stick(road, tmp_path, monkeypatch):
    def full(*_, **__):
        raise DiskFull("The disk is full: database or disk is full")

    monkeypatch.setattr(module, "export", full)
    transfers = Transfers(road.village, roomy(road.village))
    job = transfers.export("centre", tmp_path / "usb", by="acct:wang")
    told = transfers.await_job(job.id, seconds=10).told()["error"]
    assert "本机磁盘满了" in told["reason"]
    assert "腾出空间" in told["remedy"]


def test_a_fault_of_ours_is_logged_without_what_it_quotes_and_told_without_a_trace(road, tmp_path, monkeypatch, caplog):
    quoted = "张三 330281199001011234"

    def faulty(*_, **__):
        raise ValueError(quoted)

    monkeypatch.setattr(module, "export", faulty)
    transfers = Transfers(road.village, roomy(road.village))
    job = transfers.await_job(transfers.export("centre", tmp_path / "usb", by="acct:wang").id, seconds=10)
    assert "请再试一次" in job.told()["error"]["remedy"]
    assert "ValueError" in caplog.text
    assert "330281" not in caplog.text


def test_a_job_of_a_former_start_is_gone(road):
    with pytest.raises(NotFound, match="重新启动"):
        Transfers(road.village, roomy(road.village)).await_job("nothing", seconds=0)


def test_who_did_it_stands_in_the_audit(road, tmp_path):
    transfers = Transfers(road.village, roomy(road.village))
    transfers.await_job(transfers.export("centre", tmp_path / "usb", by="acct:wang").id, seconds=30)
    transfers.await_job(transfers.take_in([tmp_path / "usb"], by="acct:wang").id, seconds=30)
    entries = [entry for _, entry in road.village.engine.read(lambda reader: entries_after(reader))]
    told = [(one.actor, one.action, one.subject) for one in entries if one.action.startswith("volumes")]
    assert told == [("acct:wang", "volumes_exported", "centre"), ("acct:wang", "volumes_imported", "")]
    assert transfers.last(EXPORT).written


def test_whom_a_word_means(road):
    village, township, centre = (node.identity.sid for node in (road.village, road.township, road.centre))

    def meant(node, to: str) -> list[str]:
        return [peer.known.sid for peer in addressed(node, to)]

    assert meant(road.village, "") == meant(road.village, "up") == meant(road.village, township) == [township]
    assert meant(road.village, "centre") == meant(road.township, "up") == [centre]
    assert meant(road.township, "below") == meant(road.township, village) == [village]
    assert meant(road.centre, "below") == [township]
    assert meant(road.centre, village) == [village]
    with pytest.raises(BadRequest, match="请指明"):
        addressed(road.centre, "")
    for node, to in ((road.village, "below"), (road.village, village), (road.centre, "up"), (road.centre, "centre")):
        with pytest.raises(NotFound):
            addressed(node, to)
