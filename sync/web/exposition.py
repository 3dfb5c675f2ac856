"""Families of numbers as the text that Prometheus reads.

Imported when somebody asks: the library is 1.3 MB, and most nodes are watched by nobody.

source  Prometheus, Exposition formats

Must not know: what is counted, who asks.
"""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from sync.version import VERSION

CONTENT_TYPE = CONTENT_TYPE_LATEST


class _Reading(Collector):
    """Asks for the numbers whenever they are to be told."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        """Every family of numbers."""
        version = GaugeMetricFamily("yizhan_build_info", "The version that runs.", labels=["version"])
        version.add_metric([VERSION], 1)
        yield version
        yield from self._collect()


def exposed(collect: Callable[[], Iterable[Metric]]) -> bytes:
    """The version that runs, and the families as they are read now."""
    # A registry of our own: the library's has numbers about this process that cost more than they tell.
    registry = CollectorRegistry()
    registry.register(_Reading(collect))
    return generate_latest(registry)
