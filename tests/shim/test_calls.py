"""The DLLs as a Windows program meets them, under Wine, against a real service."""

import re
import signal
import socket
import uuid
from pathlib import Path

import httpx
import pytest

from hnsemu.domain.fault_presets import PRESETS
from tests.api.emulator.test_faults import AT_DOCKER
from tests.e2e.servers import serving
from tests.shim.conftest import Run, Start
from tests.shim.servers import Treat, misbehaving
from tests.waiting import PATIENCE

UNAVAILABLE = "800706ba"
NOT_LISTENING = "800706b5"
TIMEOUT = "800705b4"
NONSENSE = "800706be"
FAILED = "80004005"
BEGUN = "00000000"  # a stream that breaks is taken up again


AT_DLLS: dict[str, dict[str, object]] = {
    "late-management-ip": {},
    "port-not-found": {"times": 1},
    "half-created": {"times": 1},
    "load-balancer-vanishes": {"times": 1},
    "degraded-object": {"times": 1},
    "stale-success": {"times": 1},
    "localised-text": {"match": {"path": "/v1/networks/1*"}},
    "old-envelope": {"match": {"path": "/v1/globals/*"}},
}
"""Faults that Docker has no words for, in the order in which the test program meets them."""


@pytest.fixture
def host(url: str) -> str:
    """Return the URL of an emulated host that is the test's own."""
    name = f"shim-{uuid.uuid4().hex[:8]}"
    assert httpx.put(f"{url}/emulator/hosts/{name}", timeout=PATIENCE).status_code == 201
    return f"{url}/hosts/{name}"


def test_the_journal_knows_the_process_and_the_function(run: Run, url: str) -> None:
    name = f"shim-{uuid.uuid4().hex[:8]}"
    httpx.put(f"{url}/emulator/hosts/{name}", json={"journal": True}, timeout=PATIENCE)
    for test in ("refusals", "hns-calls"):
        assert run(test, f"{url}/hosts/{name}").returncode == 0
    calls = httpx.get(f"{url}/emulator/hosts/{name}/requests", timeout=PATIENCE).json()["requests"]
    assert calls
    assert all(re.fullmatch(r"calls\.exe \([0-9]+\)", call["process"]) for call in calls)
    operations = {call["operation"] for call in calls}
    assert {"HcnOpenNetwork", "HcnCreateNetwork", "HNSCall GET /networks/"} <= operations


@pytest.mark.parametrize(
    "test",
    [
        "null-pointers",
        "bad-handles",
        "refusals",
        "hns-calls",
        "compute-systems",
        "created-systems",
        "processes",
        "layers",
        "compartments",
        "other-compartment",
        "interfaces",
        "host-services",
        "texts",
        "names",
        "ids",
        "threads",
        "callbacks",
        "service-callbacks",
        "reservations",
    ],
)
def test_a_program_meets_windows_and_its_heap_stays_whole(run: Run, host: str, test: str) -> None:
    ran = run(test, host)
    assert ran.returncode == 0, ran.stdout
    assert "heap" not in ran.stdout


def test_faults_act_on_windows_programs(run: Run, url: str) -> None:
    assert PRESETS.keys() == AT_DLLS.keys() | AT_DOCKER.keys()
    name = f"shim-{uuid.uuid4().hex[:8]}"
    httpx.put(f"{url}/emulator/hosts/{name}", timeout=PATIENCE).raise_for_status()
    faults = f"{url}/emulator/hosts/{name}/faults"
    for preset, others in AT_DLLS.items():
        document = {"preset": preset, **others}
        httpx.post(faults, json=document, timeout=PATIENCE).raise_for_status()
    ran = run("faulty", f"{url}/hosts/{name}")
    assert ran.returncode == 0, ran.stdout
    hits = {fault["preset"]: fault["hits"] for fault in httpx.get(faults, timeout=PATIENCE).json()}
    assert hits == {preset: 5 if preset == "late-management-ip" else 1 for preset in AT_DLLS}


def test_nothing_leaks(run: Run, host: str) -> None:
    ran = run("leaks", host, WINEDEBUG="-all")  # checked heaps keep what is freed for a while
    assert ran.returncode == 0, ran.stdout


def test_ports_of_a_process_that_died_are_leased_only(run: Run, host: str) -> None:
    assert run("reserve-and-die", host).returncode == 0
    (held,) = httpx.get(f"{host}/v2/portreservations", timeout=PATIENCE).json()
    assert (held["StartingPort"], held["LeaseSeconds"]) == (53, 30)


def test_a_service_that_is_not_there(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    expected = f"{NOT_LISTENING} without {NOT_LISTENING} {NOT_LISTENING} in time\n"
    assert run("results", nobody).stdout == expected


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "nonsense", "http://127.0.0.1:99999"])
def test_an_address_that_is_none(run: Run, url: str) -> None:
    assert run("results", url).stdout == "80070057 without 80070057 80070057 in time\n"


