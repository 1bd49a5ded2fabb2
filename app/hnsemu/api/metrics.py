"""/metrics: what Prometheus scrapes."""

import os

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from hnsemu.api.deps import call_aside, service
from hnsemu.api.openapi import operation
from hnsemu.metrics import CONNECTIONS
from hnsemu.services.objects import ObjectCount, count_objects

router = APIRouter()


@router.get("/metrics", tags=["operations"], **operation(texts=("text/plain",)))
async def get_metrics(request: Request) -> Response:
    """Requests, latencies, transactions, retries, connections, and objects per host."""
    counted = await call_aside(request, count_objects)
    CONNECTIONS.set(service(request).database.connections_in_use())
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped there
    objects = CollectorRegistry()
    objects.register(_Objects(counted))
    text = generate_latest(registry) + generate_latest(objects)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


class _Objects(Collector):
    """What the database holds, counted at each scrape."""

    def __init__(self, counted: list[ObjectCount]) -> None:
        self._counted = counted

    def collect(self) -> list[Metric]:
        """Return one gauge with a sample for each host and kind."""
        gauge = GaugeMetricFamily(
            "hnsemu_objects", "Objects of each emulated host.", labels=["host", "kind"]
        )
        for each in self._counted:
            gauge.add_metric([each.host, each.kind], each.count)
        return [gauge]
