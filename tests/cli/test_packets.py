"""trace, reachability and vfpctrl on the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hnsemu.cli.vfpctrl import OF_PORT
from hnsemu.domain.vfp.text.commands import COMMANDS
from tests.cli.conftest import Hnsemu
from tests.waiting import PATIENCE


def test_a_trace_is_printed_step_by_step(hnsemu: Hnsemu) -> None:
    trace = hnsemu("trace", "10.244.1.6:80", "--from", "client")
    assert trace.exit_code == 0
    lines = trace.stdout.splitlines()
    assert lines[0] == "TCP 10.244.1.5:40000 > 10.244.1.6:80"
    assert any(line.strip().startswith("DELIVERED") for line in lines)
    assert any(line.strip() == "reply" for line in lines)


def test_a_lost_packet_has_an_exit_code(hnsemu: Hnsemu) -> None:
    outside = hnsemu("trace", "10.127.130.99:80", "--from", "web", "--json", "--reply")
    assert json.loads(outside.stdout)["Verdict"] == "Delivered"
    lost = hnsemu("trace", "172.16.0.99:80", "--from", "host", "--json")
    assert lost.exit_code == 1
    assert json.loads(lost.stdout)["Reason"] == "NoSuchPort"
    assert hnsemu("trace", "[10.0.0.1", "--from", "host").exit_code == 2


def test_the_destination_of_a_trace_may_be_the_name_of_an_endpoint(hnsemu: Hnsemu) -> None:
    by_address = hnsemu("trace", "10.244.1.6:80", "--from", "client")
    for destination in ("web:80", "endpoint:web:80"):
        assert hnsemu("trace", destination, "--from", "client") == by_address
    assert hnsemu("trace", "web", "--from", "client").stdout.startswith("ICMP")
    for destination in ("nobody:80", "endpoint:nobody:80", "container:nobody:80"):
        assert hnsemu("trace", destination, "--from", "client").exit_code == 5
    for destination in ("10.244.1.600:80", "web:80:80:", "[web]:80", "web:65536", ""):
        assert hnsemu("trace", destination, "--from", "client").exit_code in {2, 4, 5}


@pytest.fixture
def docker(server_url: str, own_host: str) -> Iterator[httpx.Client]:
    """Return a client of the Docker of a fresh host, where any image is there."""
    with httpx.Client(base_url=f"{server_url}/hosts/{own_host}/docker", timeout=PATIENCE) as client:
        client.post("/images/create?fromImage=iis").raise_for_status()
        yield client


def run(docker: httpx.Client, name: str, network: str = "nat", *aliases: str) -> None:
    """Run a container that publishes its port 80 wherever there is one free."""
    wanted = {
        "Image": "iis",
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"NetworkMode": network, "PortBindings": {"80/tcp": [{}]}},
        "NetworkingConfig": {"EndpointsConfig": {network: {"Aliases": aliases}}},
    }
    docker.post(f"/containers/create?name={name}", json=wanted).raise_for_status()
    docker.post(f"/containers/{name}/start").raise_for_status()


def test_containers_are_traced_by_their_names(
    hnsemu: Hnsemu, own_host: str, docker: httpx.Client
) -> None:
    run(docker, "web")
    run(docker, "client")
    address = docker.get("/containers/web/json").json()["NetworkSettings"]["Networks"]["nat"]
    for destination in ("web:80", "container:web:80", f"{address['IPAddress']}:80"):
        printed = hnsemu("trace", destination, "--from", "container:client", HNSEMU_ON=own_host)
        assert printed.exit_code == 0, printed.stderr
        assert f"> {address['IPAddress']}:80" in printed.stdout.splitlines()[0]
    outside = hnsemu(
        "trace", "web:80", "--from", "external", "--source", "203.0.113.7", HNSEMU_ON=own_host
    )
    assert (outside.exit_code, "published port" in outside.stdout) == (0, True)


def test_a_name_that_means_several_containers_is_a_usage_error(
    hnsemu: Hnsemu, own_host: str, docker: httpx.Client
) -> None:
    docker.post("/networks/create", json={"Name": "shop", "Driver": "nat"}).raise_for_status()
    for name in ("blue", "green"):
        run(docker, name, "shop", "web")
    run(docker, "client", "shop")
    ambiguous = hnsemu("trace", "web:80", "--from", "container:client", HNSEMU_ON=own_host)
    assert (ambiguous.exit_code, "blue, green" in ambiguous.stderr) == (2, True)
    missing = hnsemu("trace", "nobody:80", "--from", "container:client", HNSEMU_ON=own_host)
    assert missing.exit_code == 5
    sender = hnsemu("trace", "web:80", "--from", "container:nobody", HNSEMU_ON=own_host)
    assert sender.exit_code == 5


def test_a_trace_says_at_which_host_a_packet_from_outside_arrives(hnsemu: Hnsemu) -> None:
    client = ("--from", "external", "--source", "203.0.113.9")
    ingress = ("trace", "198.51.100.7:80", *client, "--json")
    passed = hnsemu(*ingress)
    assert json.loads(passed.stdout)["Reason"] == "DeliveredToExternal"
    brought = hnsemu(*ingress, "--arrives-at", "node")
    assert brought.exit_code == 1
    assert json.loads(brought.stdout)["Reason"] == "NoRoute"
    mistaken = hnsemu(*ingress, "--arrives-at", "nod")
    assert "there is no host named 'nod'" in mistaken.stderr
    assert mistaken.exit_code not in {0, 1}


def test_a_trace_is_drawn(hnsemu: Hnsemu, tmp_path: Path) -> None:
    file = tmp_path / "trace.svg"
    assert hnsemu("trace", "10.244.1.6", "--from", "client", "--svg", str(file)).exit_code == 0
    assert file.read_text().startswith("<svg")


def test_reachability_names_the_pairs(hnsemu: Hnsemu) -> None:
    printed = hnsemu(
        "reachability", "--port", "80", "--port", "icmp", "--from", "client", "--to", "web",
        "--pairs",
    ).stdout  # fmt: skip
    rows = [line.split()[:4] for line in printed.splitlines()[1:]]
    assert rows == [
        ["client", "web", "tcp/80", "Delivered"],
        ["client", "web", "icmp", "Delivered"],
    ]


def test_reachability_says_what_a_protocol_may_be(hnsemu: Hnsemu) -> None:
    refused = hnsemu("reachability", "--port", "http")
    assert (refused.exit_code, "write TCP, UDP, ICMP or a number" in refused.stderr) == (4, True)


def test_reachability_is_a_grid(hnsemu: Hnsemu) -> None:
    printed = hnsemu("reachability", "--port", "80").stdout.splitlines()
    assert printed[0] == "tcp/80: 4 of 4 delivered"
    assert printed[2:5] == ["[bridge]", "client  + +", "web     + +"]
    assert printed[-1].startswith("+ delivered")


def test_who_is_in_no_namespace_is_no_secret(hnsemu: Hnsemu, own_host: str) -> None:
    (network,) = json.loads(hnsemu("networks", "list", "-o", "json", HNSEMU_ON=own_host).stdout)
    document = {"Name": "lonely", "HostComputeNetwork": network["ID"],
                "SchemaVersion": {"Major": 2, "Minor": 0}}  # fmt: skip
    made = hnsemu("endpoints", "create", "-f", "-", stdin=json.dumps(document), HNSEMU_ON=own_host)
    assert made.exit_code == 0, made.stderr
    printed = hnsemu("reachability", "--port", "80", HNSEMU_ON=own_host).stdout
    assert "lonely  o" in printed
    assert "o tcp/80 1 pair: the endpoint is in no namespace" in printed


def test_a_matrix_is_drawn(hnsemu: Hnsemu, tmp_path: Path) -> None:
    file = tmp_path / "matrix.svg"
    assert hnsemu("reachability", "--port", "80", "--svg", str(file)).exit_code == 0
    assert "client → web: Delivered" in file.read_text()


def test_vfpctrl_takes_its_switches_in_any_order(hnsemu: Hnsemu) -> None:
    (web,) = json.loads(hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json").stdout)
    slashes = hnsemu("vfpctrl", "/list-rule", "/port", web["ID"])
    hyphens = hnsemu("vfpctrl", "-port", web["ID"].upper(), "-list-rule")
    assert slashes.stdout == hyphens.stdout
    assert hnsemu("vfpctrl", "/list-rule", "/port", "web").stdout == slashes.stdout
    assert hnsemu("vfpctrl", "/list-rule", "/port", f"{{{web['ID']}}}").stdout == slashes.stdout
    assert hnsemu("vfpctrl", "/list-layer", "/port", "ExternalPort").exit_code == 0
    unknown = hnsemu("vfpctrl", "/list-rule", "/port", "wbe")
    assert (unknown.exit_code, "did you mean 'web'?" in unknown.stderr) == (5, True)
    assert slashes.stdout.splitlines()[-1] == "Command list-rule succeeded!"
    ports = hnsemu("vfpctrl", "/list-vmswitch-port").stdout
    assert ports.count("Port Friendly name") >= 4
    assert hnsemu("vfpctrl", "/list-rule").exit_code == 2


def test_vfpctrl_knows_what_the_service_answers() -> None:
    assert OF_PORT == COMMANDS


def test_vfpctrl_names_a_switch_that_it_does_not_know(hnsemu: Hnsemu) -> None:
    for words, said in (
        (("/switch", "X", "/listrule"), "no switch 'listrule' here; did you mean /list-rule?"),
        (("/port", "web", "-xyzzy"), "no switch 'xyzzy' here; use /list-rule, "),
    ):
        refused = hnsemu("vfpctrl", *words)
        assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
