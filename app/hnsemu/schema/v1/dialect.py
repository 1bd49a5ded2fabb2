"""The dialect of a document, which HNS reads from its SchemaVersion.

Source: hns-behaviour.md section 3.3: a document without SchemaVersion is read as HNS 1 [O].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.releases import Release
from hnsemu.domain.stats import EndpointStats
from hnsemu.schema.base import Document, parse, refusal
from hnsemu.schema.v1.endpoints import HNSEndpoint
from hnsemu.schema.v1.namespaces import HNSNamespace, namespace_v1
from hnsemu.schema.v1.networks import HNSNetwork
from hnsemu.schema.v1.policylists import AnyPolicyList, HNSPolicyList, policy_list_v1
from hnsemu.schema.v1.render_endpoints import endpoint_v1, stats_v1
from hnsemu.schema.v1.render_networks import network_v1
from hnsemu.schema.v1.spelling import Case
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.policylists import HostComputePolicyList

Fact = Network | Endpoint | Namespace | PolicyList | EndpointStats

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EndpointDocument:
    """The document of a new endpoint. HNS 1 may name its network in place of the id."""

    document: HostComputeEndpoint
    network_name: str = ""


def speaks_v1(data: object) -> bool:
    """Return whether a document is HNS 1: without SchemaVersion, or with Major 1.

    A SchemaVersion that is not an object is left to HCN 2, which refuses it.
    """
    if not isinstance(data, Mapping):
        return False
    version = data.get("SchemaVersion")
    if version is None:
        return True
    return isinstance(version, Mapping) and version.get("Major") == 1


def network_from_any(data: object, *, strict: bool = False) -> HostComputeNetwork:
    """Return a network of either dialect as an HCN 2 document."""
    if speaks_v1(data):
        return network_from_v1(data, strict=strict)
    return parse(HostComputeNetwork, data, strict=strict)


def endpoint_from_any(data: object, *, strict: bool = False) -> EndpointDocument:
    """Return an endpoint of either dialect as an HCN 2 document."""
    if speaks_v1(data):
        return endpoint_from_v1(data, strict=strict)
    return EndpointDocument(parse(HostComputeEndpoint, data, strict=strict))


def namespace_from_any(data: object, *, strict: bool = False) -> HostComputeNamespace:
    """Return a namespace of either dialect as an HCN 2 document."""
    if isinstance(data, Mapping) and "IsDefault" in data and speaks_v1(data):
        return namespace_from_v1(data, strict=strict)
    return parse(HostComputeNamespace, data, strict=strict)


def plain_policy_list(data: object, *, strict: bool = False) -> HostComputePolicyList:
    """Return a plain policy list; its policies are flat in both dialects."""
    return parse(HostComputePolicyList, data, strict=strict)


def network_from_v1(data: object, *, strict: bool = False) -> HostComputeNetwork:
    """Return a network of HNS 1 as an HCN 2 document."""
    request = parse(HNSNetwork, data, strict=strict)
    return _translate(HostComputeNetwork, request.to_v2)


def endpoint_from_v1(data: object, *, strict: bool = False) -> EndpointDocument:
    """Return an endpoint of HNS 1 as an HCN 2 document."""
    request = parse(HNSEndpoint, data, strict=strict)
    document = _translate(HostComputeEndpoint, request.to_v2)
    return EndpointDocument(document, request.virtual_network_name or "")


def endpoint_update_from_v1(data: object, *, strict: bool = False) -> HostComputeEndpoint:
    """Return the policies of a posted endpoint as an HCN 2 document; the rest is read-only."""
    request = parse(HNSEndpoint, data, strict=strict)
    return _translate(HostComputeEndpoint, HNSEndpoint(policies=request.policies).to_v2)


def namespace_from_v1(data: object, *, strict: bool = False) -> HostComputeNamespace:
    """Return a namespace of HNS 1 as an HCN 2 document."""
    request = parse(HNSNamespace, data, strict=strict)
    return _translate(HostComputeNamespace, request.to_v2)


def policy_list_from_v1(data: object, *, strict: bool = False) -> AnyPolicyList:
    """Return a policy list of HNS 1 as the HCN 2 document it stands for."""
    request = parse(HNSPolicyList, data, strict=strict)
    return _translate(HNSPolicyList, request.to_v2)


def render_v1(
    fact: Fact, release: Release, case: Case, *, detailed: bool = False
) -> dict[str, object]:
    """Return the HNS 1 document of any object."""
    if isinstance(fact, Network):
        return network_v1(fact, release, case, detailed=detailed)
    if isinstance(fact, Endpoint):
        return endpoint_v1(fact, release, case)
    if isinstance(fact, Namespace):
        return namespace_v1(fact, release, case)
    if isinstance(fact, EndpointStats):
        return stats_v1(fact, release, case)
    return policy_list_v1(fact, release, case)


def _translate(model: type[Document], to_v2: Callable[[], T]) -> T:
    """Translate a document; a refusal of HCN 2 becomes one that names the member of `model`."""
    try:
        return to_v2()
    except ValidationError as error:
        raise refusal(model, error) from error
