"""Versions, migrations, pins, deployment files and the Makefile agree with each other."""

import configparser
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from sqlalchemy import inspect

from hnsemu import __version__
from hnsemu.cli.commands import COMMANDS
from hnsemu.config import Settings, unknown_variables
from hnsemu.storage.database import Database
from hnsemu.storage.migrate import head
from hnsemu.storage.tables import metadata
from hnsemu.storage.versions import HEAD, revision

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]


def test_the_version_is_written_once() -> None:
    assert "version" in PROJECT["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_the_service_wants_the_newest_migration() -> None:
    assert head() == HEAD


def test_a_migrated_database_has_every_table(database: Database) -> None:
    assert revision(database) == HEAD
    tables = set(inspect(database.engine).get_table_names())
    assert tables == set(metadata.tables) | {"alembic_version"}


def test_pins_are_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


def test_everything_that_is_needed_is_pinned() -> None:
    def plain(name: str) -> str:
        return re.split(r"[<>=\[; ]", name)[0].lower().replace("_", "-")

    pinned = {plain(line) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    needed = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {plain(requirement) for requirement in needed} <= pinned


def test_the_image_is_built_of_what_its_context_holds() -> None:
    sent = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    build, _ = _image_stages()
    copied = {
        source
        for sources in re.findall(r"^COPY (.+) \S+$", build, re.MULTILINE)
        for source in sources.split()
    }
    assert copied == sent
    assert all((ROOT / name).exists() for name in sent)


def test_the_image_serves_without_rights_and_checks_its_own_health() -> None:
    _, image = _image_stages()
    commands = COMMANDS.keys()
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", image, re.MULTILINE)
    (check,) = re.findall(r'^HEALTHCHECK .*CMD \["hnsemu", "(\w+)"\]$', image, re.MULTILINE)
    (served,) = re.findall(r'^CMD \["(\w+)"\]$', image, re.MULTILINE)
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", image, re.MULTILINE)
    assert int(exposed) == Settings.model_fields["port"].default
    assert {check, served} <= commands


def _image_stages() -> tuple[str, str]:
    """Return the two stages of the Dockerfile: what builds, and what is shipped."""
    _, build, image = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return build, image


def test_one_service_is_reached_on_loopback_and_keeps_its_database() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    (service,) = compose["services"].values()
    _, image = _image_stages()
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", image, re.MULTILINE)
    assert service["ports"] == [f"127.0.0.1:{exposed}:{exposed}"]
    (volume,) = service["volumes"]
    name, _, folder = volume.partition(":")
    assert name in compose["volumes"]
    assert f"HNSEMU_DATABASE_URL=sqlite:///{folder}/" in image


def test_two_replicas_wait_for_the_migration_and_share_one_database() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.postgres.yml").read_text())["services"]
    replicas = [compose["hnsemu-1"], compose["hnsemu-2"]]
    assert compose["migrate"]["command"] == ["migrate"]
    urls = {replica["environment"]["HNSEMU_DATABASE_URL"] for replica in replicas}
    assert urls == {compose["migrate"]["environment"]["HNSEMU_DATABASE_URL"]}
    for replica in replicas:
        assert replica["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_devcontainer_works_in_a_service_and_reaches_hnsemu_by_its_name() -> None:
    folder = ROOT / "examples" / "devcontainer"
    container = json.loads((folder / "devcontainer.json").read_text())
    services = yaml.safe_load((folder / container["dockerComposeFile"]).read_text())["services"]
    _, image = _image_stages()
    (allowed,) = re.findall(r"HNSEMU_ALLOWED_HOSTS=(\S+)", image)
    variables = container["remoteEnv"]
    assert unknown_variables(variables) == []
    assert {urlsplit(address).hostname for address in variables.values()} == {allowed}
    assert services.keys() == {container["service"], allowed}


def test_the_unit_runs_a_command_that_there_is_on_a_database_it_may_write() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    unit.read(ROOT / "deploy" / "hnsemu.service")
    service = unit["Service"]
    commands = COMMANDS.keys()
    assert service["ExecStart"].split()[1] in commands
    variables = dict(word.split("=", 1) for word in service["Environment"].split())
    assert unknown_variables(variables) == []
    folder = service["StateDirectory"]
    assert variables["HNSEMU_DATABASE_URL"].startswith(f"sqlite:////var/lib/{folder}/")


def test_the_proxy_names_the_host_that_the_replicas_allow() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.postgres.yml").read_text())["services"]
    (sent,) = re.findall(r"proxy_set_header Host (\S+);", (ROOT / "deploy/nginx.conf").read_text())
    for name in ("hnsemu-1", "hnsemu-2"):
        assert compose[name]["environment"]["HNSEMU_ALLOWED_HOSTS"] == sent
        assert f"server {name}:8420;" in (ROOT / "deploy/nginx.conf").read_text()


@pytest.mark.parametrize(
    "step",
    [
        "setup",
        "check",
        "dist",
        "lint-openapi",
        "api-changes",
        "sdk",
        "demo",
        "test",
        "test-docker",
        "test-faults",
        "test-browser",
        "test-schemathesis",
    ],
)
def test_ci_runs_what_a_developer_runs(step: str) -> None:
    assert f"make {step}" in (ROOT / ".ci" / "run").read_text()
    assert re.search(rf"^{step}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):[^#\n]*## \S", makefile, re.MULTILINE)
    assert sorted(explained) == sorted(phony.split())
