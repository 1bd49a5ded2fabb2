"""/metrics, for Prometheus."""

import os

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from hnsemu.api.deps import call, service
from hnsemu.api.pace import Pace
from hnsemu.api.router import Router
from hnsemu.metrics import CONNECTIONS
from hnsemu.services.objects import ObjectCount, count_objects

router = Router(tags=["operations"])


@router.operation("GET", "/metrics", texts=("text/plain",), pace=Pace.LONG)
async def get_metrics(request: Request) -> Response:
    """Requests, latencies, transactions, retries, connections, and objects per host."""
    counts = await call(request, count_objects)
    CONNECTIONS.set(service(request).database.connections_in_use())
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped there
    objects = CollectorRegistry()
    objects.register(_ObjectGauge(counts))
    text = generate_latest(registry) + generate_latest(objects)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


class _ObjectGauge(Collector):
    """The number of objects in the database, counted at each scrape."""

    def __init__(self, counts: list[ObjectCount]) -> None:
        self._counts = counts

    def collect(self) -> list[Metric]:
        """Return one gauge with a sample for each host and kind."""
        gauge = GaugeMetricFamily(
            "hnsemu_objects", "Objects of each emulated host.", labels=["host", "kind"]
        )
        for objects in self._counts:
            gauge.add_metric([objects.host, objects.kind], objects.count)
        return [gauge]
