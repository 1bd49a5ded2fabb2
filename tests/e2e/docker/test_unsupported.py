"""What Microsoft lists as unsupported: the table of docs/docker.md, each row through the CLI."""

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.docker.conftest import Docker, Result

PAGE = Path(__file__).resolve().parents[3] / "docs" / "docker.md"
_ROW = re.compile(r"^\| `docker ([^`]+)`( on Azure)? \| (?:`([^`]+)`)? ?\| (.+) \|$", re.MULTILINE)

SHOP = "network create -d nat --subnet 10.70.0.0/24 --gateway 10.70.0.1 shop"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. answer: "" when the command succeeds."""

    command: str
    is_on_azure: bool
    answer: str
    story: str


def _table() -> list[Row]:
    section = PAGE.read_text().partition("\n## Unsupported on Windows\n")[2].partition("\n## ")[0]
    assert SHOP in section
    rows = [Row(row[0], bool(row[1]), row[2], row[3]) for row in _ROW.findall(section)]
    assert len(rows) == section.count("\n| `")
    return rows


TABLE = _table()
REFUSED = [row for row in TABLE if row.answer]
TAKEN = [row for row in TABLE if not row.answer]

LISTED = (
    "--ip6", "--dns-option", "--aux-address", "--internal", "--ip-range", "--ipam-driver",
    "--ipam-opt", "--ipv6", "--opt encrypted", "--network host", "-d transparent", "-d overlay",
)  # fmt: skip
"""Source: learn.microsoft.com container-networking/architecture, unsupported features [D]."""


def _run(docker: Docker, row: Row) -> Result:
    assert docker("pull", "-q", "nanoserver").code == 0
    assert docker(*SHOP.split()).code == 0
    return docker(*shlex.split(row.command))


def _inspected(docker: Docker, name: str) -> dict[str, Any]:
    [document] = json.loads(docker("inspect", name).out)
    assert isinstance(document, dict)
    return document


def _keeps_dns_options(docker: Docker, created: str) -> None:
    assert _inspected(docker, created)["HostConfig"]["DnsOptions"] == ["ndots:2"]
    docker("start", created)
    assert "ndots" not in docker("exec", created, "ipconfig", "/all").out


def _gives_the_auxiliary_address(docker: Docker, _created: str) -> None:
    run = docker("run", "-d", "--network", "made", "--ip", "10.71.0.9", "nanoserver")
    assert run.code == 0


def _is_ordinary_but_publishes_nothing(docker: Docker, _created: str) -> None:
    assert _inspected(docker, "made")["Internal"] is True
    docker("run", "-d", "--name", "web", "--network", "made", "-p", "8080:80", "nanoserver")
    assert docker("port", "web").out == ""
    assert docker("exec", "web", "ping", "-n", "1", "1.1.1.1").code == 0


def _keeps_the_option_of_ipam(docker: Docker, _created: str) -> None:
    assert _inspected(docker, "made")["IPAM"]["Options"] == {"color": "red"}


def _lists_both_subnets(docker: Docker, _created: str) -> None:
    network = _inspected(docker, "made")
    chosen, given = network["IPAM"]["Config"]
    assert (network["EnableIPv6"], given) == (False, {"Subnet": "fd00:1::/64"})
    assert chosen["Subnet"].startswith("172.")


def _keeps_the_option(docker: Docker, _created: str) -> None:
    assert _inspected(docker, "made")["Options"]["encrypted"] == ""


def _fails_at_its_start(docker: Docker, _created: str) -> None:
    started = docker("start", "made")
    assert (started.code, "network host not found" in started.err) == (1, True)
    assert _inspected(docker, "made")["State"]["Status"] == "created"


SEEN: dict[str, Callable[[Docker, str], None]] = {
    "--dns-option": _keeps_dns_options,
    "--aux-address": _gives_the_auxiliary_address,
    "--internal": _is_ordinary_but_publishes_nothing,
    "--ipam-opt": _keeps_the_option_of_ipam,
    "fd00:1::/64": _lists_both_subnets,
    "-d nat --opt encrypted": _keeps_the_option,
    "--network host": _fails_at_its_start,
}
"""What is there after a command that is taken, by a part of it."""


def test_the_table_has_all_that_microsoft_lists() -> None:
    commands = " ".join(row.command for row in TABLE)
    assert [option for option in LISTED if option not in commands] == []


def test_each_option_that_is_taken_is_looked_at() -> None:
    for row in TAKEN:
        assert sum(part in row.command for part in SEEN) == 1, row


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.command)
def test_an_option_is_refused_as_the_table_says(
    row: Row, docker: Docker, client: httpx.Client, host: str
) -> None:
    if row.is_on_azure:
        client.delete(f"/emulator/hosts/{host}").raise_for_status()
        client.put(f"/emulator/hosts/{host}", json={"variant": "azure"}).raise_for_status()
    refused = _run(docker, row)
    assert refused.code == 1, refused
    assert row.answer in refused.err.replace("\n", " ")
    assert docker("network", "inspect", "made").code == 1
    assert docker("ps", "-aq").out == ""


@pytest.mark.parametrize("row", TAKEN, ids=lambda row: row.command)
def test_an_option_is_taken_as_the_table_says(row: Row, docker: Docker) -> None:
    taken = _run(docker, row)
    assert (taken.code, taken.err) == (0, "")
    look = next(look for part, look in SEEN.items() if part in row.command)
    look(docker, taken.out)
