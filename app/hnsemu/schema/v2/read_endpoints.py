"""What the documents of endpoints say, as values of the domain."""

from hnsemu.domain.addressing import AddressRequest
from hnsemu.domain.endpoint_creation import EndpointRequest
from hnsemu.domain.facts import Route
from hnsemu.domain.guid import ZERO
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.read_identity import identity_request
from hnsemu.schema.v2.read_networks import dns_of


def endpoint_request(
    document: HostComputeEndpoint, network_id: str | None, network_name: str
) -> EndpointRequest:
    """Return what a new endpoint is to be; its policies are read by `hnsemu.policies`.

    network_id:   the network whose handle was given, None for that of the document.
    network_name: for HNS 1 callers that only name it.
    HostComputeNamespace is read-only for Go clients, which refuse to send it; taken by its
    meaning [I]. Zeros name no namespace.
    """
    namespace_id = document.host_compute_namespace or ""
    return EndpointRequest(
        identity=identity_request(document),
        network_id=network_id or document.host_compute_network or "",
        network_name=network_name,
        namespace_id="" if namespace_id == ZERO else namespace_id,
        configurations=tuple(
            AddressRequest(
                configuration.ip_address or "",
                configuration.prefix_length or 0,
                configuration.ip_subnet_id or "",
            )
            for configuration in document.ip_configurations or ()
        ),
        dns=dns_of(document.dns),
        routes=tuple(
            Route(route.next_hop or "", route.destination_prefix or "", route.metric or 0)
            for route in document.routes or ()
        ),
        mac_address=document.mac_address or "",
        flags=document.flags or 0,
    )
