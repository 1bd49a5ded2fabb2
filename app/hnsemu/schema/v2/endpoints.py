"""Endpoints."""

from typing import Annotated, ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Guid, Since, Uint8
from hnsemu.schema.enums import Bits, EndpointFlags
from hnsemu.schema.v2.common import DNS, Base, Route
from hnsemu.schema.v2.policies.wire import EndpointPolicy


class IpConfig(Document):
    """An address of an endpoint. HNS chooses one when IpAddress is left out."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_IP

    ip_address: str | None = None
    prefix_length: Uint8 | None = None
    ip_subnet_id: Annotated[Guid | None, Since("2.3")] = None


class EndpointAdditionalParams(Document):
    """More members of an endpoint."""

    switch_id: Guid | None = None
    switch_port_id: Guid | None = None


class HostComputeEndpoint(Base):
    """An endpoint of a network: its addresses, MAC, routes, DNS and policies."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_ENDPOINT

    host_compute_network: Guid | None = None
    host_compute_namespace: Guid | None = None
    policies: tuple[EndpointPolicy, ...] | None = None
    ip_configurations: tuple[IpConfig, ...] | None = None
    dns: DNS | None = None
    routes: tuple[Route, ...] | None = None
    mac_address: str | None = None
    flags: Annotated[int, Bits(EndpointFlags)] | None = None
