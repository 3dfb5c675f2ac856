"""The bar above every page of the desk, and the page behind it: what is saved here, what has come how far, what waits.

`已存本机` and `已到中心` are two different signs, each with its own picture; the second is from receipts alone.

Must not know: how it is found out, who is sent it.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from edge_node.messages import _, pgettext
from edge_node.station import Station, station_of_app
from edge_node.telling import lane_told, run_told
from sync.casework.count_attention import attention_text, count_attention
from sync.casework.list_alerts import alerts_here
from sync.casework.see_road import photos_held, see_road
from sync.node.road.failing import Kind
from sync.node.sharing import UPSTREAM
from sync.records.clock import minute_text
from sync.store.ledger.contacts import contact
from sync.store.ledger.custody import last_arrival
from sync.store.transaction import Reader
from sync.store.wakes import ANYTHING
from sync.web.live import Live, Sign

_MINUTE_MS = 60_000


def look(station: Station) -> Live:
    """How the station's road stands, in the words of the pages."""
    road = see_road(station.road)
    texts = {f"lane.{lane['lane']}.{name}": text for lane in road["lanes"] for name, text in lane_told(lane).items()}
    texts["road.contact"] = minute_text(road["last_contact"]) if road["last_contact"] else _("never")
    texts["road.next"] = _next(road["next_run"], station.node.clock())
    texts["road.run"] = run_told(road["run"]) if road["run"] else _("Nothing is being sent now")
    texts |= {f"arrived.{one['level']}": _("%(cases)s cases", cases=one["cases"]) for one in road["arrived"]}
    run = road["run"]
    return Live(
        signs=_signs(road),
        line=_line(road),
        percent=run["percent"] if run and run["bytes_left"] != 0 else None,
        trouble=_trouble(road),
        alerts=_alerts(station),
        badge=attention_text(station.node.engine.read(count_attention)),
        texts=texts,
        more={"road": {**road, "next_run": None}},  # it moves with every run, and is no news
    )


def _alerts(station: Station) -> tuple[tuple[str, str], ...]:
    return tuple((one["key"], one["title"]) for one in alerts_here(station.node))


def changed(station: Station) -> Hashable:
    """Another value whenever `look` may say something else."""

    node, road = station.node, station.road

    def work(reader: Reader) -> tuple[Hashable, ...]:
        # What the ledger took no note of is in memory.
        return contact(reader, UPSTREAM), node.unkept_failure, last_arrival(reader), count_attention(reader)

    at, held = node.documents.wakes.count(ANYTHING), photos_held(road)
    return at, road.watch.version, held, _alerts(station), node.engine.read(work)


def road_page() -> ResponseReturnValue:
    """How the road stands, lane by lane."""
    return render_template("desk/road.html", road=see_road(station_of_app().road))


def _signs(road: dict[str, Any]) -> tuple[Sign, ...]:
    here, *above = road["arrived"]
    signs = [Sign("here", "device", _("%(cases)s cases kept on this machine", cases=here["cases"]))]
    if above:
        top = above[-1]
        signs.append(
            Sign(
                "top",
                "cloud",
                _("%(cases)s cases arrived at %(place)s", place=top["level_name"], cases=top["cases"]),
                top["cases"] == here["cases"],
            )
        )
    return tuple(signs)


def _line(road: dict[str, Any]) -> str:
    """What goes on, else what waits, else that nothing does."""
    waiting, run = road["waiting"], road["run"]
    if run:
        return _("Sending %(what)s", what=run_told(run)) if run["bytes_left"] != 0 else run_told(run)
    if not (waiting["events"] or waiting["photos"]):  # whatever marks say: it may have come by another road
        if not road["arrived"][0]["cases"]:
            return _("There are no cases on this machine yet")
        return _("The level above has receipts for all cases of this machine")
    lanes = [lane for lane in road["lanes"] if lane["lane"] in ("records", "photos")]
    parts = [f"{lane['name']} {lane['waiting']} {lane['unit']}" for lane in lanes if lane["waiting"]]
    left = next((told for lane in reversed(lanes) if (told := lane["held"] or lane["left_text"])), "")
    if parts:
        what = pgettext("between clauses", ", ").join([_(", ").join(parts), *([left] if left else [])])
        return _("Waiting to be sent up: %(what)s", what=what)
    counts = [_("%(steps)s steps to send", steps=waiting["events"])]
    if waiting["photos"]:
        counts.append(_("%(photos)s photos", photos=waiting["photos"]))
    what = _(", ").join(counts)
    if all(lane["waiting_bytes"] == 0 for lane in lanes):  # None where nobody knows
        return _("Sent, waiting for the receipt of the level above: %(what)s", what=what)
    return _("Waiting to be sent up: %(what)s", what=what)


def _next(at: str | None, now_ms: int) -> str:
    """When the node above is called next; what is sooner than a minute changes too often to be told."""
    if at is None:
        return _("by itself once there is a link")
    return (
        minute_text(at) if datetime.fromisoformat(at).timestamp() * 1000 - now_ms > _MINUTE_MS else _("within a minute")
    )


def _trouble(road: dict[str, Any]) -> str:
    if not road["error"]:
        return ""
    if road["refused"] or road["kind"] != Kind.LINK:
        return _("Nothing is sent up: %(reason)s", reason=road["error"])
    if not road["last_contact"]:
        return _("No link to the level above now; it is sent up by itself once there is one")
    return _(
        "No link to the level above now; it is sent up by itself once there is one (last contact %(time)s)",
        time=minute_text(road["last_contact"]),
    )
