"""Ask the real dockerd.exe and the Docker door the same, and print every difference.

python -m tools.conformance_docker

Two equal hosts of one service: dockerd runs under hnsemu-wine on one (python -m tools.dockerd
builds it where it is missing), the door serves the other. After each request the answers and the
networks and endpoints of HNS are compared; ids, times, MAC addresses, and addresses and ports that
no request names are compared by their kind. KNOWN lists the differences that stay, with reasons;
the exit code is 0 when there is no other and each of them was seen.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.ports import free_port
from tools import dockerd, dockerd_build
from tools.docker_scenarios import SCENARIOS, Step

SECONDS_TO_START = 120
SECONDS_TO_ANSWER = 60  # dockerd looks 15 s for a plugin


class Known(NamedTuple):
    """A difference that stays, by patterns of the shell."""

    request: str
    member: str
    reason: str


class Difference(NamedTuple):
    """A member that the two do not have in common."""

    request: str
    member: str
    dockerd: object
    door: object


_BUILD = "a build from the module proxy has no time"
_MACHINE = "of the machine that Wine runs on"
_FOLDER = "the tool gives the real daemon a folder of its own"
_LABEL = "the image of the real daemon has a label"
_TEXT = "Wine has no text for this code, Windows has"

KNOWN = (
    Known("system: GET /version", "*BuildTime", _BUILD),
    Known("system: GET /info", "body.DockerRootDir", _FOLDER),
    Known("*", "body.LogPath", _FOLDER),
    Known("*", "body.GraphDriver.Data.dir", _FOLDER),
    Known("system: GET /info", "body.MemTotal", _MACHINE),
    Known("system: GET /info", "body.Name", _MACHINE),
    Known("system: GET /info", "body.NGoroutines", "as many as the daemon has at the moment"),
    Known("system: GET /info", "body.Warnings", "the door is no TCP socket of dockerd's own"),
    Known("*", "body.State.Pid", "no process runs"),
    Known("*", "*Labels.tag", _LABEL),
    Known("*", "*Attributes.tag", _LABEL),
    Known("*", "body.Mountpoint", _FOLDER),
    Known("consoles of commands: *", "body.Pid", "no process runs"),
    Known("health: *", "body.State.Health.Log*", "the real daemon's probes run, each when it runs"),
    Known("signals: POST *kill?signal=TERM", "HNS *", "dockerd answers before the container ends"),
    Known("chosen addresses: *", "body.message", _TEXT),
    Known("chosen addresses: *", "body.State.Error", _TEXT),
)

_PATTERNS = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<ID>"),
    (re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b"), "<GUID>"),
    (re.compile(r"\bContainer NIC [0-9a-f]{8}\b"), "Container NIC <ID>"),
    (re.compile(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12}\b"), "<ID>"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT[\d:.]+Z"), "<TIME>"),
    (re.compile(r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"), "<MAC>"),
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_OWN_NETWORKS = '/networks?filters={"type":["custom"]}'
_TIMES = ("Created", "LastUpdateTime", "StartTime", "time", "timeNano")
_SECONDS = ("execDuration",)
_PORTS = ("HostPort", "PublicPort", "ExternalPort")


def main() -> int:
    """Run every scenario and report."""
    missing = dockerd_build.missing_tools()
    if missing:
        print("install " + " and ".join(missing), file=sys.stderr)
        return 1
    if not dockerd_build.built().is_file():
        print(
            "building dockerd.exe from the Go module proxy: five minutes of CPU time",
            file=sys.stderr,
        )
    dockerd_build.dockerd()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as sides:
        differences = [found for scenario in SCENARIOS for found in played(*scenario, sides)]
    return report(differences)


def report(differences: list[Difference]) -> int:
    """Print the differences and return the exit code."""
    seen: set[Known] = set()
    others = []
    for difference in differences:
        known = known_of(difference)
        if known:
            seen.add(known)
        else:
            others.append(difference)
    shown = {
        (member, _printed(real), _printed(ours)): request
        for request, member, real, ours in reversed(others)
    }
    for (member, real, ours), request in reversed(shown.items()):
        print(f"{request}\n  {member}\n    dockerd {real}\n    door    {ours}")
    gone = [known for known in KNOWN if known not in seen]
    for known in gone:
        print(f"no longer seen: {known.request} {known.member}")
    steps = sum(len(scenario.steps) for scenario in SCENARIOS)
    print(
        f"{len(SCENARIOS)} scenarios, {steps} requests: {len(shown)} differences, "
        f"{len(differences) - len(others)} known"
    )
    return bool(others or gone)


def _printed(value: object) -> str:
    return "has none" if value is ... else json.dumps(value)


def known_of(difference: Difference) -> Known | None:
    """Return the entry of KNOWN that explains a difference."""
    for known in KNOWN:
        if fnmatchcase(difference.request, known.request) and fnmatchcase(
            difference.member, known.member
        ):
            return known
    return None


class Sides(NamedTuple):
    """The two that are asked, and their HNS."""

    dockerd: httpx.Client
    door: httpx.Client
    hns_of_dockerd: httpx.Client
    hns_of_door: httpx.Client


def played(name: str, steps: tuple[Step, ...], sides: Sides) -> Iterator[Difference]:
    """Send the steps of a scenario to both; yield what differs."""
    print(f"# {name}", file=sys.stderr)
    named = named_in(steps)
    since = str(time.time())
    execs = dict[httpx.Client, str]()
    for step in steps:
        title = f"{name}: {step.method} {step.path}"
        time.sleep(step.pause)
        real, ours = (
            answer_to(in_place(step, since, execs.get(side, "")), side)
            for side in (sides.dockerd, sides.door)
        )
        if step.path.endswith("/exec"):
            for side, answer in ((sides.dockerd, real), (sides.door, ours)):
                execs[side] = answer["body"].get("Id", "")
        if step.document is not None:
            title += " " + json.dumps(step.document)
        yield from compared(title, normalised(real, named), normalised(ours, named))
        if step.method != "GET":
            of_dockerd, of_door = (
                normalised(state_of(side), named)
                for side in (sides.hns_of_dockerd, sides.hns_of_door)
            )
            yield from compared(title, of_dockerd, of_door)
    for side in (sides.dockerd, sides.door):
        left = side.get("/containers/json?all=1").json() + side.get(_OWN_NETWORKS).json()
        if left:
            message = f"{name} leaves something behind: {json.dumps(left)}"
            raise RuntimeError(message)


def in_place(step: Step, since: str, made: str) -> Step:
    """Return a step as it is sent to a side. since: a Unix time. made: the id of a command."""
    marks = {"{since}": since, "{now}": str(time.time()), "{exec}": made}
    path = step.path
    for mark, value in marks.items():
        path = path.replace(mark, value)
    return step._replace(path=path)


def answer_to(step: Step, side: httpx.Client) -> dict[str, Any]:
    """Send a step; return its status and its body, for /events one of each line."""
    if step.typed:
        return conversation(step, side)
    try:
        answer = side.request(
            step.method,
            "/v1.51" * (not step.path.startswith("/v1.")) + step.path,
            json=step.document,
        )
    except httpx.HTTPError as error:
        return {"status": type(error).__name__}
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    if step.path.startswith("/events"):
        body: Any = [json.loads(line) for line in answer.text.splitlines()]
    else:
        body = answer.json() if is_json and answer.content else answer.text
    return {"status": answer.status_code, "body": body}


def conversation(step: Step, side: httpx.Client) -> dict[str, Any]:
    """Open a stream and type into it; return its status and all that it says until it ends."""
    url = side.base_url.join(f"{side.base_url.path}v1.51{step.path}")
    body = json.dumps(step.document).encode()
    head = (
        f"POST {url.raw_path.decode()} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n"
        "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    said = b""
    with socket.create_connection((url.host, url.port or 80), SECONDS_TO_ANSWER) as connection:
        connection.sendall(head.encode() + body)
        while b"\r\n\r\n" not in said:
            said += connection.recv(65536)
        connection.sendall(step.typed.encode())
        while data := connection.recv(65536):
            said += data
    head_of_answer, _, stream = said.partition(b"\r\n\r\n")
    return {"status": int(head_of_answer.split()[1]), "body": stream.decode()}


def state_of(hns: httpx.Client) -> dict[str, Any]:
    """Return HNS' networks and endpoints."""
    return {
        f"HNS {noun}": hns.get(f"/v1/{noun}").json()["Output"] for noun in ("networks", "endpoints")
    }


