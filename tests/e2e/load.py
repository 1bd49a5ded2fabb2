"""Clients that create endpoints until they are told to stop, and note what was acknowledged."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

ENDPOINT = json.dumps({"Name": "pod", "SchemaVersion": {"Major": 2, "Minor": 0}})
_CREATED = 201


@dataclass
class Load:
    """Threads that POST endpoints to the first network of a server, each over one connection.

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
        network = first_network(self.url)
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
        at: TracebackType | None,
    ) -> None:
        """Stop the clients and wait for them."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, reached: Callable[["Load"], bool], seconds: float = 60) -> bool:
        """Wait until the load has come to a point; tell whether it did in time."""
        with self._changed:
            return self._changed.wait_for(lambda: reached(self), seconds)

    def wait_for_more(self, acknowledged: int) -> bool:
        """Wait until that many more writes were acknowledged."""
        goal = len(self.acknowledged) + acknowledged
        return self.wait_for(lambda load: len(load.acknowledged) >= goal)

    def _create(self, network: str) -> None:
        with httpx.Client(base_url=self.url, timeout=30) as client:
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
    (found,) = httpx.get(f"{url}/v2/networks", params={"view": "ids"}).json()
    return str(found)


def check_nothing_is_lost_or_half_there(url: str, acknowledged: list[str]) -> None:
    """Compare what a server holds with what it acknowledged and with itself."""
    kept = httpx.get(f"{url}/v2/endpoints", timeout=30).json()
    (network,) = httpx.get(f"{url}/v1/networks/").json()["Output"]
    (switch,) = httpx.get(f"{url}/host/vswitches").json()
    ports = httpx.get(f"{url}/host/vswitches/{switch['Id']}/ports", timeout=30).json()
    assert set(acknowledged) <= {each["ID"] for each in kept}
    addresses = [each["IpConfigurations"][0]["IpAddress"] for each in kept]
    assert len(set(addresses)) == len(kept) == len({each["MacAddress"] for each in kept})
    assert network["CurrentEndpointCount"] == len(kept)
    assert {each["ID"] for each in kept} == {port["Endpoint"] for port in ports} - {""}
