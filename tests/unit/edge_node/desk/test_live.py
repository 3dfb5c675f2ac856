"""The words of the bar, from how the road stands."""

from datetime import datetime
from typing import Any

import pytest

from edge_node.desk.live import _line, _next, _signs, _trouble
from sync.records.clock import time_text

AT = "2025-09-26T14:04:05+08:00"


def lane(name: str, unit: str, waiting: int, size: int, left: str = "", held: str = "") -> dict[str, Any]:
    return {"name": name, "unit": unit, "waiting": waiting, "waiting_bytes": size, "left_text": left, "held": held}


def road(
    *,
    events=0,
    photos=0,
    records=(0, 0),
    pictures=(0, 0),
    left="",
    held="",
    run=None,
    error="",
    kind=None,
    refused=False,
    cases=(3, 3, 2),
):
    lanes = {
        "alerts": lane("告警与签收", "条", 0, 0),
        "records": lane("办件", "件", *records, left),
        "catalogue": lane("事项目录", "项", 0, 0),
        "photos": lane("材料照片", "张", *pictures, left if pictures[0] and not held else "", held),
    }
    levels = zip(("village", "township", "centre"), ("村站", "乡镇", "中心"), cases, strict=True)
    return {
        "arrived": [
            {"level": level, "level_name": name, "name": name, "cases": count} for level, name, count in levels
        ],
        "waiting": {"events": events, "photos": photos},
        "lanes": [{"lane": name, **told} for name, told in lanes.items()],
        "run": run,
        "last_contact": AT,
        "error": error,
        "kind": kind,
        "refused": refused,
    }


def under_way(done: int, left: int, percent: int) -> dict[str, Any]:
    told = {"bytes_done": done, "bytes_left": left, "percent": percent, "bytes_per_second": 8_000}
    return {"lane_name": "材料照片", **told}


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (road(), "本机的办件上级都已签收"),
        (road(cases=(0, 0, 0)), "本机还没有办件"),
        (road(events=2, records=(2, 900)), "等待上报：办件 2 件"),
        (
            road(events=2, records=(2, 900), pictures=(5, 800_000), left="约 3 分钟"),
            "等待上报：办件 2 件、材料照片 5 张，约 3 分钟",
        ),
        (
            road(events=2, records=(2, 900), pictures=(5, 800_000), left="约 3 分钟", held="免打扰时段内"),
            "等待上报：办件 2 件、材料照片 5 张，免打扰时段内",
        ),
        (road(events=2, photos=1), "已发出，等待上级签收：2 步、照片 1 张"),
        # Where documents are on a CouchDB nobody knows whether all was sent, and nothing says so.
        (road(events=2, records=(None, None), pictures=(None, None)), "等待上报：2 步"),
        (road(events=1, photos=1, pictures=(0, 9000)), "等待上报：1 步、照片 1 张"),
        # It came by another road, and the marks know nothing of that; the receipts do.
        (road(records=(2, 900), pictures=(1, 9000)), "本机的办件上级都已签收"),
        (
            road(run=under_way(40_000, 49_000, 45)),
            "正在传材料照片，已传 40 kB，45%，每秒 8 kB",
        ),
        # What a link that answers nothing swallowed has been told and is nowhere yet.
        (road(events=1, run=under_way(9_000, 0, 100)), "材料照片，已传 9 kB，等上级回答"),
    ],
)
def test_the_line_says_what_goes_on_or_what_waits(stands: dict[str, Any], said: str) -> None:
    assert _line(stands) == said


def test_saved_here_and_at_the_centre_are_two_signs_and_the_second_is_whole_when_all_is_there() -> None:
    here, top = _signs(road())
    assert (here.icon, here.text) == ("device", "已存本机 3 件")
    assert (top.icon, top.text, top.whole) == ("cloud", "已到中心 2 件", False)
    assert _signs(road(cases=(3, 3, 3)))[1].whole


def test_a_station_that_is_not_certified_claims_nothing_above() -> None:
    alone = road()
    del alone["arrived"][1:]
    assert [sign.name for sign in _signs(alone)] == ["here"]


def test_a_dead_link_is_said_in_plain_words() -> None:
    assert _trouble(road()) == ""
    assert _trouble(road(error="没有连上上级（[Errno 111]）", kind="link")) == (
        "现在没有连上上级，联网后自动上报（上次联系 2025-09-26 14:04）"
    )


def test_a_full_disk_is_not_called_a_dead_link() -> None:
    assert _trouble(road(error="本机磁盘满了，暂时不能同步", kind="full")) == "没有上报：本机磁盘满了，暂时不能同步"
    assert _trouble(road(error="最近一次同步没有成功")) == "没有上报：最近一次同步没有成功"


def test_being_turned_away_is_not_called_a_dead_link() -> None:
    assert _trouble(road(error="中心已吊销本机的证书", refused=True)) == "没有上报：中心已吊销本机的证书"


@pytest.mark.parametrize(("seconds", "said"), [(None, "联网后自动"), (30, "一分钟之内"), (3600, "2025-09-26 15:04")])
def test_when_the_node_above_is_called_next_is_told_unless_it_is_at_once(seconds: int | None, said: str) -> None:
    now_ms = int(datetime.fromisoformat(AT).timestamp() * 1000)
    assert _next(None if seconds is None else time_text(now_ms + seconds * 1000), now_ms) == said
