"""The road up in words, as the command line and the pages of the desk tell it.

Must not know: how it is found out.
"""

from typing import Any

from sync.casework.see_road import size_text


def road_lines(road: dict[str, Any]) -> list[str]:
    """How far the cases have come, and each lane, in lines of text."""
    lines = ["", "到了哪里  " + "，".join(_arrived(place, one) for place, one in enumerate(road["arrived"]))]
    if road["run"]:
        lines.append(f"正在传    {run_told(road['run'])}")
    lines += [_lane_line(lane) for lane in road["lanes"]]
    if road["next_run"]:
        lines.append(f"下次联系  {moment(road['next_run'])}")
    return lines


def lane_told(lane: dict[str, Any]) -> dict[str, str]:
    """A lane in words: {"waiting", "left", "speed", "success", "error"}."""
    waits = lane["waiting_bytes"] != 0
    count = "" if lane["waiting"] is None else f"{lane['waiting']} {lane['unit']}，"
    return {
        "waiting": f"{count}{size_text(lane['waiting_bytes'])}" if waits else "没有",
        "left": (lane["left_text"] or "还不知道") if waits else "—",
        "speed": f"每秒 {size_text(lane['bytes_per_second'])}" if lane["bytes_per_second"] else "还没有测到",
        "success": moment(lane["last_success"]) if lane["last_success"] else "从未",
        "error": lane["error"] or "无",
    }


def run_told(run: dict[str, Any]) -> str:
    """A run under way, in words."""
    speed = f"，每秒 {size_text(run['bytes_per_second'])}" if run["bytes_per_second"] else ""
    whole = f"，{run['percent']}%" if run["percent"] is not None else ""
    return f"{run['lane_name']}，已传 {size_text(run['bytes_done'])}{whole}{speed}"


def moment(at: str) -> str:
    """A time to the minute."""
    return at[:16].replace("T", " ")


def _arrived(place: int, one: dict[str, Any]) -> str:
    return f"{'已存本机' if place == 0 else '已到' + one['level_name']} {one['cases']} 件"


def _lane_line(lane: dict[str, Any]) -> str:
    told = lane_told(lane)
    parts = [f"待传 {told['waiting']}"]
    if lane["waiting_bytes"] != 0:
        parts.append(f"大约还要 {lane['left_text'] or '（还不知道）'}")
    if lane["bytes_per_second"]:
        parts.append(told["speed"])
    parts.append(f"最近成功 {told['success']}")
    if lane["error"]:
        parts.append(f"上次中断：{lane['error']}")
    return f"{lane['name']}{'　' * (5 - len(lane['name']))}  {'；'.join(parts)}"
