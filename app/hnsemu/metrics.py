"""The metrics of /metrics: requests, transactions, retries, connections.

With several workers, each writes to files in PROMETHEUS_MULTIPROC_DIR, which `hnsemu serve` sets
before it starts them, and any worker sums them up. Replicas are scraped one by one.
"""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter(
    "hnsemu_requests", "Requests by path template, method and status.", ["path", "method", "status"]
)
SECONDS = Histogram(
    "hnsemu_request_seconds",
    "Seconds from a request to the end of its response, event streams excluded.",
    ["path", "method"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30),
)
TRANSACTIONS = Counter(
    "hnsemu_transactions", "Transactions by outcome: done, refused, failed.", ["outcome"]
)
RETRIES = Counter("hnsemu_transaction_retries", "Retries of transactions.")
CONNECTIONS = Gauge(
    "hnsemu_database_connections",
    "Database connections in use.",
    multiprocess_mode="livesum",
)
