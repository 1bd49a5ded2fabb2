"""Proxies: L4Proxy through VFP, of endpoints and networks, and L4WFPPROXY through WFP."""

from hnsemu.domain.dataplane import Proxy
from hnsemu.domain.digits import number_in
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.wfp import WfpExceptions, WfpProxy
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.schema.v2.policies.proxy import (
    L4ProxyPolicySetting,
    L4WfpProxyPolicySetting,
    ProxyExceptions,
)

_TCP = 6


def check_network_proxy(settings: L4ProxyPolicySetting, _context: PolicyContext) -> None:
    """Refuse a proxy of a network without a port.

    Raises: HCN_E_INVALID_POLICY.
    """
    if not settings.port:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "L4Proxy: Port is missing; name the port of the proxy"
        )


def proxy(settings: L4ProxyPolicySetting, ref: PolicyRef) -> Proxy:
    """Return what VFP redirects."""
    return Proxy(
        address=settings.ip or "",
        port=_number(settings.port),
        protocol=settings.protocol or _TCP,
        destination=settings.destination or "",
        exceptions=(*(settings.exception_list or ()), *(settings.exceptions or ())),
        outbound_nat=bool(settings.outbound_nat),
        policy=ref,
    )


def wfp_proxy(settings: L4WfpProxyPolicySetting, ref: PolicyRef) -> WfpProxy:
    """Return what WFP redirects."""
    return WfpProxy(
        outbound_port=_number(settings.outbound_proxy_port or settings.port),
        inbound_port=_number(settings.inbound_proxy_port),
        match=settings.filter_tuple.tuple5 if settings.filter_tuple else Tuple5(),
        user_sid=settings.user_sid or "",
        outbound=_exceptions(settings.outbound_exceptions),
        inbound=_exceptions(settings.inbound_exceptions),
        policy=ref,
    )


def _exceptions(settings: ProxyExceptions | None) -> WfpExceptions:
    if settings is None:
        return WfpExceptions()
    return WfpExceptions(settings.ip_address_exceptions or (), settings.port_exceptions or ())


def _number(text: str | None) -> int:
    return number_in(text or "") or 0
