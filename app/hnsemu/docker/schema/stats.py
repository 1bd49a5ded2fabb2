"""Statistics of a container as the API has them. Source: a reply of dockerd 28.5.2 [O].

networks has the counters of each endpoint under its GUID in HNS, as daemon/stats_windows.go has
them [C].
"""

from hnsemu.docker.domain.measurements import Measurement
from hnsemu.docker.domain.times import rfc3339

_NO_IO = (
    "io_service_bytes_recursive", "io_serviced_recursive", "io_queue_recursive",
    "io_service_time_recursive", "io_wait_time_recursive", "io_merged_recursive",
    "io_time_recursive", "sectors_recursive",
)  # fmt: skip


def stats_document(measured: Measurement, before: Measurement | None) -> dict[str, object]:
    """Return the statistics of a container, with the moment of those before."""
    container = measured.container
    document: dict[str, object] = {
        "name": f"/{container.name}",
        "id": container.id,
        "read": rfc3339(measured.time if container.is_running else 0),
        "preread": rfc3339(before.time if before else 0),
        "pids_stats": {},
        "blkio_stats": dict.fromkeys(_NO_IO),
        "num_procs": 1 if container.is_running else 0,
        "storage_stats": {},
        "cpu_stats": _cpu(),
        "precpu_stats": _cpu(),
        "memory_stats": {},
    }
    if measured.endpoints:
        document["networks"] = {
            stats.endpoint_id: {
                "rx_bytes": stats.traffic.bytes_received,
                "rx_packets": stats.traffic.packets_received,
                "rx_errors": 0,
                "rx_dropped": stats.traffic.dropped_packets_incoming,
                "tx_bytes": stats.traffic.bytes_sent,
                "tx_packets": stats.traffic.packets_sent,
                "tx_errors": 0,
                "tx_dropped": stats.traffic.dropped_packets_outgoing,
            }
            for stats in measured.endpoints
        }
    return document


def _cpu() -> dict[str, object]:
    return {
        "cpu_usage": {"total_usage": 0, "usage_in_kernelmode": 0, "usage_in_usermode": 0},
        "throttling_data": {"periods": 0, "throttled_periods": 0, "throttled_time": 0},
    }
