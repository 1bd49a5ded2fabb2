"""The daemon sends HNS the documents that dockerd sends: the same members in the same order."""

import json
from typing import Any

import pytest

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.domain.network_creation import decide_creation
from hnsemu.docker.domain.networks import DockerNetwork, Ipam, Pool
from hnsemu.docker.schema.golang import fit
from hnsemu.docker.schema.hns import default_nat_document, new_network_document
from hnsemu.docker.schema.networks import CREATE_REQUEST, network_request
from hnsemu.domain.releases import NEWEST
from tests.docker.recordings import recorded

# The calls beside a refusal are those of the daemon's later clean-up.
SENT = [
    line
    for line in recorded("raw")
    if line["request"][1].endswith("/networks/create")
    and line["hns"]
    and line["hns"][0][2]
    and line["status"] != 404
]
CONFIGURATION = DockerNetwork(
    "c" * 64,
    "conf",
    "null",
    config_only=True,
    ipam=Ipam(pools=(Pool("10.3.0.0/24"),)),
)


@pytest.mark.parametrize("line", SENT, ids=lambda line: line["label"])
def test_a_network_is_asked_for_as_dockerd_asks(line: dict[str, Any]) -> None:
    expected = line["hns"][0][2]
    version = (1, 47) if "/v1.47/" in line["request"][1] else (1, 51)
    request = network_request(fit(line["request"][2], CREATE_REQUEST), version)
    network_id = line["reply"].get("Id") or expected["Name"]
    known = {"conf": CONFIGURATION}
    new = decide_creation(request, known, daemon_of(NEWEST), network_id, 0)
    assert json.dumps(new_network_document(new)) == json.dumps(expected)


@pytest.mark.parametrize(
    ("fixed_cidr", "prefix"), [("", "0.0.0.0/0"), ("10.70.0.0/16", "10.70.0.0/16")]
)
def test_the_default_network_is_asked_for_as_dockerd_asks(fixed_cidr: str, prefix: str) -> None:
    assert json.dumps(default_nat_document(fixed_cidr)) == (
        f'{{"Name": "nat", "Type": "nat", "Subnets": [{{"AddressPrefix": "{prefix}"}}]}}'
    )
