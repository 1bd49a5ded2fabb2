"""Drive a live service with the Python client of openapi-generator.

python smoke.py URL, with the generated package `hns` on the path.
"""

import sys
from collections.abc import Callable

from hns import (
    ApiClient,
    Configuration,
    EmulatorApi,
    EndpointPolicy,
    EndpointsApi,
    HostComputeEndpoint,
    HostComputeNetwork,
    HostSettings,
    Ipam,
    ModifyEndpointSettingRequest,
    NetworksApi,
    Subnet,
    Version,
)
from hns.exceptions import ApiException

NAME = "sdk-openapi-generator-python"
ENDPOINT_NOT_FOUND = 0x803B0002
INVALID_POLICY_TYPE = 0x803B000E


def refusal(call: Callable[[], object]) -> tuple[int, int]:
    """Return the status and HNS' code of a call that is refused."""
    try:
        call()
    except ApiException as refused:
        return refused.status, refused.data.error_code
    raise AssertionError("accepted")


def main(url: str) -> None:
    emulator = EmulatorApi(ApiClient(Configuration(host=url)))
    settings = HostSettings.from_dict({"release": "ws2022", "adapters": [{"name": "Ethernet"}]})
    assert emulator.define_host(NAME, settings).name == NAME
    client = ApiClient(Configuration(host=f"{url}/hosts/{NAME}"))
    networks, endpoints = NetworksApi(client), EndpointsApi(client)

    v2 = Version(major=2)
    ipam = Ipam(subnets=[Subnet(ip_address_prefix="10.7.0.0/24")])
    network = networks.create_network(
        HostComputeNetwork(name="sdk", type="L2Bridge", schema_version=v2, ipams=[ipam])
    )
    nat = EndpointPolicy(type="OutBoundNAT", settings={"Exceptions": ["10.7.0.0/24"]})
    pod = HostComputeEndpoint(
        name="pod", host_compute_network=network.id, schema_version=v2, policies=[nat]
    )
    endpoint = endpoints.create_endpoint(pod)
    assert endpoint.health.extra.resources.health.last_update_time > 2**56
    assert [listed.id for listed in endpoints.list_endpoints()] == [endpoint.id]

    acl = {"Type": "ACL", "Settings": {"Action": "Block", "Direction": "In", "Priority": 200}}
    request = ModifyEndpointSettingRequest(
        resource_type="Policy", request_type="Add", settings={"Policies": [acl]}
    )
    endpoints.modify_endpoint(endpoint.id, request)
    shown = endpoints.get_endpoint(endpoint.id)
    assert sorted(policy.type for policy in shown.policies) == ["ACL", "OutBoundNAT"]
    assert nat.settings in [policy.settings for policy in shown.policies]

    wrong = HostComputeEndpoint(
        host_compute_network=network.id,
        schema_version=v2,
        policies=[EndpointPolicy(type="FromTheFuture", settings={"X": 1})],
    )
    assert refusal(lambda: endpoints.create_endpoint(wrong)) == (400, INVALID_POLICY_TYPE)
    endpoints.delete_endpoint(endpoint.id)
    assert refusal(lambda: endpoints.get_endpoint(endpoint.id)) == (404, ENDPOINT_NOT_FOUND)
    assert endpoints.list_endpoints() == []
    emulator.delete_host(NAME)


if __name__ == "__main__":
    main(sys.argv[1])