def named_in(steps: tuple[Step, ...]) -> str:
    """Return a text that holds each address and port that a request names."""
    return json.dumps(steps)


def normalised(value: object, named: str) -> object:
    """Return a document with ids, times, MACs and what HNS chose by their kind; lists in order."""
    if isinstance(value, dict):
        members = {normalised(name, named): normalised(held, named) for name, held in value.items()}
        for name in _PORTS:
            if members.get(name) and str(members[name]) not in named:
                members[name] = "<PORT>"
        times = {name: "<TIME>" for name in _TIMES if isinstance(members.get(name), int)}
        seconds = {name: "<SECONDS>" for name in _SECONDS if name in members}
        return members | times | seconds
    if isinstance(value, list):
        return sorted((normalised(entry, named) for entry in value), key=json.dumps)
    if not isinstance(value, str):
        return value
    for pattern, kind in _PATTERNS:
        value = pattern.sub(kind, value)
    return _ADDRESS.sub(lambda found: found[0] if found[0] in named else "<ADDRESS>", value)


def compared(title: str, real: object, ours: object, member: str = "") -> Iterator[Difference]:
    """Yield the innermost members in which two documents differ."""
    if isinstance(real, dict) and isinstance(ours, dict):
        for name in sorted(real.keys() | ours.keys()):
            yield from compared(
                title, real.get(name, ...), ours.get(name, ...), f"{member}.{name}".lstrip(".")
            )
    elif isinstance(real, list) and isinstance(ours, list) and len(real) == len(ours):
        for theirs, own in zip(real, ours, strict=True):
            yield from compared(title, theirs, own, f"{member}[]")
    elif real != ours:
        yield Difference(title, member, real, ours)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Sides]:
    """Run a service with two equal hosts and dockerd on one of them."""
    service = f"http://127.0.0.1:{free_port()}"
    daemon = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "hnsemu.cli", "serve", "--port", service.rpartition(":")[2]]
    command += ["--database-url", f"sqlite:///{folder / 'hosts.db'}"]
    with _process(command, folder / "service.log"):
        _wait(f"{service}/healthz")
        httpx.put(f"{service}/emulator/hosts/real", json={}).raise_for_status()
        httpx.put(f"{service}/emulator/hosts/door", json={"docker": True}).raise_for_status()
        command = [sys.executable, "-m", "tools.dockerd", "run", "-H", f"tcp://{daemon}"]
        os.environ["HNSEMU_URL"] = f"{service}/hosts/real"
        with _process(command, folder / "dockerd.log"):
            _wait(f"http://{daemon}/_ping")
            addresses = (
                f"http://{daemon}",
                f"{service}/hosts/door/docker",
                f"{service}/hosts/real",
                f"{service}/hosts/door",
            )
            sides = Sides(
                *(httpx.Client(base_url=url, timeout=SECONDS_TO_ANSWER) for url in addresses)
            )
            _load(sides, folder / "web.tar")
            yield sides


def _load(sides: Sides, archive: Path) -> None:
    """Give both the image `web`."""
    dockerd.write_image(archive, ["web:latest"], [])
    sides.dockerd.post("/images/load", content=archive.read_bytes()).raise_for_status()
    sides.door.post("/images/create?fromImage=web&tag=latest").raise_for_status()


@contextlib.contextmanager
def _process(command: list[str], log: Path) -> Iterator[None]:
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield
        except BaseException:
            print(log.read_text(errors="replace")[-3000:], file=sys.stderr)
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(300)


def _wait(url: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
