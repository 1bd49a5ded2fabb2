"""Read the documents of endpoints into values of the domain."""

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
    """Return the endpoint in a document; `hnsemu.policies` reads its policies.

    network_id:   the network of the handle, None for that of the document.
    network_name: the name of the network, for callers of HNS 1 that do not send its id.
    HostComputeNamespace is read-only for Go clients, which do not send it; what it does is
    inferred [I]. A GUID of zeros is no namespace.
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
