"""Emulated hosts for tests, without pytest: `with hnsemu.testing.host() as hns: …`.

`hnsemu.pytest_plugin` has the same as fixtures.
"""

from hnsemu.testing.hosts import Fault, Host, Snapshot, host
from hnsemu.testing.http import Api, Refusal
from hnsemu.testing.requests import Requests
from hnsemu.testing.service import Service, ServiceError, service

__all__ = [
    "Api",
    "Fault",
    "Host",
    "Refusal",
    "Requests",
    "Service",
    "ServiceError",
    "Snapshot",
    "host",
    "service",
]
