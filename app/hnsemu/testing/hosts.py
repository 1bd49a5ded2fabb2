"""A host for a test: created with its journal on, asked about what was done to it, and removed."""

import os
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hnsemu.testing.http import Api, Json, Refusal
from hnsemu.testing.leftovers import Leftover, leftovers_of
from hnsemu.testing.requests import Requests
from hnsemu.testing.service import Service, service

_LONGEST = 40  # characters of a host's name that say what it is for
_NOT_FOUND = 404
_One = str | Mapping[str, Any]
_Several = _One | Sequence[_One]
__tracebackhide__ = True  # pytest shows the line of the test


@dataclass(frozen=True)
class Snapshot:
    """A saved state of a host. api: below /emulator/hosts/{name}."""

    name: str
    api: Api = field(repr=False)

    def restore(self) -> None:
        """Make the host what it was when it was saved."""
        self.api.post(f"/snapshots/{self.name}/restore")

    def diff(self) -> list[Json]:
        """Return what was added, removed and changed on the host since it was saved."""
        changes: list[Json] = self.api.get(f"/snapshots/{self.name}/diff")
        return changes

    def delete(self) -> None:
        """Forget it."""
        self.api.delete(f"/snapshots/{self.name}")


@dataclass(frozen=True)
class Fault:
    """A rule by which calls of a host fail. api: below /emulator/hosts/{name}."""

    number: int
    api: Api = field(repr=False)

    @property
    def hits(self) -> int:
        """Return on how many calls it acted.

        Raises: LookupError for one that the host has no longer.
        """
        for fault in self.api.get("/faults"):
            if fault["id"] == self.number:
                return int(fault["hits"])
        raise LookupError(f"the host has no fault {self.number} any more, and nobody counts on")

    def remove(self) -> None:
        """End it."""
        self.api.delete(f"/faults/{self.number}")


