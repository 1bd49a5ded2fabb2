"""Use cases of load balancers: HcnCreateLoadBalancer and its kin; each is one transaction."""

from hnsemu.domain.identity import new_identity
from hnsemu.domain.loadbalancers import (
    as_known_by,
    check_load_balancer,
    with_backends,
    with_content,
    with_whole_content,
    without_backends,
)
from hnsemu.domain.policylists import PolicyList, PolicyListKind
from hnsemu.domain.releases import require
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify_loadbalancers import ModifyLoadBalancerSettingRequest
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.schema.v2.read_identity import identity_request
from hnsemu.schema.v2.read_policylists import load_balancer_content
from hnsemu.services.policylists import creation, deletion, modification
from hnsemu.services.policylists.queries import found, list_kind
from hnsemu.storage.transaction import Transaction, reads, writes

_KIND = PolicyListKind.LOAD_BALANCER


@writes
def create_load_balancer(tx: Transaction, document: HostComputeLoadBalancer) -> PolicyList:
    """Create a load balancer; see `create`."""
    return create(tx, document)


def create(tx: Transaction, document: HostComputeLoadBalancer) -> PolicyList:
    """Create a load balancer inside another use case.

    Raises: what `check_load_balancer` and `place` raise.
    """
    release = tx.host.release
    identity = new_identity(identity_request(document), release, tx.now, tx.source)
    blank = PolicyList(key=0, kind=_KIND, **identity)
    balancer = with_content(blank, load_balancer_content(document))
    check_load_balancer(balancer, release)
    return creation.create(tx, as_known_by(balancer, release))


@reads
def get_load_balancer(tx: Transaction, load_balancer_id: str) -> PolicyList:
    """Return the load balancer.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return found(tx, load_balancer_id, _KIND)


@reads
def list_load_balancers(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[PolicyList]:
    """Return the load balancers that `query` selects, in creation order."""
    return list_kind(tx, _KIND, query, limit, after)


@writes
def modify_load_balancer(
    tx: Transaction,
    load_balancer_id: str,
    request: HostComputeLoadBalancer | ModifyLoadBalancerSettingRequest,
) -> PolicyList:
    """Change the load balancer; its id stays.

    A whole document replaces everything. A request replaces what its Settings name (Update), or
    adds or removes the backends they name (Add, Remove). HNS 15.4 says success and changes nothing.
    Raises: E_ELEMENT_NOT_FOUND; E_NOTIMPL before HNS 15.4; HCN_E_REQUEST_UNSUPPORTED for another
            request; what `check_load_balancer` and `place` raise.
    Source: hcsshim's Update sends the document [C], hns.v2.psm1 the request [C]; effects [I];
            15.4: kubernetes#131466 [O].
    """
    balancer = found(tx, load_balancer_id, _KIND)
    release = tx.host.release
    require(release, "ModifyLoadbalancer", Hr.E_NOTIMPL, "changing a load balancer")
    changed = _changed(balancer, request)
    check_load_balancer(changed, release)
    if not release.changes_load_balancers:
        return balancer
    return modification.change(tx, changed)


@writes
def delete_load_balancer(tx: Transaction, load_balancer_id: str) -> None:
    """Delete the load balancer; see `delete`."""
    delete(tx, load_balancer_id)


def delete(tx: Transaction, load_balancer_id: str) -> None:
    """Delete the load balancer inside another use case; its frontends are free at once.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    deletion.delete(tx, load_balancer_id, _KIND)


def _changed(
    balancer: PolicyList, request: HostComputeLoadBalancer | ModifyLoadBalancerSettingRequest
) -> PolicyList:
    if isinstance(request, HostComputeLoadBalancer):
        return with_whole_content(balancer, load_balancer_content(request))
    content = load_balancer_content(request.settings or HostComputeLoadBalancer())
    backends = content.get("references", ())
    if request.request_type is ModifyRequestType.Update:
        return with_content(balancer, content)
    if request.request_type is ModifyRequestType.Add:
        return with_backends(balancer, backends)
    if request.request_type is ModifyRequestType.Remove:
        return without_backends(balancer, backends)
    raise HnsError(
        Hr.HCN_E_REQUEST_UNSUPPORTED,
        f"RequestType {request.request_type or 'is missing'}; "
        "use Update, Add or Remove, or send the whole load balancer",
    )
