"""Imports that something happens to in the middle."""

import json
import os
import signal
from collections.abc import Callable

from hnsemu.dumps.importing import import_host
from hnsemu.dumps.kubernetes.importing import import_cluster
from hnsemu.dumps.kubernetes.options import Options
from hnsemu.dumps.kubernetes.reading import read_resources
from hnsemu.dumps.reading import read_documents
from hnsemu.host import SeededSource
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.dumps.kubernetes.objects import CLUSTER

NETWORK = {"ID": "00000001-0000-4000-8000-000000000001", "Name": "pods", "Type": "nat",
           "Subnets": [{"AddressPrefix": "10.1.0.0/16", "GatewayAddress": "10.1.0.1"}]}  # fmt: skip
ENDPOINTS = [
    {"ID": f"{number:08}-0000-4000-8000-000000000002", "VirtualNetwork": NETWORK["ID"],
     "IPAddress": f"10.1.0.{number}"}
    for number in range(2, 12)
]  # fmt: skip
DUMP = json.dumps([NETWORK, *ENDPOINTS])


class CountingSource(SeededSource):
    """Does something when it is asked for a GUID the given time."""

    def __init__(self, at: int, act: Callable[[], None]) -> None:
        """Begin to count. at: 0 for never."""
        super().__init__()
        self.at, self.act, self.count = at, act, 0

    def guid(self) -> str:
        """Return the next GUID, after what is to be done then."""
        self.count += 1
        if self.count == self.at:
            self.act()
        return super().guid()


def import_dump(hns: Hns) -> None:
    """Import a network with its endpoints."""
    import_host(hns, read_documents(DUMP))


def import_nodes(hns: Hns) -> None:
    """Import a cluster of two Windows nodes."""
    import_cluster(hns, read_resources(CLUSTER.read_text()), Options())


IMPORTS: list[Callable[[Hns], None]] = [import_dump, import_nodes]
NAMES: dict[Callable[[Hns], None], list[str]] = {
    import_dump: ["real"],
    import_nodes: ["win-1", "win-2"],
}


def _nothing() -> None:
    pass


def service(database: Database, at: int = 0, act: Callable[[], None] = _nothing) -> Hns:
    """Return a service whose source does something at a GUID."""
    return Hns(database, "real", CountingSource(at, act))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(url: str, work: Callable[[Hns], None], at: int) -> None:
    """Do the work in a process that dies at a GUID; it is a module of few imports to start fast."""
    work(service(Database(url), at, _die))
