"""`yizhan edge sync` over a slow link, by the process that owns the directory and without one; and where a case is."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest

from edge_node.commands import commands_of
from edge_node.settings import read
from edge_node.wiring import build_station
from fixtures.link_weak import WeakLink
from sync.store.ledger.settings import put_settings
from sync.web.control import listening
from tests.journeys.road import Road, take

_PHOTO_BYTES = 180_000


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with ExitStack() as stack:
        road = Road(tmp_path, stack)
        road.run()
        stack.enter_context(_slowly(road))
        yield road


@contextmanager
def _slowly(road: Road) -> Iterator[None]:
    """The village reaches its township over 256 kbit/s: six seconds for a photo."""
    with WeakLink(f"127.0.0.1:{road.township_port}", rate_kbit=256, rtt_ms=200) as link:
        road.village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": f"http://127.0.0.1:{link.port}"}))
        road.village_up.close()
        yield


def yizhan(directory: Path, command: str, *more: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "sync.commands.main", "edge", command, "--data", str(directory), *more]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_the_owner_runs_and_whoever_asked_sees_how_far_it_is(road: Road, tmp_path: Path) -> None:
    station = build_station(road.village, read({}))
    take(road.village, "one", photo=b"\xff\xd8" + Random(1).randbytes(_PHOTO_BYTES))
    with listening(tmp_path / "village", commands_of(station)):
        done = yizhan(tmp_path / "village", "sync")
        status = json.loads(yizhan(tmp_path / "village", "status", "--json").stdout)
    station.courier.close()
    assert "同步完成" in done.stdout
    assert re.search(r"同步 (\d+% )?材料照片，已传 \d+ kB", done.stderr)
    photos = next(lane for lane in status["road"]["lanes"] if lane["lane"] == "photos")
    assert photos["waiting_bytes"] == 0
    assert 8_000 < photos["bytes_per_second"] < 64_000  # 256 kbit/s are 32 kB/s


def test_without_an_owner_the_command_runs_itself_and_shows_it_likewise(road: Road, tmp_path: Path) -> None:
    take(road.village, "one", photo=b"\xff\xd8" + Random(1).randbytes(_PHOTO_BYTES))
    road.village.close()
    done = yizhan(tmp_path / "village", "sync")
    assert "同步完成" in done.stdout
    assert re.search(r"同步 (\d+% )?材料照片，已传 \d+ kB", done.stderr)
    quiet = yizhan(tmp_path / "village", "sync", "--json")
    assert quiet.stderr == ""
    assert json.loads(quiet.stdout)["carried"] == 0


def test_a_case_is_found_by_the_end_of_its_number_with_the_time_of_each_hop(road: Road, tmp_path: Path) -> None:
    doc_id = take(road.village, "990281101201250731010007G", photo=b"\xff\xd8" + bytes(40_000))
    road.village.close()
    directory = tmp_path / "village"
    before = yizhan(directory, "where", "01-0007-G").stdout.splitlines()
    assert before[0] == "收件号 990281101201250731010007G，已到村站（材料 1/1）"
    assert [line.split("  ")[1] for line in before[1:]] == ["已存本站（材料 1/1）", "未到乡镇", "未到中心"]
    yizhan(directory, "sync")
    told = json.loads(yizhan(directory, "where", "--json", doc_id).stdout)
    assert [hop["state"] for hop in told["hops"]] == ["held", "held", "none"]
    first = told["hops"][1]["since"]
    assert first is not None
    road.township_up.run()
    yizhan(directory, "sync")
    told = json.loads(yizhan(directory, "where", "--json", doc_id).stdout)
    assert [hop["state"] for hop in told["hops"]] == ["held", "held", "held"]
    assert told["hops"][1]["since"] == first
