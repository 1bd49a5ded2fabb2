"""Creating policy lists: plain ones as HNS 1 posts them, and others inside their use cases."""

from hnsemu.domain.identity import new_identity
from hnsemu.domain.policylist_placement import halved, place
from hnsemu.domain.policylists import PolicyList, PolicyListKind, check_policies
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.read_identity import identity_request
from hnsemu.schema.v2.read_policylists import references
from hnsemu.storage import policylists
from hnsemu.storage.transaction import Transaction, writes


@writes
def create_policy_list(tx: Transaction, document: HostComputePolicyList) -> PolicyList:
    """Create a plain policy list; see `create_plain`."""
    return create_plain(tx, document)


def create_plain(tx: Transaction, document: HostComputePolicyList) -> PolicyList:
    """Create, inside another use case, several policies, or one that is neither ELB nor ROUTE.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE, and what `place` raises.
    """
    policies = tuple(str(policy) for policy in document.policies or ())
    check_policies(policies)
    policy_list = PolicyList(
        key=0,
        kind=PolicyListKind.OTHER,
        references=references(document),
        policies=policies,
        **new_identity(identity_request(document), tx.host.release, tx.now, tx.source),
    )
    return create(tx, policy_list)


def create(tx: Transaction, policy_list: PolicyList) -> PolicyList:
    """Create a policy list that is valid in itself, inside another use case.

    Raises: what `place` raises.
    """
    neighbours = policylists.neighbours(tx, policy_list)
    placed = place(policy_list, neighbours)
    if tx.watcher is not None and tx.watcher.halves:  # by a fault
        placed = halved(placed)
    return policylists.create(tx, placed)
