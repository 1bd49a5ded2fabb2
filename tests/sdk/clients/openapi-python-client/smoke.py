"""Drive a live service with the client that openapi-python-client generates.

python smoke.py URL, with the generated package `hns` on the path.
"""

import sys

import httpx
from hns import Client
from hns.api.emulator import define_host, delete_host
from hns.api.endpoints import (
    create_endpoint,
    delete_endpoint,
    get_endpoint,
    list_endpoints,
    modify_endpoint,
)
from hns.api.networks import create_network
from hns.models import (
    EndpointPolicy,
    EndpointPolicySettings,
    ErrorRecord,
    HcnRoute,
    HostComputeEndpoint,
    HostComputeNetwork,
    HostSettings,
    Ipam,
    ModifyEndpointSettingRequest,
    Subnet,
    Version,
)

V2 = Version(major=2)
ENDPOINT_NOT_FOUND = 0x803B0002
INVALID_POLICY_TYPE = 0x803B000E


class LaterWindows(httpx.HTTPTransport):
    """Answer as a Windows that has a policy type which the document does not know."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and change what came."""
        answer = super().handle_request(request)
        text = answer.read().replace(b'"OutBoundNAT"', b'"FromTheFuture"')
        return httpx.Response(answer.status_code, text=text.decode())


def policy(kind: str, **settings: object) -> EndpointPolicy:
    return EndpointPolicy(kind, EndpointPolicySettings.from_dict(settings))


def main(url: str) -> None:
    service = Client(base_url=url)
    assert define_host.sync("sdk-python", client=service, body=HostSettings()).name == "sdk-python"
    at = f"{url}/hosts/sdk-python"
    host = Client(base_url=at)

    route = HcnRoute(next_hop="10.7.0.1", destination_prefix="0.0.0.0/0")
    subnet = Subnet(ip_address_prefix="10.7.0.0/24", routes=[route])
    ipam = Ipam(subnets=[subnet])
    document = HostComputeNetwork(name="sdk", type_="L2Bridge", schema_version=V2, ipams=[ipam])
    network = create_network.sync(client=host, body=document)
    assert isinstance(network, HostComputeNetwork), network
    pod = HostComputeEndpoint(
        name="pod",
        host_compute_network=network.id,
        schema_version=V2,
        policies=[policy("OutBoundNAT", Exceptions=["10.7.0.0/24"])],
    )
    endpoint = create_endpoint.sync(client=host, body=pod)
    assert isinstance(endpoint, HostComputeEndpoint), endpoint
    assert [listed.id for listed in list_endpoints.sync(client=host)] == [endpoint.id]

    # FILETIME and other numbers of more than 53 bits
    assert endpoint.health.extra.resources.health.last_update_time > 2**56
    assert network.version > 2**32

    acl = policy("ACL", Action="Block", Direction="In", Priority=200)
    request = ModifyEndpointSettingRequest(
        resource_type="Policy", request_type="Add", settings={"Policies": [acl.to_dict()]}
    )
    assert isinstance(
        modify_endpoint.sync(endpoint.id, client=host, body=request), HostComputeEndpoint
    )
    shown = get_endpoint.sync(endpoint.id, client=host)
    assert sorted(policy.type_ for policy in shown.policies) == ["ACL", "OutBoundNAT"]

    later = Client(base_url=at, httpx_args={"transport": LaterWindows()})
    unknown = get_endpoint.sync(endpoint.id, client=later)
    assert sorted(policy.type_ for policy in unknown.policies) == ["ACL", "FromTheFuture"]
    settings = {policy.type_: policy.settings.additional_properties for policy in unknown.policies}
    assert settings["FromTheFuture"] == {"Exceptions": ["10.7.0.0/24"]}

    wrong = HostComputeEndpoint(
        host_compute_network=network.id,
        schema_version=V2,
        policies=[policy("FromTheFuture", X=1)],
    )
    refused = create_endpoint.sync_detailed(client=host, body=wrong)
    assert refused.status_code == 400
    assert isinstance(refused.parsed, ErrorRecord), refused.parsed
    assert refused.parsed.error_code == INVALID_POLICY_TYPE

    assert delete_endpoint.sync_detailed(endpoint.id, client=host).status_code == 204
    missing = get_endpoint.sync_detailed(endpoint.id, client=host)
    assert missing.status_code == 404
    assert isinstance(missing.parsed, ErrorRecord), missing.parsed
    assert missing.parsed.error_code == ENDPOINT_NOT_FOUND
    assert missing.headers["Hns-Result"] == f"{ENDPOINT_NOT_FOUND:#010x}"
    assert list_endpoints.sync(client=host) == []
    assert delete_host.sync_detailed("sdk-python", client=service).status_code == 204


if __name__ == "__main__":
    main(sys.argv[1])
