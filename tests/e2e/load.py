"""Clients that create endpoints until they are stopped, and note what was acknowledged."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

from tests.waiting import PATIENCE

ENDPOINT = json.dumps({"Name": "pod", "SchemaVersion": {"Major": 2, "Minor": 0}})
_CREATED = 201
# The network of a fresh host has 4,096 addresses and MACs, which a fast machine fills in a minute.
_ROOM = "10.0.0.0/8"
_NETWORK = {
    "Name": "load",
    "Type": "NAT",
    "Ipams": [{"Type": "Static", "Subnets": [{"IpAddressPrefix": _ROOM}]}],
    "MacPool": {
        "Ranges": [{"StartMacAddress": "00-15-5D-00-00-00", "EndMacAddress": "00-15-5D-FF-FF-FF"}]
    },
    "SchemaVersion": {"Major": 2, "Minor": 0},
}


@dataclass
class Load:
    """Threads that POST endpoints to the only network of a server, each over one connection.

    acknowledged: ids in the answers 201; refusals: other statuses; breaks: how often no answer
    came at all.
    """

    url: str
    clients: int = 4
    acknowledged: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    breaks: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start the clients."""
        network = spacious_network(self.url)
        self._threads = [
            threading.Thread(target=self._create, args=(network,)) for _ in range(self.clients)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the clients and wait for them."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, reached: Callable[["Load"], bool], seconds: float = PATIENCE) -> bool:
        """Wait until a condition holds; tell whether it does."""
        with self._changed:
            return self._changed.wait_for(lambda: reached(self), seconds)

    def wait_for_more(self, acknowledged: int) -> bool:
        """Wait until that many more writes are acknowledged; tell whether they are."""
        goal = len(self.acknowledged) + acknowledged
        return self.wait_for(lambda load: len(load.acknowledged) >= goal)

    def _create(self, network: str) -> None:
        with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
            while not self._over.is_set():
                answer = None
                with suppress(httpx.TransportError):
                    answer = client.post(f"/v2/networks/{network}/endpoints", content=ENDPOINT)
                self._note(answer)

    def _note(self, answer: httpx.Response | None) -> None:
        with self._changed:
            if answer is None:
                self.breaks += 1
            elif answer.status_code == _CREATED:
                self.acknowledged.append(answer.json()["ID"])
            else:
                self.refusals.append(answer.status_code)
            self._changed.notify_all()
        if answer is None or answer.status_code != _CREATED:
            self._over.wait(0.05)


def first_network(url: str) -> str:
    """Return the id of the network of a fresh host."""
    (network,) = httpx.get(f"{url}/v2/networks", params={"view": "ids"}, timeout=PATIENCE).json()
    return str(network)


def spacious_network(url: str) -> str:
    """Return the id of a server's only network, which takes the place of one with little room."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        (network,) = client.get("/v2/networks").json()
        (pool,) = network["Ipams"]
        if pool["Subnets"][0]["IpAddressPrefix"] != _ROOM:
            client.delete(f"/v2/networks/{network['ID']}").raise_for_status()
            network = client.post("/v2/networks", json=_NETWORK).raise_for_status().json()
    return str(network["ID"])


def check_nothing_is_lost_or_half_there(url: str, acknowledged: list[str]) -> None:
    """Compare what a server holds with what it acknowledged and with itself."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        endpoints = client.get("/v2/endpoints").json()
        (network,) = client.get("/v1/networks/").json()["Output"]
        (switch,) = client.get("/host/vswitches").json()
        ports = client.get(f"/host/vswitches/{switch['Id']}/ports").json()
    ids = {endpoint["ID"] for endpoint in endpoints}
    assert set(acknowledged) <= ids
    addresses = {endpoint["IpConfigurations"][0]["IpAddress"] for endpoint in endpoints}
    macs = {endpoint["MacAddress"] for endpoint in endpoints}
    assert len(addresses) == len(endpoints) == len(macs)
    assert network["CurrentEndpointCount"] == len(endpoints)
    assert ids == {port["Endpoint"] for port in ports} - {""}
