"""Settings of L4Proxy and L4WFPPROXY policies."""

from typing import Annotated, ClassVar

from pydantic import AliasChoices, Field

from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Since
from hnsemu.schema.enums import Protocol
from hnsemu.schema.v2.policies.acl import FiveTuple


class CommonL4ProxyPolicySetting(Document):
    """CommonL4ProxyPolicySetting of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    ip: str | None = Field(default=None, alias="IP")
    port: str | None = None
    protocol: Protocol | None = None
    exception_list: tuple[str, ...] | None = None
    destination: str | None = None
    # hcsshim writes it in the second way.
    outbound_nat: bool | None = Field(
        default=None, validation_alias=AliasChoices("OutboundNat", "OutboundNAT")
    )


class L4ProxyPolicySetting(CommonL4ProxyPolicySetting):
    """Redirects connections to a proxy through VFP."""

    # Known to clients, not to the published schema.
    exceptions: tuple[str, ...] | None = None


class L4ProxyPolicySetting_2(CommonL4ProxyPolicySetting):  # noqa: N801 (the name of the schema)
    """L4ProxyPolicySetting_2 of the schema."""


class ProxyExceptions(Document):
    """ProxyExceptions of the schema."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    ip_address_exceptions: Annotated[tuple[str, ...] | None, Since("2.14")] = None
    port_exceptions: Annotated[tuple[str, ...] | None, Since("2.14")] = None


class L4WfpProxyPolicySetting(Document):
    """Redirects connections of a compartment to a local proxy through WFP."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    inbound_proxy_port: Annotated[str | None, Since("2.11")] = None
    outbound_proxy_port: Annotated[str | None, Since("2.11")] = None
    filter_tuple: Annotated[FiveTuple | None, Since("2.5")] = None
    user_sid: Annotated[str | None, Since("2.5")] = Field(default=None, alias="UserSID")
    inbound_exceptions: Annotated[ProxyExceptions | None, Since("2.14")] = None
    outbound_exceptions: Annotated[ProxyExceptions | None, Since("2.14")] = None
    # Known to clients, not to the published schema.
    port: str | None = None
