"""Load balancers."""

from typing import Annotated, ClassVar

from pydantic import Field, WithJsonSchema

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Since, Uint16
from hnsemu.schema.enums import (
    Bits,
    LoadBalancerDistribution,
    LoadBalancerFlags,
    LoadBalancerPortMappingFlags,
    Protocol,
    accepts,
    named_integer,
)
from hnsemu.schema.v2.common import Base

_DISTRIBUTION = WithJsonSchema(
    named_integer(
        "LoadBalancerDistribution",
        "0 None, 1 SourceIPProtocol, 2 SourceIP; answered as a number.",
    )
)


class LoadBalancerPortMapping(Document):
    """A frontend port and the port of the backends. The protocol is an IANA number."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    protocol: Protocol | None = None
    internal_port: Uint16 | None = None
    external_port: Uint16 | None = None
    distribution_type: Annotated[
        Annotated[LoadBalancerDistribution, accepts(LoadBalancerDistribution)] | None,
        Since("2.7"),
        _DISTRIBUTION,
    ] = None
    flags: Annotated[int, Bits(LoadBalancerPortMappingFlags)] | None = None


class HostComputeLoadBalancer(Base):
    """A load balancer: frontend addresses and ports, and the endpoints behind them."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    host_compute_network: Annotated[str | None, Since("2.5")] = None
    host_compute_endpoints: tuple[str, ...] | None = None
    source_vip: str | None = Field(default=None, alias="SourceVIP")
    frontend_vips: tuple[str, ...] | None = Field(default=None, alias="FrontendVIPs")
    port_mappings: tuple[LoadBalancerPortMapping, ...] | None = None
    flags: Annotated[int, Bits(LoadBalancerFlags)] | None = None
