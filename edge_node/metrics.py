"""The numbers a station tells an operator's Prometheus.

Must not know: who asks for them.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from edge_node.station import Station
from sync.casework.see_road import see_road
from sync.node.lanes import Lane
from sync.node.road.watching import DOWN, UP, Seen
from sync.web.node_metrics import node_families


def station_families(station: Station, *, listeners: int) -> Iterator[Metric]:
    """Every family, read now."""
    road, seen = see_road(station.road), station.road.watch.look()
    yield from node_families(station.node, listeners=listeners)
    waiting = GaugeMetricFamily("yizhan_waiting_documents", "Still to be told to the node above.", labels=["lane"])
    weight = GaugeMetricFamily("yizhan_waiting_bytes", "Bytes still to be told to the node above.", labels=["lane"])
    for lane in road["lanes"]:
        for family, number in ((waiting, lane["waiting"]), (weight, lane["waiting_bytes"])):
            if number is not None:  # nobody knows where documents are on a CouchDB
                family.add_metric([lane["lane"]], number)
    yield waiting
    yield weight
    yield GaugeMetricFamily(
        "yizhan_unconfirmed_events", "Events that no receipt of the node above covers.", road["waiting"]["events"]
    )
    yield GaugeMetricFamily(
        "yizhan_unconfirmed_photos", "Photos that receipts of the node above lack.", road["waiting"]["photos"]
    )
    arrived = GaugeMetricFamily("yizhan_arrived_cases", "Cases a level holds, by its receipts.", labels=["level"])
    for hop in road["arrived"][1:]:
        arrived.add_metric([hop["level"]], hop["cases"])
    yield arrived
    yield from _carried(seen)
    yield from _upstream(seen, road["last_contact"], failing=bool(road["error"]))


def _carried(seen: Seen) -> Iterator[Metric]:
    labels = ["lane", "direction"]
    documents = CounterMetricFamily("yizhan_carried_documents", "Documents carried since the start.", labels=labels)
    size = CounterMetricFamily("yizhan_carried_bytes", "Bytes of their bodies.", labels=labels)
    speed = GaugeMetricFamily(
        "yizhan_lane_bytes_per_second",
        "How fast a lane went, in the last exchange that could be measured.",
        labels=labels,
    )
    success = GaugeMetricFamily(
        "yizhan_lane_last_success_timestamp_seconds", "When something last arrived in a lane.", labels=labels
    )
    for lane in Lane:
        for way in (UP, DOWN):
            place, named = (lane, way), [lane.name.lower(), way]
            documents.add_metric(named, seen.total[place].documents)
            size.add_metric(named, seen.total[place].bytes)
            known = seen.known[place]
            if known.bytes_per_second is not None:
                speed.add_metric(named, known.bytes_per_second)
            if known.at_ms is not None:
                success.add_metric(named, known.at_ms / 1000)
    yield from (documents, size, speed, success)


def _upstream(seen: Seen, last_contact: str | None, *, failing: bool) -> Iterator[Metric]:
    runs = CounterMetricFamily("yizhan_runs", "Runs to the node above since the start.", labels=["result"])
    runs.add_metric(["done"], seen.runs - seen.failed)
    runs.add_metric(["failed"], seen.failed)
    yield runs
    yield GaugeMetricFamily("yizhan_run_in_progress", "1 while a run is under way.", float(seen.running))
    yield GaugeMetricFamily("yizhan_upstream_failing", "1 while the last run failed.", float(failing))
    if last_contact is not None:
        at = datetime.fromisoformat(last_contact).timestamp()
        yield GaugeMetricFamily("yizhan_upstream_last_success_timestamp_seconds", "When a run last went through.", at)
