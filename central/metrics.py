"""The numbers the centre tells an operator's Prometheus: of stations how many, and never which.

Must not know: who asks for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric

from central.centre import Centre
from sync.web.node_metrics import node_families

_DAY_SECONDS = 24 * 3600
_SILENCES = {"1h": 3600, "1d": _DAY_SECONDS, "3d": 3 * _DAY_SECONDS, "7d": 7 * _DAY_SECONDS}


def centre_families(centre: Centre, rows: Iterable[Mapping[str, Any]], *, listeners: int) -> Iterator[Metric]:
    """Every family, read now.

    rows  as `list_stations` gives them
    """
    rows = tuple(rows)
    yield from node_families(centre.node, listeners=listeners)
    stations = GaugeMetricFamily("yizhan_stations", "Registered stations, by how they stand.", labels=["state"])
    states = {
        "registered": len(rows),
        "enrolled": sum(row["enrolled"] for row in rows),
        "behind": sum(any(row["backlog"].values()) for row in rows),
        "alarmed": sum(bool(row["alarms"]) for row in rows),
    }
    for state, count in states.items():
        stations.add_metric([state], count)
    yield stations
    silent = GaugeMetricFamily(
        "yizhan_stations_silent", "Enrolled stations not heard for so long.", labels=["longer_than"]
    )
    silences = [_silence(row, centre.node.clock() / 1000) for row in rows if row["enrolled"]]
    for name, seconds in _SILENCES.items():
        silent.add_metric([name], sum(silence > seconds for silence in silences))
    yield silent
    for what in ("events", "photos"):
        yield GaugeMetricFamily(
            f"yizhan_missing_{what}",
            f"Sealed by stations and not held here: {what}.",
            sum(row["backlog"][what] for row in rows),
        )


def _silence(row: Mapping[str, Any], now_seconds: float) -> float:
    """Since when a station was not heard, in seconds; for ever, if it never was."""
    heard = row["last_heard"]
    return float("inf") if heard is None else now_seconds - datetime.fromisoformat(heard).timestamp()
