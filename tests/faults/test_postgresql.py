"""PostgreSQL dies under load: what was acknowledged stays, and the service finds back by itself."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from hnsemu.storage.migrate import upgrade
from tests.e2e.load import Load, check_nothing_is_lost_or_half_there
from tests.e2e.servers import serving
from tests.e2e.streams import Event, listening, news
from tests.e2e.test_notifications import create_namespace
from tests.faults.cluster import Cluster, cluster
from tests.waiting import PATIENCE


@pytest.fixture
def postgresql() -> Iterator[Cluster]:
    # Not below pytest's own folder, which only its user can enter.
    with tempfile.TemporaryDirectory(prefix="hnsemu-") as folder, cluster(Path(folder)) as made:
        upgrade(made.url)
        yield made


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_and_started_again_under_load(postgresql: Cluster, workers: str) -> None:
    with serving(postgresql.url, "--workers", workers) as server:
        with Load(server.url) as load:
            assert load.wait_for_more(50)
            for _ in range(2):
                postgresql.kill()
                seen = len(load.refusals)
                assert load.wait_for(lambda load, seen=seen: len(load.refusals) > seen)  # type: ignore[misc]  # a lambda with a default
                postgresql.start()
                assert load.wait_for_more(50)
        assert set(load.refusals) == {503}
        assert load.breaks == 0
        check_nothing_is_lost_or_half_there(server.url, load.acknowledged)
        assert server.stop() == 0


def test_gone_for_a_while_it_is_said_and_forgotten(postgresql: Cluster) -> None:
    with serving(postgresql.url) as server:
        postgresql.kill()
        refused = httpx.get(f"{server.url}/v2/networks", timeout=PATIENCE)
        assert refused.status_code == 503
        assert refused.json()["ErrorCode"] == 0x800706BA  # the RPC server is unavailable
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).status_code == 503
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200
        postgresql.start()
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).status_code == 200
        assert server.stop() == 0


def test_streams_outlive_a_restart_of_it(postgresql: Cluster) -> None:
    with (
        serving(postgresql.url) as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
        listening(f"{server.url}/v2/notifications") as (_, following),
    ):
        for _ in range(2):
            made = create_namespace(client)
            assert [each.subject for each in news(following, 1)] == [made]
            postgresql.kill()
            postgresql.start()
            assert client.get("/readyz").status_code == 200


def test_a_stream_that_cannot_read_says_so_and_is_taken_up_again(postgresql: Cluster) -> None:
    made: list[str] = []
    heard: list[Event] = []
    seen = None
    with (
        serving(postgresql.url, HNSEMU_KEEP_ALIVE="0.2") as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
    ):
        for _ in range(2):
            with listening(f"{server.url}/v2/notifications", seen) as (_, following):
                made += [create_namespace(client) for _ in range(2)]
                heard += news(following, len(made) - len(heard))
                postgresql.kill()
                *_, last = following
                assert "the database does not answer" in last.comment
                seen = heard[-1].id
            postgresql.start()
            assert client.get("/readyz").status_code == 200
            made.append(create_namespace(client))
        with listening(f"{server.url}/v2/notifications", seen) as (_, following):
            heard += news(following, 1)
    assert [each.subject for each in heard] == made


def test_a_host_is_restored_and_filled_whole_or_not_at_all(postgresql: Cluster) -> None:
    host = "/emulator/hosts/node"
    with (
        serving(postgresql.url) as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
    ):
        assert client.put(host).status_code == 201
        made = client.post("/hosts/node/v2/networks", json={"Name": "n", "Type": "Private"})
        filling = {
            "Endpoints": [
                {"ID": str(UUID(int=number)), "HostComputeNetwork": made.json()["ID"]}
                for number in range(1, 301)
            ]
        }
        states = []
        for name in ("empty", "full"):
            assert client.put(f"{host}/snapshots/{name}").status_code == 201
            states.append(client.get(f"{host}/state").content)
            assert client.post(f"{host}/bulk", json=filling).status_code == 200
        for path, body in (("snapshots/empty/restore", {}), ("bulk", filling)):
            with ThreadPoolExecutor(1) as pool:
                sent = pool.submit(client.post, f"{host}/{path}", json=body)
                postgresql.kill()
                postgresql.start()
                assert sent.result().status_code in {200, 503}
            assert client.get("/readyz").status_code == 200
            assert len(client.get("/hosts/node/v2/endpoints").json()) in {0, 300}
        for name, state in zip(("empty", "full"), states, strict=True):
            assert client.post(f"{host}/snapshots/{name}/restore").status_code == 200
            assert client.get(f"{host}/state").content == state
        assert server.stop() == 0
