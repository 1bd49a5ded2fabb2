"""What starting a container costs, counted in calls."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection

from hnsemu.docker.domain.images import read_reference
from hnsemu.docker.schema.containers import CREATION, CreationRequest, creation_request
from hnsemu.docker.schema.golang import read_document
from hnsemu.docker.services import daemon, images
from hnsemu.docker.services.containers import create_container, start_container
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Hns
from tests.work import calls


def wanted() -> CreationRequest:
    """Return what asks for a container."""
    body = json.dumps({"Image": "iis"}).encode()
    return creation_request(read_document(body, "application/json", CREATION))


def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the text of each statement."""
    seen: list[str] = []
    ask, run_all = Prepared.ask, Prepared.run_all

    def asked(self: Prepared, connection: Connection, parameters: Mapping[str, object]) -> Any:
        seen.append(str(self._statement))
        return ask(self, connection, parameters)

    def all_run(
        self: Prepared, connection: Connection, parameters: Sequence[Mapping[str, object]]
    ) -> None:
        seen.append(str(self._statement))
        run_all(self, connection, parameters)

    monkeypatch.setattr(Prepared, "ask", asked)
    monkeypatch.setattr(Prepared, "run_all", all_run)
    return seen


def test_a_container_starts_as_fast_among_many_as_the_first(hns: Hns) -> None:
    daemon.start_at_first_request(hns)
    images.pull(hns, read_reference("iis"))
    request = wanted()
    work = []
    for number in range(250):
        create_container(hns, f"web{number}", request)
        work.append(calls(lambda name=f"web{number}": start_container(hns, name)))  # type: ignore[misc]
    first, last = sorted(work[2:12]), sorted(work[-10:])
    assert last[5] <= 1.2 * first[5]


def test_starting_writes_the_endpoint_once_attached(
    hns: Hns, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon.start_at_first_request(hns)
    images.pull(hns, read_reference("iis"))
    for name in ("web", "db"):
        create_container(hns, name, wanted())
    start_container(hns, "web")  # statements are compiled
    statements = texts(monkeypatch)
    start_container(hns, "db")
    own = [text for text in statements if "docker_" not in text]
    writes = [text.split("(")[0].split("SET")[0].strip() for text in own if text[0] in "IU"]
    assert sorted(writes) == [
        "INSERT INTO endpoints",
        "INSERT INTO ip_allocations",
        "INSERT INTO mac_allocations",
        "INSERT INTO notifications",
        "INSERT INTO vswitch_ports",
        "UPDATE hosts",
        "UPDATE ip_subnets",
        "UPDATE networks",
    ]
