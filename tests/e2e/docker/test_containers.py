"""Containers through the real docker CLI, and what HNS has of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.docker.conftest import Docker

Hns = Callable[[str], Any]

FAILED = "failed to create endpoint second on network nat"
HNS_CALL = "failed during hnsCallRawResponse: hnsCall failed in Win32"
ADDRESS = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"


def test_a_container_that_publishes_a_port_has_an_endpoint_and_a_mapping(
    docker: Docker, hns: Hns
) -> None:
    run = docker("run", "-d", "--name", "web", "-p", "8080:80", "iis")
    assert (run.code, len(run.out)) == (0, 64)
    assert docker("ps", "--format", "{{.Names}} {{.Ports}} {{.Networks}}").lines == [
        "web 0.0.0.0:8080->80/tcp nat"
    ]
    assert docker("port", "web").out == "80/tcp -> 0.0.0.0:8080"
    address = docker("inspect", "-f", ADDRESS, "web").out
    [endpoint] = hns("/v2/endpoints")
    assert endpoint["IpConfigurations"][0]["IpAddress"] == address
    [mapping] = hns("/host/nat")["StaticMappings"]
    assert (mapping["ExternalPort"], mapping["InternalIPAddress"]) == (8080, address)
    [v1] = hns("/v1/endpoints")["Output"]
    assert v1["SharedContainers"] == [run.out]


def test_a_stopped_container_has_neither_address_nor_port(docker: Docker, hns: Hns) -> None:
    docker("run", "-d", "--name", "web", "-p", "8080:80", "iis")
    assert docker("stop", "web").code == 0
    assert hns("/v2/endpoints") == []
    assert hns("/host/nat")["StaticMappings"] == []
    assert docker("inspect", "-f", ADDRESS, "web").out == ""
    assert docker("ps", "-a", "--format", "{{.Status}}").out.startswith("Exited (3221225786)")
    assert docker("start", "web").code == 0
    assert len(hns("/v2/endpoints")) == 1


def test_creating_says_nothing_to_hns(docker: Docker, hns: Hns) -> None:
    assert docker("pull", "iis").code == 0
    assert docker("create", "--name", "web", "-p", "8080:80", "iis").code == 0
    assert hns("/v2/endpoints") == []


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["-p", "8080:80"],
            f"{FAILED}: {HNS_CALL}: The specified port already exists. (0x803b0013)",
        ),
        (
            ["-p", "127.0.0.1:81:80"],
            f"{FAILED}: Windows does not support host IP addresses in NAT settings",
        ),
        (
            ["-p", "8000-8010:80"],
            f"{FAILED}: Windows does not support more than one host port in NAT settings",
        ),
        (["--network", "host"], "network host not found"),
        (["--network", "nope"], "network nope not found"),
        (
            ["--network", "container:nope"],
            "joining network namespace of container: No such container: nope",
        ),
    ],
)
def test_a_start_that_fails_leaves_a_created_container_and_nothing_in_hns(
    docker: Docker, hns: Hns, arguments: list[str], text: str
) -> None:
    docker("run", "-d", "--name", "first", "-p", "8080:80", "iis")
    failed = docker("run", "-d", "--name", "second", *arguments, "iis")
    assert failed.code == 125
    assert f"Error response from daemon: {text}" in failed.err
    state = docker(
        "inspect", "-f", "{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}", "second"
    )
    assert state.out == f"created 128 {text}"
    assert len(hns("/v2/endpoints")) == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["--ip6", "fd00::5"],
            "user specified IP address is supported only when connecting to networks with user",
        ),
        (
            ["--privileged"],
            "invalid option: privileged mode is not supported for Windows containers",
        ),
        (["--read-only"], "invalid option: read-only mode is not supported for Windows containers"),
        (["--pids-limit", "5"], "invalid option: Windows does not support PidsLimit"),
        (["--cpuset-cpus", "0"], "invalid option: Windows does not support CpusetCpus"),
        (
            ["--isolation", "bogus"],
            "invalid isolation (bogus): Windows supports 'default', 'process', or 'hyperv'",
        ),
        (["--name", "x"], "Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
    ],
)
def test_options_that_windows_lacks_are_refused_at_create(
    docker: Docker, arguments: list[str], text: str
) -> None:
    docker("pull", "iis")
    if arguments[0] == "--ip6":
        arguments = ["--network", "nat", *arguments]
    refused = docker("create", *arguments, "iis")
    assert refused.code != 0
    assert text in refused.err
    assert docker("ps", "-aq").out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--dns-option", "ndots:2"],
        ["--link", "missing:x"],
        ["--dns-search", "corp.example"],
        ["--cap-add", "ALL"],
        ["--memory", "268435456"],
    ],
)
def test_options_without_effect_are_taken(docker: Docker, arguments: list[str]) -> None:
    assert docker("run", "-d", *arguments, "iis").code == 0


def test_an_address_and_a_mac_address_can_be_chosen_on_the_default_network(
    docker: Docker, hns: Hns
) -> None:
    subnet = docker(
        "network", "inspect", "-f", "{{range .IPAM.Config}}{{.Subnet}}{{end}}", "nat"
    ).out
    address = subnet.partition("/")[0].rpartition(".")[0] + ".77"
    run = docker(
        "run",
        "-d",
        "--network",
        "nat",
        "--ip",
        address,
        "--mac-address",
        "02:42:ac:10:00:77",
        "iis",
    )
    assert run.code == 0, run.err
    [endpoint] = hns("/v2/endpoints")
    assert endpoint["IpConfigurations"][0]["IpAddress"] == address
    assert endpoint["MacAddress"] == "02-42-ac-10-00-77"


def test_a_container_shares_the_network_of_another_one(docker: Docker, hns: Hns) -> None:
    first = docker("run", "-d", "--name", "first", "iis").out
    second = docker("run", "-d", "--name", "second", "--network", "container:first", "iis").out
    [endpoint] = hns("/v1/endpoints")["Output"]
    assert endpoint["SharedContainers"] == [first, second]
    assert docker("exec", "first", "ipconfig").out == docker("exec", "second", "ipconfig").out
    docker("rm", "-f", "second")
    [endpoint] = hns("/v1/endpoints")["Output"]
    assert endpoint["SharedContainers"] == [first]


def test_a_container_without_a_network_has_no_endpoint(docker: Docker, hns: Hns) -> None:
    assert docker("run", "-d", "--name", "alone", "--network", "none", "-p", "80", "iis").code == 0
    assert hns("/v2/endpoints") == []
    assert docker("port", "alone").out == ""
    assert docker("exec", "alone", "ipconfig").out == "Windows IP Configuration"


def test_all_exposed_ports_can_be_published(docker: Docker) -> None:
    docker("run", "-d", "--name", "web", "-P", "--expose", "443", "--expose", "53/udp", "iis")
    assert sorted(line.split(" -> ")[0] for line in docker("port", "web").lines) == [
        "443/tcp",
        "53/udp",
    ]


def test_a_running_container_is_renamed_restarted_killed_and_removed(docker: Docker) -> None:
    docker("run", "-d", "--name", "web", "iis")
    assert docker("rename", "web", "site").code == 0
    assert docker("exec", "site", "ping", "-n", "1", "site").code == 0
    before = docker("inspect", "-f", ADDRESS, "site").out
    assert docker("restart", "site").code == 0
    assert docker("inspect", "-f", ADDRESS, "site").out != before
    refused = docker("rm", "site")
    assert (refused.code, "container is running: stop the container" in refused.err) == (1, True)
    assert docker("kill", "site").code == 0
    assert docker("kill", "site").code == 1
    assert docker("inspect", "-f", "{{.State.ExitCode}}", "site").out == "1073807364"
    assert docker("rm", "site").out == "site"
    assert docker("ps", "-aq").out == ""


def test_lists_are_filtered(docker: Docker) -> None:
    docker("run", "-d", "--name", "web", "--label", "stage=test", "iis")
    docker("run", "-d", "--name", "db", "sql")
    docker("stop", "db")
    names = ["ps", "-a", "--format", "{{.Names}}"]
    assert docker(*names).lines == ["db", "web"]
    assert docker(*names, "--filter", "label=stage").lines == ["web"]
    assert docker(*names, "--filter", "status=exited").lines == ["db"]
    assert docker(*names, "--filter", "network=nat", "--filter", "name=we").lines == ["web"]
    assert docker(*names, "--filter", "ancestor=sql").lines == ["db"]
    assert docker(*names, "--filter", "since=web").lines == ["db"]
    assert docker(*names, "-n", "1").lines == ["db"]
    assert "invalid filter 'bogus'" in docker("ps", "--filter", "bogus=1").err


def test_files_are_copied_into_a_container_and_out_of_it(docker: Docker, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "css").mkdir(parents=True)
    (site / "css" / "main.css").write_text("p {}")
    docker("create", "--name", "web", "-w", "C:\\site", "iis")
    assert docker("cp", str(site / "css"), "web:/inetpub/wwwroot").code == 0
    assert docker("cp", str(site / "css" / "main.css"), "web:/site/other.css").code == 0
    assert docker("start", "web").code == 0
    assert docker("cp", "web:C:\\inetpub\\wwwroot\\css", str(tmp_path)).code == 0
    assert (tmp_path / "css" / "main.css").read_text() == "p {}"
    assert "other.css" in docker("cp", "web:/site/.", "-").out
    missing = docker("cp", "web:/nowhere", str(tmp_path))
    assert "Could not find the file /nowhere in container web" in missing.err
    docker("stop", "web")
    assert docker("diff", "web").lines[-1] == "C Files/site/other.css"


def test_prune_removes_what_does_not_run(docker: Docker) -> None:
    docker("run", "-d", "--name", "web", "iis")
    docker("create", "--name", "db", "iis")
    assert docker("container", "prune", "-f").code == 0
    assert docker("ps", "-a", "--format", "{{.Names}}").lines == ["web"]


def test_what_windows_cannot_do_with_containers_is_refused(docker: Docker) -> None:
    docker("run", "-d", "--name", "web", "iis")
    assert "not implemented for containers using process isolation" in docker("pause", "web").err
    assert "Windows does not support arguments to top" in docker("top", "web", "-x").err
    titles, process = docker("top", "web").lines
    assert titles.split() == ["Name", "PID", "CPU", "Private", "Working", "Set"]
    assert process.split()[::2] == ["serve.exe", "00:00:00.000"]
    assert docker("stats", "--no-stream", "--format", "{{.Name}}").out == "web"
    assert docker("update", "--restart", "always", "web").code == 0
