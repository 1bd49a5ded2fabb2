"""Reading policy lists of every kind."""

from hnsemu.domain.policylists import PolicyList, PolicyListKind, properties
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.listing import selected, wanted_id
from hnsemu.storage import policylists
from hnsemu.storage.transaction import Transaction, reads

_WORDS: dict[PolicyListKind | None, str] = {
    PolicyListKind.LOAD_BALANCER: "load balancer",
    PolicyListKind.ROUTE: "SDN route",
}


@reads
def get_policy_list(tx: Transaction, policy_list_id: str) -> PolicyList:
    """Return the policy list, of whatever kind.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return found(tx, policy_list_id)


@reads
def list_policy_lists(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[PolicyList]:
    """Return the policy lists of every kind that `query` selects, in creation order."""
    return list_kind(tx, None, query, limit, after)


def found(tx: Transaction, policy_list_id: str, kind: PolicyListKind | None = None) -> PolicyList:
    """Return the policy list, which is of `kind` if that is given, inside another use case.

    Raises: E_ELEMENT_NOT_FOUND. Source: hns-behaviour.md section 6.3 [I].
    """
    policy_list = policylists.find(tx, policy_list_id)
    if policy_list is None or kind not in {None, policy_list.kind}:
        what = _WORDS.get(kind, "policy list")
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no {what} has the ID {policy_list_id}; list them to see which exist",
        )
    return policy_list


def list_kind(
    tx: Transaction,
    kind: PolicyListKind | None,
    query: HostComputeQuery,
    limit: int | None,
    after: str | None,
) -> list[PolicyList]:
    """Return the policy lists, of `kind` if that is given, that `query` selects."""
    wanted = query.wanted
    only_id = wanted_id(wanted) if after is None else None
    if only_id is None:
        candidates = policylists.all_of(tx)
    else:
        policy_list = policylists.find(tx, only_id)
        candidates = [] if policy_list is None else [policy_list]
    of_kind = (candidate for candidate in candidates if kind in {None, candidate.kind})
    return selected(of_kind, wanted, properties, limit, after)
