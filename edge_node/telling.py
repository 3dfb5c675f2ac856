"""The road up in words, as the command line and the pages of the desk tell it.

Must not know: how it is found out.
"""

from collections.abc import Mapping
from typing import Any

from edge_node.messages import _, pgettext
from sync.records.clock import minute_text
from sync.values.amounts import size_text


def road_lines(road: dict[str, Any]) -> list[str]:
    """How far the cases have come, and each lane, in lines of text."""
    lines = [
        "",
        _(
            "How far   %(told)s",
            told=pgettext("between clauses", ", ").join(
                _arrived(place, one) for place, one in enumerate(road["arrived"])
            ),
        ),
    ]
    if road["run"]:
        lines.append(_("Sending   %(told)s", told=run_told(road["run"])))
    lines += [_lane_line(lane) for lane in road["lanes"]]
    if road["next_run"]:
        lines.append(_("Next call %(told)s", told=minute_text(road["next_run"])))
    return lines


def lane_told(lane: dict[str, Any]) -> dict[str, str]:
    """A lane in words: {"waiting", "left", "speed", "success", "error"}."""
    waits = lane["waiting_bytes"] != 0
    count = [] if lane["waiting"] is None else [f"{lane['waiting']} {lane['unit']}"]
    return {
        "waiting": pgettext("between clauses", ", ").join((*count, size_text(lane["waiting_bytes"])))
        if waits
        else _on_its_way(lane) or _("nothing"),
        "left": (lane["held"] or lane["left_text"] or _("not known yet")) if waits else "—",
        "speed": _speed(lane["bytes_per_second"]) if lane["bytes_per_second"] else _("not measured yet"),
        "success": minute_text(lane["last_success"]) if lane["last_success"] else _("never"),
        "error": lane["error"] or _("none"),
    }


def run_told(run: dict[str, Any]) -> str:
    """A run under way, in words; one that has told all it had is no more than waiting for its answer."""
    if run["bytes_left"] == 0:
        return pgettext("between clauses", ", ").join([run["lane_name"], _unanswered(run["bytes_done"])])
    told = [run["lane_name"], _("%(size)s sent", size=size_text(run["bytes_done"]))]
    if run["percent"] is not None:
        told.append(f"{run['percent']}%")
    if run["bytes_per_second"]:
        told.append(_speed(run["bytes_per_second"]))
    return pgettext("between clauses", ", ").join(told)


def why_held(standing: Mapping[str, Any]) -> str:
    """Why photos wait, of what `PhotoMeter.standing` says; "" while they go."""
    if standing["used_up"]:
        return _("the budget is used up, photos wait for the next month or a sync by hand")
    return _("these are quiet hours, photos go up later") if standing["quiet"] else ""


def _on_its_way(lane: dict[str, Any]) -> str:
    """Of a lane that has told all it had: what is not answered, which has not arrived; "" where nothing is."""
    size = lane["unanswered_bytes"] if lane["waiting_bytes"] == 0 else 0
    return _unanswered(size) if size else ""


def _unanswered(size: int) -> str:
    return _("%(size)s sent, waiting for the answer of the level above", size=size_text(size))


def _speed(bytes_per_second: int) -> str:
    return _("%(size)s a second", size=size_text(bytes_per_second))


def _arrived(place: int, one: dict[str, Any]) -> str:
    if place == 0:
        return _("%(cases)s cases kept on this machine", cases=one["cases"])
    return _("%(cases)s cases arrived at %(place)s", place=one["level_name"], cases=one["cases"])


def _lane_line(lane: dict[str, Any]) -> str:
    told = lane_told(lane)
    parts = [_on_its_way(lane) or _("to be sent: %(what)s", what=told["waiting"])]
    if lane["held"]:
        parts.append(lane["held"])
    elif lane["waiting_bytes"] != 0:
        parts.append(_("left, about: %(time)s", time=lane["left_text"] or _("(not known yet)")))
    if lane["bytes_per_second"]:
        parts.append(told["speed"])
    parts.append(_("last success: %(time)s", time=told["success"]))
    if lane["error"]:
        parts.append(_("last broken off: %(reason)s", reason=lane["error"]))
    told_parts = pgettext("between sentences", "; ").join(parts)
    return f"{lane['name']}{'　' * (5 - len(lane['name']))}  {told_parts}"
