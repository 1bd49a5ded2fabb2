"""Load balancer use cases: HcnCreateLoadBalancer and its kin."""

import dataclasses
from typing import TypedDict

from hnsemu.domain.guid import parse_guid
from hnsemu.domain.loadbalancers import check_load_balancer
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping
from hnsemu.domain.releases import require
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.enums import LoadBalancerDistribution, ModifyRequestType
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer, LoadBalancerPortMapping
from hnsemu.schema.v2.modify_loadbalancers import ModifyLoadBalancerSettingRequest
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services import policylists
from hnsemu.services.identity import identity
from hnsemu.storage.transaction import Transaction, reads, writes

_KIND = PolicyListKind.LOAD_BALANCER
_DISTRIBUTIONS = {each: number for number, each in enumerate(LoadBalancerDistribution)}


class _Content(TypedDict, total=False):
    """The members of a load balancer that a modification may change, as facts."""

    name: str
    owner: str
    network: str
    references: tuple[str, ...]
    source_vip: str
    frontend_vips: tuple[str, ...]
    port_mappings: tuple[PortMapping, ...]
    flags: int


# What a whole document does not name is empty afterwards, but for the name and the owner.
_NOTHING = _Content(
    network="", references=(), source_vip="", frontend_vips=(), port_mappings=(), flags=0
)


def create(tx: Transaction, asked: HostComputeLoadBalancer) -> PolicyList:
    """Keep a load balancer; one that is refused leaves nothing behind.

    Raises: what `check_load_balancer` and `policylists.keep` raise.
    """
    blank = PolicyList(key=0, kind=_KIND, **identity(tx, asked))
    balancer = dataclasses.replace(blank, **_content(asked))
    check_load_balancer(balancer, tx.host.release)
    return policylists.keep(tx, balancer)


create_load_balancer = writes(create)


@reads
def get_load_balancer(tx: Transaction, load_balancer_id: str) -> PolicyList:
    """Return the load balancer.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return policylists.found(tx, load_balancer_id, _KIND)


@reads
def list_load_balancers(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[PolicyList]:
    """Return the load balancers that `query` selects, in creation order."""
    return policylists.chosen(tx, query, limit, after, _KIND)


@writes
def modify_load_balancer(
    tx: Transaction,
    load_balancer_id: str,
    asked: HostComputeLoadBalancer | ModifyLoadBalancerSettingRequest,
) -> PolicyList:
    """Change the load balancer; its id stays.

    A whole document replaces everything. A request replaces what its Settings name (Update), or
    adds or removes the backends they name (Add, Remove).
    Raises: E_ELEMENT_NOT_FOUND; E_NOTIMPL before HNS 15.4; HCN_E_REQUEST_UNSUPPORTED for another
            request; what `check_load_balancer` and `policylists.rewrite` raise.
    Source: hcsshim's Update sends the document [C], hns.v2.psm1 the request [C]; effects [I].
    """
    held = policylists.found(tx, load_balancer_id, _KIND)
    release = tx.host.release
    require(release, "ModifyLoadbalancer", Hr.E_NOTIMPL, "changing a load balancer")
    if isinstance(asked, HostComputeLoadBalancer):
        changed = dataclasses.replace(dataclasses.replace(held, **_NOTHING), **_content(asked))
    else:
        changed = _changed(held, asked)
    check_load_balancer(changed, release)
    return policylists.rewrite(tx, changed)


def delete(tx: Transaction, load_balancer_id: str) -> None:
    """Delete the load balancer; what it answered on is free at once.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    policylists.forget(tx, load_balancer_id, _KIND)


delete_load_balancer = writes(delete)


def _changed(held: PolicyList, asked: ModifyLoadBalancerSettingRequest) -> PolicyList:
    content = _content(asked.settings or HostComputeLoadBalancer())
    named = content.get("references", ())
    if asked.request_type is ModifyRequestType.Update:
        return dataclasses.replace(held, **content)
    if asked.request_type is ModifyRequestType.Add:
        fresh = _without(named, held.references)
        return dataclasses.replace(held, references=held.references + fresh)
    if asked.request_type is ModifyRequestType.Remove:
        return dataclasses.replace(held, references=_without(held.references, named))
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED,
        f"RequestType {asked.request_type or 'is missing'}; "
        "use Update, Add or Remove, or send the whole load balancer",
    )


def _without(references: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    excluded = {parse_guid(other) for other in others}
    return tuple(each for each in references if parse_guid(each) not in excluded)


def _content(asked: HostComputeLoadBalancer) -> _Content:
    """Return what the document names, as facts; an empty VIP is none."""
    content = _Content()
    if asked.name is not None:
        content["name"] = asked.name
    if asked.owner is not None:
        content["owner"] = asked.owner
    if asked.host_compute_network is not None:
        content["network"] = asked.host_compute_network
    if asked.host_compute_endpoints is not None:
        content["references"] = asked.host_compute_endpoints
    if asked.source_vip is not None:
        content["source_vip"] = asked.source_vip
    if asked.frontend_vips is not None:
        content["frontend_vips"] = tuple(vip for vip in asked.frontend_vips if vip)
    if asked.port_mappings is not None:
        content["port_mappings"] = tuple(_mapping(each) for each in asked.port_mappings)
    if asked.flags is not None:
        content["flags"] = asked.flags
    return content


def _mapping(asked: LoadBalancerPortMapping) -> PortMapping:
    return PortMapping(
        protocol=asked.protocol or 0,
        internal_port=asked.internal_port or 0,
        external_port=asked.external_port or 0,
        distribution_type=_DISTRIBUTIONS[asked.distribution_type or LoadBalancerDistribution.NONE],
        flags=asked.flags or 0,
    )
