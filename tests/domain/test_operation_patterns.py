"""Which patterns of operations can be of a call, and what is meant by those that cannot."""

import re

import pytest

from hnsemu.domain.fault_presets import PRESETS, preset_named
from hnsemu.domain.operation_patterns import check_operations
from hnsemu.errors import HnsError


@pytest.mark.parametrize(
    "pattern",
    [
        "HcnCreateNetwork",
        "hcncreate*",
        "HcnOpenNetwork|HcnCloseNetwork",
        "*",
        "*Netw?rk*",
        "HNSCall POST /endpoints/",
        "hnscall delete /networks/{id}",
        "HNSCall * /networks/*",
        "HNSCall GET /nonsense",
        "HNSCall POST /Endpoints/",
        "GET /v2/NETWORKS",
        "GET /v2/endpoints/{id}/stats",
        "PUT /v2/networks",
        "GET /docker/nonsense",
        "docker network create",
        "docker network *",
        "HcsStartComputeSystem",
        *(one for name in PRESETS if (one := preset_named(name).rule.match.operation)),
        *(one for name in PRESETS if (one := preset_named(name).rule.match.follows)),
    ],
)
def test_a_pattern_that_can_be_of_a_call_is_accepted(pattern: str) -> None:
    check_operations(pattern, "operation")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("HcnCreateNetwrk", "'HcnCreateNetwrk'; did you mean 'HcnCreateNetwork'?"),
        ("HcnDelete*|HcnCreateNetwrk*", "'HcnCreateNetwrk*'; did you mean 'HcnCreateNetwork'?"),
        ("HcnCreateNetwork | HcnDelete*", "'HcnCreateNetwork '; did you mean"),
        ("CreateNetwork", "did you mean 'HcnCreateNetwork'?"),
        ("Hcn", "did you mean 'Hcn*'?"),
        ("HNSCall POST /endpoints", "did you mean 'HNSCall POST /endpoints/'?"),
        ("HNSCall DELETE /networks/7", "did you mean 'HNSCall DELETE /networks/{id}'?"),
        ("POST /v2/endpoints", "did you mean 'HcnCreateEndpoint'?"),
        ("post /v1/Endpoints", "did you mean 'HNSCall POST /endpoints/'?"),
        ("POST /docker/v1.41/containers/create", "did you mean 'docker create'?"),
        ("POST /endpoints", "they are called HcnCreateNetwork, HNSCall POST /networks/ or"),
        ("docker run", "did you mean 'docker create|docker start'?"),
        ("docker container start", "did you mean 'docker start'?"),
        ("docker netwrk*", "did you mean 'docker network"),
        ("", "no operation is called ''; they are called"),
        ("HcnCreate*|", "no operation is called ''"),
    ],
)
def test_a_pattern_of_no_call_is_refused_with_what_was_meant(pattern: str, said: str) -> None:
    with pytest.raises(HnsError, match=re.escape(said)) as refused:
        check_operations(pattern, "match.operation")
    assert refused.value.detail.startswith("match.operation: ")
