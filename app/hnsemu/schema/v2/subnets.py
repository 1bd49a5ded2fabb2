"""Subnets of a network and their address pools."""

from typing import Annotated, ClassVar

from hnsemu.errors import Hr
from hnsemu.schema.base import Since
from hnsemu.schema.enums import Bits, IPSubnetFlags, SubnetFlags
from hnsemu.schema.v2.common import Base, Route
from hnsemu.schema.v2.policies.wire import SubnetPolicy


class IpSubnet(Base):
    """A pool of addresses inside a subnet (CIDR)."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_IP_SUBNET

    ip_address_prefix: Annotated[str | None, Since("2.3")] = None
    flags: Annotated[Annotated[int, Bits(IPSubnetFlags)] | None, Since("2.5")] = None


class Subnet(Base):
    """A subnet: prefix (CIDR), gateway routes, isolation policies and IP subnets."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_SUBNET

    ip_address_prefix: str | None = None
    policies: tuple[SubnetPolicy, ...] | None = None
    routes: tuple[Route, ...] | None = None
    ip_subnets: Annotated[tuple[IpSubnet, ...] | None, Since("2.3")] = None
    flags: Annotated[Annotated[int, Bits(SubnetFlags)] | None, Since("2.7")] = None