def test_adapters_are_those_of_the_emulated_host(run: Run, url: str) -> None:
    adapter = {"name": "Ethernet", "address": "10.0.0.4/24", "gateway": "10.0.0.1"}
    host = f"{url}/emulator/hosts/shim-adapters"
    httpx.put(host, json={"adapters": [adapter]}, timeout=PATIENCE).raise_for_status()
    ran = run("adapters", f"{url}/hosts/shim-adapters")
    assert ran.returncode == 0, ran.stdout
    assert "heap" not in ran.stdout


def test_adapters_of_a_service_that_is_not_there(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert run("adapters-result", nobody).stdout == "1717 0\n"  # RPC_S_UNKNOWN_IF


def test_adapters_of_the_linux_machine_where_they_are_asked_for(run: Run, host: str) -> None:
    assert run("adapters-result", host).stdout == "0 1\n"
    assert run("adapters-result", host, HNSEMU_WINE_ADAPTERS="linux").stdout == "0 0\n"


def _says(text: bytes) -> Treat:
    return lambda accepted, _: accepted.sendall(text)


def _is_silent(accepted: socket.socket, _: bytes) -> None:
    accepted.recv(1)


_LISTED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"


@pytest.mark.parametrize(
    ("treat", "listed", "called", "followed"),
    [
        pytest.param(_says(b""), UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, id="hangs up"),
        pytest.param(_says(_LISTED[:-1]), UNAVAILABLE, UNAVAILABLE, BEGUN, id="breaks off"),
        pytest.param(_says(b"SSH-2.0\r\n\r\n"), NONSENSE, NONSENSE, NONSENSE, id="no HTTP"),
        pytest.param(
            _says(b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"),
            FAILED,
            FAILED,
            FAILED,
            id="no error record",
        ),
        pytest.param(_is_silent, TIMEOUT, TIMEOUT, TIMEOUT, id="silent"),
    ],
)
def test_a_service_that_misbehaves(
    run: Run, treat: Treat, listed: str, called: str, followed: str
) -> None:
    patience = {"HNSEMU_TIMEOUT": "500"} if treat is _is_silent else {}
    with misbehaving(treat) as url:
        said = run("results", url, **patience).stdout
    first, _, second, third, *time = said.split()
    assert (first, second, third, time) == (listed, called, followed, ["in", "time"])


def test_the_token_goes_with_every_call(run: Run) -> None:
    seen: list[bytes] = []

    def note(accepted: socket.socket, request: bytes) -> None:
        seen.append(request)
        accepted.sendall(_LISTED)

    with misbehaving(note) as url:
        run("results", f"{url}/hosts/n1", HNSEMU_TOKEN="s3cret")
    assert len(seen) >= 3
    assert all(b"\r\nAuthorization: Bearer s3cret\r\n" in request for request in seen)
    first, second, third = (request.split(b" HTTP/1.1")[0] for request in seen[:3])
    assert first == b"GET /hosts/n1/v2/networks?view=ids"
    assert second == b"GET /hosts/n1/v1/networks/"
    assert third == b"GET /hosts/n1/v2/notifications"


def test_a_service_that_is_killed_in_mid_call(start: Start, tmp_path: Path) -> None:
    with (
        serving(f"sqlite:///{tmp_path / 'hnsemu.db'}") as server,
        start("until-gone", server.url) as program,
    ):
        assert program.stdout is not None
        assert program.stdout.readline() == "calling\n"
        server.stop(signal.SIGKILL)
        said, _ = program.communicate(timeout=PATIENCE)
    assert said.strip() in {UNAVAILABLE, NOT_LISTENING}  # in mid call, or between two


def test_callbacks_go_on_over_a_restart_of_the_service(start: Start, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'hnsemu.db'}"
    with serving(database) as server:
        port = server.url.rpartition(":")[2]
        with start("resume", server.url) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "listening\n"
            server.stop(signal.SIGKILL)
            with serving(database, "--port", port) as again:
                made = httpx.post(
                    f"{again.url}/v2/networks", json={"Type": "Private"}, timeout=PATIENCE
                )
                assert made.status_code == 201
                said, _ = program.communicate(timeout=PATIENCE)
    assert program.returncode == 0, said


def test_a_callback_hears_nothing_behind_a_disconnect(start: Start, host: str) -> None:
    root, _, name = host.partition("/hosts/")
    with start("disconnect", host) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "listening\n"
        assert (
            httpx.post(f"{root}/emulator/hosts/{name}/restart", timeout=PATIENCE).status_code == 200
        )
        said, _ = program.communicate(timeout=PATIENCE)
    assert program.returncode == 0, said
