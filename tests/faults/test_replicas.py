"""A service on a replica of PostgreSQL reads, and says who writes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import Server, serving
from tests.e2e.streams import listening, news
from tests.e2e.test_notifications import create_namespace
from tests.faults.cluster import Cluster, cluster
from tests.waiting import PATIENCE


@pytest.fixture
def primary() -> Iterator[Cluster]:
    # Not below pytest's own folder, which only its user can enter.
    with tempfile.TemporaryDirectory(prefix="hnsemu-") as folder, cluster(Path(folder)) as made:
        upgrade(made.url)
        yield made


@pytest.fixture
def replica(primary: Cluster) -> Iterator[Cluster]:
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-") as folder,
        cluster(Path(folder), primary) as made,
    ):
        yield made


def refused_write(server: Server) -> str:
    """Return the sentence with which a service refuses to change anything."""
    answer = httpx.put(f"{server.url}/emulator/hosts/another", timeout=PATIENCE)
    assert answer.status_code == 503, answer.text
    return str(answer.json()["Detail"])


def test_a_service_on_a_replica_reads_what_the_primary_got(
    primary: Cluster, replica: Cluster
) -> None:
    with (
        serving(primary.url) as writing,
        serving(replica.url) as reading,
        writing.client() as client,
        listening(f"{reading.url}/v2/notifications") as (_, following),
    ):
        assert client.put("/emulator/hosts/seen", json={"journal": True}).status_code == 201
        created = create_namespace(client)
        assert [event.subject for event in news(following, 1)] == [created]
        assert reading.get(f"/v2/namespaces/{created}").json()["ID"] == created
        assert reading.get("/hosts/seen/v2/networks").status_code == 200  # no journal has the call
        assert refused_write(reading) == (
            "the database is read-only, nothing was changed; ask a service whose database is the "
            f"primary, 127.0.0.1:{primary.port}"
        )


def test_a_service_on_a_replica_starts_without_changing_anything(
    replica: Cluster, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("w") as file, serving(replica.url, stderr=file) as reading:
        assert reading.get("/readyz").status_code == 200
        assert reading.get("/emulator/hosts").json() == []
        missing = reading.get("/v2/networks")
        assert missing.status_code == 404
        assert "no host named 'default'" in missing.json()["Detail"]
        assert "this service reads, and refuses writes" in log.read_text()


def test_who_prefers_a_standby_changes_nothing_on_a_primary_either(primary: Cluster) -> None:
    with serving(f"{primary.url}?target_session_attrs=prefer-standby") as reading:
        assert reading.get("/readyz").status_code == 200
        assert "the database is read-only" in refused_write(reading)
