"""What older clients ask for and see. Source: api/server/router of moby v28.5.2 [C]."""

from typing import Any

import pytest

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema import api_versions
from hnsemu.docker.schema.containers import CREATION, CreationRequest, creation_request
from hnsemu.docker.schema.golang import fit
from hnsemu.domain.releases import NEWEST, RELEASES

NEW, OLD = daemon_of(NEWEST), daemon_of(RELEASES["ws2016"])
NOW, BEFORE = (1, 51), (1, 41)
MAC, OTHER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
TWO: dict[str, Any] = {"nat": {}, "shop": {}}


def wanted(
    endpoints: dict[str, Any] | None = None, mounts: Any = None, **config: Any
) -> CreationRequest:
    host = {"Mounts": mounts, "NetworkMode": config.pop("NetworkMode", "")}
    networking = {"EndpointsConfig": endpoints or {}}
    document = {"Image": "web", **config, "HostConfig": host, "NetworkingConfig": networking}
    return creation_request(fit(document, CREATION, "body"))


@pytest.mark.parametrize(
    ("request_", "version", "message"),
    [
        (
            wanted(TWO),
            (1, 43),
            "Container cannot be created with multiple network endpoints: nat, shop",
        ),
        (
            wanted(MacAddress=MAC, NetworkMode="none"),
            (1, 43),
            "conflicting options: mac-address and the network mode",
        ),
        (
            wanted({"nat": {"MacAddress": OTHER_MAC}}, MacAddress=MAC),
            NOW,
            (
                "the container-wide MAC address must match the endpoint-specific MAC address for "
                "the main network, or be left empty"
            ),
        ),
        (
            wanted(mounts=[{"Type": "bind", "VolumeOptions": {"NoCopy": True}}]),
            (1, 42),
            'VolumeOptions must not be specified on mount type "bind"',
        ),
    ],
)
def test_what_a_version_cannot_ask_for_is_refused(
    request_: CreationRequest, version: tuple[int, int], message: str
) -> None:
    with pytest.raises(DockerError) as refused:
        api_versions.asked(request_, version)
    assert (refused.value.status, refused.value.message) == (400, message)


def test_what_a_version_does_not_know_is_not_read() -> None:
    request = wanted({"nat": {"MacAddress": MAC, "GwPriority": 7}})
    early, _ = api_versions.asked(request, (1, 43))
    assert early.endpoints["nat"]["MacAddress"] == ""
    assert early.endpoints["nat"]["GwPriority"] == 0
    late, warnings = api_versions.asked(request, NOW)
    assert (late, warnings) == (request, [])
    _, warnings = api_versions.asked(wanted(MacAddress=MAC), NOW)
    assert warnings[0].startswith("The container-wide MacAddress field is now deprecated.")
    assert api_versions.asked(wanted(MacAddress=MAC), (1, 43))[1] == []


def container() -> dict[str, Any]:
    networks = {
        name: {"Aliases": aliases, "DNSNames": ["web"], "GwPriority": 0}
        for name, aliases in (("nat", ["db"]), ("none", None))
    }
    return {
        "Id": "0123456789abcdef",
        "Config": {"Hostname": "web"},
        "HostConfig": {},
        "NetworkSettings": {"Networks": networks},
    }


@pytest.mark.parametrize(
    ("daemon", "version", "aliases", "members"),
    [
        (NEW, NOW, ["db"], {"Aliases", "DNSNames", "GwPriority"}),
        (NEW, (1, 44), ["db", "0123456789ab", "web"], {"Aliases", "DNSNames", "GwPriority"}),
        (OLD, BEFORE, ["db", "0123456789ab", "web"], {"Aliases"}),
    ],
)
def test_connections_have_the_members_of_their_daemon(
    daemon: Any, version: tuple[int, int], aliases: list[str], members: set[str]
) -> None:
    shown = api_versions.container(container(), daemon, version)
    networks = shown["NetworkSettings"]["Networks"]
    assert (networks["nat"]["Aliases"], networks["nat"].keys()) == (aliases, members)
    assert networks["none"]["Aliases"] is None
    [listed] = api_versions.containers([container()], daemon)
    assert listed["NetworkSettings"]["Networks"]["nat"].keys() == members
