"""Docker Compose: a project with two services, from up to down."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.docker.conftest import Docker, Result, run_program
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[3]

PROJECT = """
name: shop
services:
  web:
    image: windows/servercore/iis
    ports: ["8080:80"]
    depends_on: [db]
  db:
    image: contoso/sql
    labels: {hnsemu.expose: "1433"}
"""

HEALTHY = """
name: shop
services:
  web:
    image: windows/servercore/iis
    networks: [front, back]
    depends_on: {db: {condition: service_healthy}}
  db:
    image: contoso/sql
    networks: {back: {ipv4_address: 10.71.0.50, aliases: [sql]}}
    healthcheck: {test: ["CMD", "ping", "-n", "1", "sql"], interval: 1s}
networks:
  front: {}
  back:
    driver: nat
    ipam: {config: [{subnet: 10.71.0.0/24, gateway: 10.71.0.1}]}
"""

CONFIGURED = """
name: shop
services:
  web: {image: contoso/app, configs: [{source: site, target: /app/site.conf}], secrets: [key]}
configs: {site: {content: "color: red"}}
secrets: {key: {environment: KEY}}
"""

pytestmark = pytest.mark.timeout(900)  # Compose is built for the first of them

Compose = Callable[..., Result]


@pytest.fixture(scope="session")
def program() -> str:
    """Return the path of Compose."""
    built = subprocess.run(
        [str(ROOT / "tools" / "docker-compose")], check=True, stdout=subprocess.PIPE, text=True
    )
    return built.stdout.strip()


@pytest.fixture
def compose(program: str, docker_environment: dict[str, str], tmp_path: Path) -> Compose:
    """Return a function that runs Compose on the project."""
    (tmp_path / "compose.yaml").write_text(PROJECT)

    def run(*arguments: str) -> Result:
        command = [program, *arguments]
        return run_program(command, docker_environment, folder=tmp_path, patience=PATIENCE)

    return run


def _services(compose: Compose, *arguments: str) -> dict[str, Any]:
    lines = compose("ps", "--format", "json", *arguments).lines
    found = [json.loads(line) for line in lines]
    return {service["Service"]: service for service in found}


def test_a_project_goes_up_and_down(
    compose: Compose, docker: Docker, hns: Callable[[str], Any]
) -> None:
    up = compose("up", "-d")
    assert up.code == 0, up.err
    services = _services(compose)
    assert {name: service["State"] for name, service in services.items()} == {
        "web": "running",
        "db": "running",
    }
    assert services["db"]["Ports"] == "1433/tcp"
    assert docker("network", "inspect", "-f", "{{.Driver}}", "shop_default").out == "nat"
    assert len(hns("/v2/endpoints")) == 2
    [mapping] = hns("/host/nat")["StaticMappings"]
    assert mapping["ExternalPort"] == 8080
    assert compose("port", "web", "80").out == "0.0.0.0:8080"

    down = compose("down")
    assert down.code == 0, down.err
    assert (hns("/v2/endpoints"), hns("/host/nat")["StaticMappings"]) == ([], [])
    assert docker("network", "inspect", "shop_default").code == 1


def test_services_resolve_each_other_by_name(compose: Compose) -> None:
    compose("up", "-d")
    for sender, receiver in (("web", "db"), ("db", "web"), ("web", "shop-db-1")):
        ping = compose("exec", "-T", sender, "ping", "-n", "1", receiver)
        assert (ping.code, "Reply from" in ping.out) == (0, True), ping
    nowhere = compose("exec", "-T", "web", "ping", "-n", "1", "cache")
    assert (nowhere.code, "could not find host cache" in nowhere.out) == (1, True)


def test_a_second_up_changes_nothing(compose: Compose, docker: Docker) -> None:
    compose("up", "-d")
    before = docker("ps", "-q").lines
    again = compose("up", "-d")
    assert (again.code, docker("ps", "-q").lines) == (0, before)


def test_services_are_restarted_stopped_started_and_killed(
    compose: Compose, hns: Callable[[str], Any]
) -> None:
    compose("up", "-d")
    assert compose("restart").code == 0
    assert len(_services(compose)) == 2
    assert compose("stop").code == 0
    assert (_services(compose), hns("/v2/endpoints")) == ({}, [])
    assert compose("start").code == 0
    assert len(hns("/v2/endpoints")) == 2
    assert compose("kill", "web").code == 0
    assert _services(compose, "-a")["web"]["ExitCode"] == 1073807364
    assert list(_services(compose)) == ["db"]


def test_a_service_is_scaled(compose: Compose, hns: Callable[[str], Any]) -> None:
    assert compose("up", "-d", "--scale", "db=3").code == 0
    assert len(hns("/v2/endpoints")) == 4


def test_a_service_waits_for_the_health_of_another(compose: Compose, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(HEALTHY)
    up = compose("up", "-d")
    assert (up.code, "Healthy" in up.err) == (0, True), up
    services = _services(compose)
    assert (services["db"]["Health"], services["web"]["State"]) == ("healthy", "running")
    assert services["db"]["Networks"] == "shop_back"


def test_a_config_is_copied_into_its_service(
    compose: Compose, docker: Docker, docker_environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(CONFIGURED)
    docker_environment["KEY"] = "open sesame"
    up = compose("up", "-d")
    assert up.code == 0, up
    assert docker("cp", "shop-web-1:/app/site.conf", str(tmp_path / "copy")).code == 0
    assert (tmp_path / "copy").read_text() == "color: red"
    assert compose("cp", "web:/run/secrets/key", str(tmp_path)).code == 0
    assert (tmp_path / "key").read_text() == "open sesame"


def test_one_command_prints_its_output_and_is_gone(compose: Compose, docker: Docker) -> None:
    run = compose("run", "--rm", "-T", "db", "ipconfig")
    assert (run.code, "IPv4 Address" in run.out) == (0, True), run
    assert docker("ps", "-aq").out == ""


def test_logs_name_the_service(compose: Compose, tmp_path: Path) -> None:
    services = "services: {once: {image: contoso/sql, command: whoami}}\n"
    (tmp_path / "compose.yaml").write_text(services)
    assert compose("up", "-d").code == 0
    assert compose("logs", "--no-color").out == ("once-1  | user manager\\containeradministrator")


def test_a_port_that_is_taken_stops_the_project(compose: Compose, docker: Docker) -> None:
    docker("run", "-d", "-p", "8080:80", "iis")
    up = compose("up", "-d")
    assert (up.code, "The specified port already exists." in up.err) == (1, True)
    assert list(_services(compose)) == ["db"]


def test_building_is_refused(compose: Compose, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "compose.yaml").write_text("services: {web: {build: .}}\n")
    refused = compose("build")
    assert refused.code != 0


@pytest.mark.parametrize(
    "file",
    [
        "docker-compose.yml",
        "docker-compose.postgres.yml",
        "examples/devcontainer/docker-compose.yml",
    ],
)
def test_compose_reads_the_files_of_this_repository(program: str, file: str) -> None:
    done = run_program([program, "-f", str(ROOT / file), "config", "--quiet"], os.environ)
    assert (done.code, done.out, done.err) == (0, "", "")
