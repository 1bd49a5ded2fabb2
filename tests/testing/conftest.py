"""A host as a test of somebody else has it."""

from collections.abc import Iterator

import pytest

from hnsemu.testing import Host, Service
from hnsemu.testing.hosts import host_on


@pytest.fixture
def host(hns_server: Service) -> Iterator[Host]:
    """Return a host of this test on the service of the plugin's own fixture."""
    with host_on(hns_server) as new:
        yield new
