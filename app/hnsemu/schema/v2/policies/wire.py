"""Policies as they stand in documents: a type and opaque settings."""

from typing import Annotated

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, RawJson
from hnsemu.schema.enums import EndpointPolicyType, NetworkPolicyType, SubnetPolicyType, accepts


class EndpointPolicy(Document):
    """A policy of an endpoint: its type and its settings, kept as sent."""

    type: (
        Annotated[EndpointPolicyType, accepts(EndpointPolicyType, Hr.HCN_E_INVALID_POLICY_TYPE)]
        | None
    ) = None
    settings: RawJson | None = None


class NetworkPolicy(Document):
    """A policy of a network: its type and its settings, kept as sent."""

    type: (
        Annotated[NetworkPolicyType, accepts(NetworkPolicyType, Hr.HCN_E_INVALID_POLICY_TYPE)]
        | None
    ) = None
    settings: RawJson | None = None


class SubnetPolicy(Document):
    """A policy of a subnet: its type and its settings, kept as sent."""

    type: (
        Annotated[SubnetPolicyType, accepts(SubnetPolicyType, Hr.HCN_E_INVALID_POLICY_TYPE)] | None
    ) = None
    settings: RawJson | None = None
