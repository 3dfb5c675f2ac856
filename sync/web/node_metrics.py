"""The numbers that every node tells, whatever its level.

Must not know: what is told of a road or of stations.
"""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from sync.node.lists.case_index import count_cases
from sync.node.node import Node
from sync.store.ledger.alarms import count_alarms_by_writer
from sync.store.ledger.set_aside import count_aside
from sync.store.transaction import Reader


def node_families(node: Node, *, listeners: int) -> Iterator[Metric]:
    """Cases, what somebody must look at, whether the store can be written to, open streams."""

    def work(reader: Reader) -> tuple[int, int, int]:
        return count_cases(reader), count_aside(reader), sum(count_alarms_by_writer(reader).values())

    cases, aside, alarms = node.engine.read(work)
    elsewhere = node.documents.elsewhere()
    yield GaugeMetricFamily("yizhan_cases", "Cases kept on this node.", cases)
    yield GaugeMetricFamily("yizhan_set_aside_documents", "Documents refused here that wait for someone.", aside)
    yield GaugeMetricFamily("yizhan_open_alarms", "Contradictions that nobody has settled.", alarms)
    trouble = bool(node.engine.trouble) or (elsewhere is not None and bool(elsewhere.trouble))
    yield GaugeMetricFamily("yizhan_store_trouble", "1 while the store takes no writes.", float(trouble))
    yield GaugeMetricFamily("yizhan_event_streams", "Browsers that are told how things stand.", listeners)
    if elsewhere is not None:
        yield GaugeMetricFamily(
            "yizhan_outbox_documents", "Documents written here and not yet on the CouchDB.", elsewhere.waiting
        )
