"""Indexes over some of the rows of a table: part of the schema, of which statements say nothing.

Only what creates or compares tables loads them: each names both databases, for which SQLAlchemy
loads the dialects of both.
"""

from typing import Any

from sqlalchemy import Column, Index, text

from hnsemu.storage.endpoint_filters import MAY_HAVE_HOST_ACLS
from hnsemu.storage.tables import (
    adapters,
    endpoints,
    ip_allocations,
    mac_allocations,
    networks,
    vswitch_ports,
)


def over(name: str, *columns: Column[Any], where: str, unique: bool = False) -> None:
    """Add an index over the rows of which `where` is true."""
    condition = text(where)
    Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


# Networks may have no name, and no VLAN of their own.
_networks = networks.c
over(
    "uq_networks_host_key_name",
    _networks.host_key,
    _networks.name,
    where="name <> ''",
    unique=True,
)
over(
    "uq_networks_vswitch_key_isolation",
    _networks.vswitch_key,
    _networks.isolation,
    where="isolation <> 0",
    unique=True,
)

# Few ports are in the host's own compartment, and few have been named by somebody.
_ports = vswitch_ports.c
over("ix_vswitch_ports_of_host", _ports.vswitch_key, where="compartment = 1")
over("ix_vswitch_ports_named", _ports.vswitch_key, where="friendly_name <> ''")

# Few endpoints have a block of ports; the others are in no tree for it, which each would write.
over(
    "ix_endpoints_host_key_nat_block",
    endpoints.c.host_key,
    endpoints.c.nat_block,
    where="nat_block IS NOT NULL",
    unique=True,
)

# Few endpoints have Host ACLs; the firewall of a host lists them network by network.
over(
    "ix_endpoints_host_acls",
    endpoints.c.network_key,
    endpoints.c.key,
    where=MAY_HAVE_HOST_ACLS,
)

# Few adapters have an address of IPv6; the underlay finds hosts by it.
over("ix_adapters_address6", adapters.c.address6, where="address6 <> ''")

# The underlay finds endpoints by the addresses that they have.
_addresses = ip_allocations.c
over(
    "ix_ip_allocations_address",
    _addresses.address,
    _addresses.remote,
    where="released IS NULL",
)

# Released rows of a pool, oldest first; rows in use are not in it.
over(
    "ix_ip_allocations_released",
    _addresses.ip_subnet_key,
    _addresses.released,
    where="released IS NOT NULL",
)
_macs = mac_allocations.c
over(
    "ix_mac_allocations_released",
    _macs.network_key,
    _macs.released,
    where="released IS NOT NULL",
)