@dataclass(frozen=True)
class Host:
    """An emulated host. url: what a program takes as its HNSEMU_URL."""

    name: str
    service: Service = field(repr=False)
    emulator: Api = field(repr=False)
    host: Api = field(repr=False)
    v1: Api = field(repr=False)
    v2: Api = field(repr=False)
    requests: Requests = field(repr=False)

    @property
    def url(self) -> str:
        """Return the address of the host: /v1, /v2, /host and /docker are below it."""
        return self.host.url

    @property
    def docker_host(self) -> str:
        """Return what a Docker client takes as its DOCKER_HOST."""
        parts = urlsplit(self.url)
        return f"tcp://{parts.netloc}{parts.path}/docker"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that lead a program to this host."""
        variables = {
            "HNSEMU_URL": self.url,
            "HNSEMU_ON": self.name,
            "HNSEMU_EMULATOR": self.emulator.url,
            "DOCKER_HOST": self.docker_host,
        }
        if urlsplit(self.url).scheme == "https":
            variables["DOCKER_TLS_VERIFY"] = "1"
        return variables

    def verify(
        self,
        operation: str | None = None,
        *,
        count: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        never: bool = False,
        sequence: _Several | None = None,
        since: int | None = None,
        **match: Any,  # noqa: ANN401 (any JSON value)
    ) -> Json:
        """Assert that programs made the calls that are expected; at least one by default.

        operation: a pattern such as `HcnCreate*`. match: further members of a match: `request`,
        `answer`, `name`, `path`, `method`, `status`, `hresult`, `text`, `process`, `user_agent`.
        sequence: patterns of operations, or matches; one may stand without a list.
        Raises: AssertionError with the calls that come nearest; Refusal where calls were lost that
        could change the answer.
        """
        if operation is not None:
            match["operation"] = operation
        steps = sequence and [
            {"operation": step} if isinstance(step, str) else dict(step) for step in _each(sequence)
        ]
        given = {
            "match": match or None,
            "count": count,
            "atLeast": at_least,
            "atMost": at_most,
            "never": never or None,
            "sequence": steps,
            "since": since,
        }
        expectation = {name: value for name, value in given.items() if value is not None}
        return self.requests.verify(expectation)

    def fault(
        self,
        preset: str | None = None,
        operation: str | None = None,
        **members: Any,  # noqa: ANN401 (any JSON value)
    ) -> Fault:
        """Let calls of programs fail as they fail on real hosts.

        preset: such as access-denied. operation: a pattern, for a `match` that has nothing else.
        members: the others of a fault, such as `then`, `times` and `ttl`.
        Raises: Refusal for a fault that cannot be.
        """
        if preset is not None:
            members["preset"] = preset
        if operation is not None:
            members["match"] = {**members.get("match", {}), "operation": operation}
        return Fault(self.emulator.post("/faults", members)["id"], self.emulator)

    def snapshot(self, name: str = "") -> Snapshot:
        """Save the state of the host."""
        saved = Snapshot(name or f"s-{uuid.uuid4().hex[:12]}", self.emulator)
        self.emulator.put(f"/snapshots/{saved.name}")
        return saved

    def state(self) -> Json:
        """Return the whole state of the host."""
        return self.emulator.get("/state")

    def trace(
        self,
        sender: str | Mapping[str, Any],
        to: str,
        port: int = 0,
        *,
        protocol: str = "TCP",
        **members: Any,  # noqa: ANN401 (any JSON value)
    ) -> Json:
        """Return what happens to a packet, as `POST /host/trace` answers it.

        sender: name or id of an endpoint, or a document such as {"Host": True}. to: an address.
        members: further members of the request, such as `Reply`.
        """
        packet: dict[str, Any] = {"Protocol": protocol, "Destination": to}
        if port:
            packet["DestinationPort"] = port
        origin = {"Endpoint": sender} if isinstance(sender, str) else dict(sender)
        request = {"From": origin, "Packet": packet, **members}
        return self.host.post("/host/trace", request)

    def leftovers(self) -> list[Leftover]:
        """Return the objects that programs made and that nobody removed."""
        return leftovers_of(self.emulator.get("/leftovers"))

    def remove(self) -> list[Leftover]:
        """Remove the host from its service; return the objects that programs left there.

        A host that is gone already has none.
        """
        with suppress(OSError):  # a service that is gone has no hosts
            try:
                return leftovers_of(self.emulator.post("/remove"))
            except Refusal as refusal:
                if refusal.status != _NOT_FOUND:
                    raise
        return []


@contextmanager
def host(
    *,
    release: str = "",
    state: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    faults: _Several = (),
    url: str = "",
    label: str = "",
    keep: bool = False,
) -> Iterator[Host]:
    """Yield a new host on the service at `url`, see `service`; remove it afterwards.

    The other arguments are those of `host_on`.
    """
    with (
        service(url) as running,
        host_on(
            running, release=release, state=state, faults=faults, label=label, keep=keep
        ) as new,
    ):
        yield new


@contextmanager
def host_on(
    running: Service,
    *,
    release: str = "",
    state: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    faults: _Several = (),
    label: str = "",
    keep: bool = False,
) -> Iterator[Host]:
    """Yield a new host on a service, its journal on; remove it afterwards.

    release: such as ws2022, the newest if not given. state: a state document, or the file that has
    one. faults: presets, or documents of faults; one may stand alone. label: what its name begins
    with. keep: leave it there.
    Raises: Refusal for a release, state or fault that is refused; OSError, ValueError for a file
    that cannot be read.
    """
    new = new_host(running, release=release, state=state, faults=faults, label=label)
    try:
        yield new
    finally:
        if not keep:
            new.remove()


def new_host(
    running: Service,
    *,
    release: str = "",
    state: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    faults: _Several = (),
    label: str = "",
) -> Host:
    """Return a new host, as `host_on` yields it; `Host.remove` removes it.

    Raises: as `host_on`; then there is no host.
    """
    if release and state is not None:
        raise ValueError("a state document has its release; give release or state, not both")
    new = _host(running, _name(label))
    with ExitStack() as failed:
        failed.callback(new.remove)
        if state is None:
            definition = {"journal": True} | ({"release": release} if release else {})
            new.emulator.put("", definition)
        else:
            new.emulator.put("/state", _document(state))
            new.emulator.put("/journal", {})
        for fault in _each(faults):
            new.emulator.post("/faults", {"preset": fault} if isinstance(fault, str) else fault)
        failed.pop_all()
    return new


def _host(running: Service, name: str) -> Host:
    own = running.api.below(f"/hosts/{name}")
    emulator = running.api.below(f"/emulator/hosts/{name}")
    v1, v2 = own.below("/v1"), own.below("/v2")
    return Host(name, running, emulator, own, v1, v2, Requests(emulator))


def _each(given: _Several) -> Sequence[_One]:
    """Return what is given, as several."""
    return [given] if isinstance(given, str | Mapping) else given


def _name(label: str) -> str:
    """Return a name for a host that no other has, a DNS label."""
    words = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{words or 'test'}-{uuid.uuid4().hex[:12]}"


def _document(state: str | os.PathLike[str] | Mapping[str, Any]) -> Json:
    """Return a state document, or the text of the file that has it."""
    if isinstance(state, Mapping):
        return dict(state)
    return Path(state).read_text(encoding="utf-8")
