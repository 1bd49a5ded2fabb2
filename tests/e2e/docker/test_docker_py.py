"""docker-py, Docker's SDK for Python, through its public API."""

import time
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from docker.errors import APIError, ImageNotFound, NotFound
from docker.types import EndpointConfig, IPAMConfig, IPAMPool

IMAGE = "windows/nanoserver:ltsc2025"


@pytest.fixture
def sdk(docker_host: str) -> Iterator[Any]:
    """Return docker-py's client of a fresh host that has an image."""
    client = docker.DockerClient(base_url=docker_host)
    client.images.pull(IMAGE)
    yield client
    client.close()


def _networks(container: Any) -> dict[str, Any]:
    container.reload()
    found: dict[str, Any] = container.attrs["NetworkSettings"]["Networks"]
    return found


def _shop(sdk: Any) -> Any:
    pool = IPAMPool(subnet="10.70.0.0/24", gateway="10.70.0.1")
    ipam = IPAMConfig(pool_configs=[pool])
    return sdk.networks.create("shop", driver="nat", ipam=ipam, labels={"stage": "test"})


def test_the_daemon_is_one_of_windows(sdk: Any) -> None:
    assert sdk.ping()
    assert (sdk.version()["Os"], sdk.info()["OSType"]) == ("windows", "windows")


def test_a_network_is_made_listed_and_removed(sdk: Any) -> None:
    shop = _shop(sdk)
    assert [network.name for network in sdk.networks.list(names=["shop"])] == ["shop"]
    assert sdk.networks.list(filters={"label": "stage=test"}) == [shop]
    assert sdk.networks.get(shop.id[:10]).attrs["IPAM"]["Config"] == [
        {"Subnet": "10.70.0.0/24", "Gateway": "10.70.0.1"}
    ]
    with pytest.raises(APIError, match="network with name shop already exists"):
        _shop(sdk)
    shop.remove()
    with pytest.raises(NotFound):
        sdk.networks.get("shop")


def test_a_network_without_a_driver_is_nat(sdk: Any) -> None:
    assert sdk.networks.create("plain").attrs["Driver"] == "nat"


def test_the_output_of_a_container_is_returned(sdk: Any) -> None:
    assert b"IPv4 Address" in sdk.containers.run(IMAGE, "ipconfig", remove=True)
    assert sdk.containers.list(all=True) == []


def test_a_command_in_a_container_returns_its_code_and_output(sdk: Any) -> None:
    web = sdk.containers.run(IMAGE, name="web", detach=True)
    code, output = web.exec_run("ping -n 1 web")
    assert (code, b"Reply from" in output) == (0, True)
    code, (out, err) = web.exec_run(["ping", "-n", "1", "nope"], demux=True)
    assert (code, b"could not find host nope" in out, err) == (1, True, None)


def test_a_container_lives_on_networks(sdk: Any) -> None:
    shop = _shop(sdk)
    web = sdk.containers.run(
        IMAGE,
        name="web",
        detach=True,
        network="shop",
        networking_config={
            "shop": EndpointConfig("1.51", ipv4_address="10.70.0.50", aliases=["www"])
        },
        ports={"80/tcp": 8080},
        labels={"tier": "front"},
    )
    [(name, settings)] = _networks(web).items()
    assert (name, settings["IPAddress"], settings["IPPrefixLen"]) == ("shop", "10.70.0.50", 24)
    assert web.ports == {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}
    client = sdk.containers.run(IMAGE, detach=True, network="shop")
    assert client.exec_run("ping -n 1 www").exit_code == 0
    nat = sdk.networks.get("nat")
    nat.connect(web)
    assert set(_networks(web)) == {"shop", "nat"}
    nat.disconnect(web)
    assert set(_networks(web)) == {"shop"}
    with pytest.raises(APIError, match="has active endpoints"):
        shop.remove()
    found = sdk.containers.list(all=True, filters={"label": "tier=front"})
    assert [container.name for container in found] == ["web"]


def test_a_container_is_renamed_restarted_stopped_killed_and_removed(sdk: Any) -> None:
    web = sdk.containers.run(IMAGE, name="web", detach=True)
    web.rename("site")
    web.restart(timeout=1)
    web.reload()
    assert (web.name, web.status) == ("site", "running")
    web.stop()
    assert web.wait() == {"StatusCode": 3221225786}
    web.start()
    web.kill()
    web.reload()
    assert web.status == "exited"
    web.remove()
    with pytest.raises(NotFound):
        sdk.containers.get("site")


def test_logs_are_followed_to_their_end(sdk: Any) -> None:
    once = sdk.containers.run(IMAGE, "whoami", detach=True)
    assert b"containeradministrator" in b"".join(once.logs(stream=True, follow=True))


def test_events_are_filtered(sdk: Any) -> None:
    web = sdk.containers.run(IMAGE, name="web", detach=True)
    web.remove(force=True)
    now = int(time.time())
    told = sdk.events(since=now - 3600, until=now + 2, filters={"type": "container"}, decode=True)
    actions = [event["Action"] for event in told]
    assert actions == ["create", "start", "kill", "die", "destroy"]
    kept = list(sdk.events(since=now - 3600, until=now + 2, decode=True))
    of_networks = [event for event in kept if event["Type"] == "network"]
    assert {event["Actor"]["Attributes"]["name"] for event in of_networks} == {"nat"}


def test_events_arrive_while_they_happen(sdk: Any) -> None:
    following = sdk.events(filters={"event": "start"}, decode=True)
    web = sdk.containers.run(IMAGE, detach=True)
    assert next(following)["Actor"]["ID"] == web.id
    following.close()


def test_prune_tells_what_it_removed(sdk: Any) -> None:
    shop = _shop(sdk)
    web = sdk.containers.create(IMAGE)
    assert sdk.containers.prune()["ContainersDeleted"] == [web.id]
    assert sdk.networks.prune()["NetworksDeleted"] == [shop.name]


def test_what_is_not_there_has_an_exception_of_its_own(sdk: Any) -> None:
    with pytest.raises(ImageNotFound):
        sdk.containers.create("nope")
    with pytest.raises(NotFound, match="network nope not found"):
        sdk.containers.run(IMAGE, detach=True, network="nope")
