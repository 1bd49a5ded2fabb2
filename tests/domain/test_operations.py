"""What calls are called."""

import pytest

from hnsemu.domain.operations import Operation, operation_of

GUID = "404947ac-fc8f-4229-a4b5-595b9161f3a8"


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/v2/networks", Operation("HcnCreateNetwork", "networks")),
        (
            "POST",
            f"/v2/networks/{GUID}/endpoints/",
            Operation("HcnCreateEndpoint", "networks", GUID),
        ),
        ("DELETE", f"/v2/endpoints/{GUID}", Operation("HcnDeleteEndpoint", "endpoints", GUID)),
        (
            "GET",
            f"/v2/endpoints/{GUID}/stats",
            Operation("GET /v2/endpoints/{id}/stats", "endpoints", GUID),
        ),
        ("PUT", "/v2/networks", Operation("PUT /v2/networks", "networks")),
        ("GET", "/v2/a/b/c", Operation("GET /v2/a/b/c", "a")),
        ("POST", "/v1/endpoints", Operation("HNSCall POST /endpoints/", "endpoints")),
        (
            "POST",
            f"/v1/endpoints/{GUID}/attach",
            Operation("HNSCall POST /endpoints/{id}/attach", "endpoints", GUID),
        ),
        ("GET", "/v1/globals/version", Operation("HNSCall GET /globals/version", "globals")),
        ("GET", "/v1", Operation("HNSCall GET /", "")),
        (
            "POST",
            "/docker/v1.41/containers/web/start",
            Operation("docker start", "containers", "web"),
        ),
        ("POST", "/docker/networks/create", Operation("docker network create", "networks")),
        ("DELETE", "/docker/networks/nat", Operation("docker network rm", "networks", "nat")),
        ("GET", "/docker/containers/json", Operation("docker ps", "containers")),
        (
            "GET",
            "/docker/images/a/b:c/json",
            Operation("docker image inspect", "images", "a/b:c"),
        ),
        ("GET", "/docker/nonsense", Operation("GET /docker/nonsense", "nonsense")),
    ],
)
def test_a_call_has_the_name_that_its_caller_knows(
    method: str, path: str, operation: Operation
) -> None:
    assert operation_of(method, path) == operation
