"""Families of numbers as the text that Prometheus reads.

Imported when somebody asks: the library is 1.3 MB, and most nodes are watched by nobody.

source  Prometheus, Exposition formats

Must not know: what is counted, who asks.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from sync.version import VERSION

CONTENT_TYPE = CONTENT_TYPE_LATEST


class _Reading(Collector):
    """The version that runs, and what else there is to tell; told once."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Every family of numbers."""
        version = GaugeMetricFamily("yizhan_build_info", "The version that runs.", labels=["version"])
        version.add_metric([VERSION], 1)
        yield version
        yield from self._families


def exposed(families: Iterable[Metric]) -> bytes:
    """The version that runs, and these families."""
    # A registry of our own: the library's has numbers about this process that cost more than they tell.
    registry = CollectorRegistry()
    registry.register(_Reading(families))
    return generate_latest(registry)
