"""A document that somebody pastes to ask what it would do: policies, an endpoint, a balancer."""

from dataclasses import dataclass
from typing import Any

import orjson

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.enums import EndpointPolicyType, NetworkPolicyType
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest, ModifyNetworkSettingRequest

Json = dict[str, Any]

_BALANCER = {"PortMappings", "FrontendVIPs"}
_MOST = 100_000  # characters


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text holds: a load balancer, else policies.

    endpoint: id or name of the endpoint in it, "" where it names none. is_of_network: whether the
    policies are for a network.
    """

    balancer: Json | None = None
    policies: tuple[Json, ...] = ()
    endpoint: str = ""
    is_of_network: bool = False

    def balancer_request(self) -> HostComputeLoadBalancer:
        """Return the request that makes the load balancer.

        Raises: HCN_E_INVALID_JSON.
        """
        return parse(HostComputeLoadBalancer, self.balancer or {}, strict=True)

    def endpoint_request(self, kind: str) -> ModifyEndpointSettingRequest:
        """Return the request that adds the policies to an endpoint. kind: "Add" or "Reset"."""
        return parse(ModifyEndpointSettingRequest, self._request(kind), strict=True)

    def network_request(self) -> ModifyNetworkSettingRequest:
        """Return the request that adds the policies to a network."""
        return parse(ModifyNetworkSettingRequest, self._request("Add"), strict=True)

    def _request(self, kind: str) -> Json:
        policies = list(self.policies) if kind == "Add" else []
        return {"ResourceType": "Policy", "RequestType": kind, "Settings": {"Policies": policies}}


def read_pasted(text: str) -> Pasted:
    """Return what a text holds.

    Raises: E_INVALIDARG with what it should be.
    """
    if len(text) > _MOST:
        raise HnsError(Hr.E_INVALIDARG, f"the document has more than {_MOST} characters")
    try:
        document = orjson.loads(text)
    except ValueError as error:
        raise HnsError(Hr.E_INVALIDARG, f"this is no JSON: {error}") from error
    if isinstance(document, dict) and document.keys() & _BALANCER and "Type" not in document:
        return Pasted(balancer=document)
    if isinstance(document, dict) and isinstance(document.get("Policies"), list):
        named = document.get("ID") or document.get("Name") or ""
        return _of_policies(document["Policies"], str(named))
    return _of_policies(document if isinstance(document, list) else [document], "")


def _of_policies(documents: list[Any], endpoint: str) -> Pasted:
    """Return policies; each must have a type that HCN 2 knows."""
    types = [policy.get("Type") if isinstance(policy, dict) else None for policy in documents]
    if all(isinstance(kind, str) and kind in _ENDPOINT for kind in types):
        return Pasted(policies=tuple(documents), endpoint=endpoint)
    if all(isinstance(kind, str) and kind in _NETWORK for kind in types):
        return Pasted(policies=tuple(documents), is_of_network=True)
    raise HnsError(
        Hr.E_INVALIDARG,
        'paste a policy as HCN 2 has it, {"Type": "ACL", "Settings": {…}}, a list of policies of '
        "an endpoint or of a network, an endpoint with its Policies, or a load balancer",
    )


_ENDPOINT = {kind.value for kind in EndpointPolicyType}
_NETWORK = {kind.value for kind in NetworkPolicyType}
