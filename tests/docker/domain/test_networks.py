"""Names that the daemon keeps, and networks that prune may remove."""

import pytest

from hnsemu.docker.domain.networks import HNS_OWNED, DockerNetwork, is_predefined


@pytest.mark.parametrize("name", ["nat", "none", "default", "container:x", "container:"])
def test_a_name_is_predefined(name: str) -> None:
    assert is_predefined(name)


@pytest.mark.parametrize("name", ["host", "bridge", "", "NAT", "container"])
def test_a_name_is_free(name: str) -> None:
    assert not is_predefined(name)


@pytest.mark.parametrize(
    ("network", "prunable"),
    [
        (DockerNetwork("1", "front", "nat"), True),
        (DockerNetwork("1", "nat", "nat"), False),
        (DockerNetwork("1", "front", "nat", options={HNS_OWNED: "false"}), False),
        (DockerNetwork("1", "WSL (Hyper-V firewall)", "ics"), False),
        (DockerNetwork("1", "conf", "null", config_only=True), False),
    ],
)
def test_prune_takes_what_docker_made(network: DockerNetwork, *, prunable: bool) -> None:
    assert network.is_prunable is prunable
