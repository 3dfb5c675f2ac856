"""The station says how it stands: in words, and no better than it is."""

import pytest

from edge_node.desk.live import changed
from sync.casework.digest_content import digest_content
from sync.casework.read_status import ago, read_status
from sync.casework.see_road import see_road
from sync.errors import DiskFull, NotFound
from sync.node.road.failing import keep_failure
from sync.node.sharing import UPSTREAM
from sync.store.ledger.contacts import Failure, note_contact, note_failure
from tests.unit.edge_node.applications import JPEG, application, key
from tests.unit.edge_node.conftest import SID, START_MS

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("passed", "words"),
    [(0, "刚刚"), (59_999, "刚刚"), (MINUTE, "1 分钟前"), (HOUR, "1 小时前"), (DAY, "1 天前"), (45 * DAY, "45 天前")],
)
def test_how_long_ago_in_words(passed, words):
    assert ago(START_MS, START_MS + passed) == words
    assert ago(None, START_MS) == "从未"


def test_a_new_station_has_reached_nobody_and_has_nothing_to_hide(station):
    told = read_status(station.node)
    assert (told["sid"], told["device"], told["certified"], told["level_name"]) == (SID, "01", False, "村站")
    assert told["last_contact"] == {"at": None, "text": "从未", "error": "", "refused": False}
    assert (told["cases"], told["waiting"], told["set_aside"], told["alarms"]) == (0, {"events": 0, "photos": 0}, 0, 0)
    assert told["clock"]["quality_name"] == "已由本站确认"


def test_what_no_receipt_covers_waits(station, client):
    for number in range(3):
        client.post("/api/v1/cases", json=application(number=number), headers=key(str(number)))
    told = client.get("/api/v1/status").get_json()
    assert told["cases"] == 3
    assert told["waiting"]["events"] == 3
    assert told["cases_by_state"] == [{"state": "received", "state_name": "已收件", "count": 3}]


def test_contact_is_told_in_words_and_an_old_failure_is_forgotten(station, clock):
    station.node.write(lambda tx: note_failure(tx, UPSTREAM, Failure("was silent for 60 s"), now_ms=START_MS))
    told = read_status(station.node)["last_contact"]
    assert told["text"] == "从未"
    assert told["error"].startswith("没有连上上级")
    station.node.write(lambda tx: note_contact(tx, UPSTREAM, now_ms=START_MS + 1))
    clock.now_ms += 2 * HOUR
    assert read_status(station.node)["last_contact"] == {
        "at": "2025-09-26T14:04:05+08:00",
        "text": "1 小时前",
        "error": "",
        "refused": False,
    }


def test_what_failed_while_the_ledger_takes_no_writes_is_told_from_memory_everywhere(station, monkeypatch):
    before = changed(station)

    def full(work):
        raise DiskFull("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(station.node, "write", full)
        keep_failure(station.node, DiskFull("database or disk is full"))
    road, status = see_road(station.road), read_status(station.node)
    assert (road["error"], road["kind"], road["refused"]) == ("本机磁盘满了，暂时不能同步", "full", False)
    assert status["last_contact"]["error"] == road["error"]
    assert changed(station) != before


def test_being_turned_away_is_told_until_a_call_goes_through(station, clock):
    station.node.write(lambda tx: note_failure(tx, UPSTREAM, Failure("证书已吊销", refused=True), now_ms=START_MS))
    told = read_status(station.node)["last_contact"]
    assert (told["error"], told["refused"]) == ("证书已吊销", True)
    station.node.write(lambda tx: note_contact(tx, UPSTREAM, now_ms=START_MS + 1))
    assert read_status(station.node)["last_contact"]["refused"] is False


def test_a_clock_in_doubt_is_told_before_anyone_stands_at_the_desk(station, clock):
    clock.now_ms -= DAY
    told = read_status(station.node)["clock"]
    assert told["must_ask"]
    assert "早于" in told["reason"]


def test_the_digest_covers_records_and_photos_of_the_station(station, client):
    empty = digest_content(station.node, station=SID)
    client.post("/api/v1/cases", json=application(photos=(JPEG,)), headers=key("1"))
    full = digest_content(station.node, station=SID)
    assert (empty["documents"], empty["blobs"]) == (0, 0)
    # A record, a chunk list, and the chunks.
    assert full["documents"] == 2 + len(JPEG) // 16384 + 1
    assert full["blobs"] == 1
    assert full["sha256"] != empty["sha256"]
    assert digest_content(station.node) == full
    with pytest.raises(NotFound):
        digest_content(station.node, station="nobody")
