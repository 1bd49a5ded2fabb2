"""Policy list use cases, and the one store behind load balancers, SDN routes and plain lists."""

import dataclasses
from collections.abc import Sequence

from hnsemu.domain.guid import parse_guid
from hnsemu.domain.loadbalancers import frontends
from hnsemu.domain.policylists import PolicyList, PolicyListKind, check_policies, properties
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.identity import identity
from hnsemu.services.listing import selected, wanted_id
from hnsemu.storage import networks
from hnsemu.storage import policylists as storage
from hnsemu.storage.transaction import Transaction, reads, writes

# From schema 2.5 a list tells its network; seen in answers of HNS 15. Source: calico#8465 [O].
_TELLS_NETWORK = (15, 0)

_WORDS: dict[PolicyListKind | None, str] = {
    PolicyListKind.LOAD_BALANCER: "load balancer",
    PolicyListKind.ROUTE: "SDN route",
}


@writes
def create_policy_list(tx: Transaction, asked: HostComputePolicyList) -> PolicyList:
    """Keep a plain policy list: several policies, or one that is neither ELB nor ROUTE.

    Raises: HCN_E_INVALID_JSON_REFERENCE, HCN_E_ENDPOINT_NOT_FOUND, HCN_E_INVALID_POLICY,
            HCN_E_INVALID_POLICY_TYPE; E_OBJECT_ALREADY_EXISTS when the id is taken.
    """
    policies = tuple(str(each) for each in asked.policies or ())
    check_policies(policies)
    return keep(
        tx,
        PolicyList(
            key=0,
            kind=PolicyListKind.OTHER,
            references=tuple(text.removeprefix("/endpoints/") for text in asked.references or ()),
            policies=policies,
            **identity(tx, asked),
        ),
    )


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
    return chosen(tx, query, limit, after)


@writes
def modify_policy_list(tx: Transaction, policy_list_id: str) -> PolicyList:
    """Refuse: neither API can change a policy list as such.

    Raises: E_NOTIMPL, E_ELEMENT_NOT_FOUND.
    Source: hns-behaviour.md sections 1.2 and 3.1: no such call [C].
    """
    found(tx, policy_list_id)
    raise HnsError(
        Hr.E_NOTIMPL, "a policy list cannot be changed; delete it and create it anew with its ID"
    )


@writes
def delete_policy_list(tx: Transaction, policy_list_id: str) -> None:
    """Delete the policy list, of whatever kind; its frontends are free at once.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    forget(tx, policy_list_id)


def found(tx: Transaction, policy_list_id: str, kind: PolicyListKind | None = None) -> PolicyList:
    """Return the policy list, which is of `kind` if that is given.

    Raises: E_ELEMENT_NOT_FOUND. Source: hns-behaviour.md section 6.3 [I].
    """
    held = storage.find(tx, policy_list_id)
    if held is None or kind not in {None, held.kind}:
        what = _WORDS.get(kind, "policy list")
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no {what} has the ID {policy_list_id}; list them to see which exist",
        )
    return held


def chosen(
    tx: Transaction,
    query: HostComputeQuery,
    limit: int | None,
    after: str | None,
    kind: PolicyListKind | None = None,
) -> list[PolicyList]:
    """Return the policy lists, of `kind` if that is given, that `query` selects."""
    wanted = query.wanted
    one = wanted_id(wanted) if after is None else None
    if one is not None:
        held = storage.find(tx, one)
        lists = [] if held is None else [held]
    else:
        lists = storage.all_of(tx)
    of_kind = (each for each in lists if kind in {None, each.kind})
    return selected(of_kind, wanted, properties, limit, after)


def keep(tx: Transaction, policy_list: PolicyList) -> PolicyList:
    """Store a new policy list that is valid in itself, and let it answer on its frontends.

    Raises: E_OBJECT_ALREADY_EXISTS when its id is taken, E_ALREADY_EXISTS when a frontend is;
            HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NETWORK_NOT_FOUND.
    """
    if storage.find(tx, policy_list.id) is not None:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"ID {policy_list.id} is taken; leave it out to get a new one",
        )
    placed, endpoint_keys = _placed(tx, policy_list)
    _refuse_taken(tx, placed)
    key = storage.insert(tx, placed, endpoint_keys)
    storage.claim(tx, key, frontends(placed))
    return dataclasses.replace(placed, key=key)


def rewrite(tx: Transaction, policy_list: PolicyList) -> PolicyList:
    """Store the new content of a kept policy list; it gives its old frontends back first.

    Raises: E_ALREADY_EXISTS, HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NETWORK_NOT_FOUND.
    """
    placed, endpoint_keys = _placed(tx, dataclasses.replace(policy_list, updated=tx.now))
    storage.release(tx, placed.key)
    _refuse_taken(tx, placed)
    storage.replace(tx, placed, endpoint_keys)
    storage.claim(tx, placed.key, frontends(placed))
    return placed


def forget(tx: Transaction, policy_list_id: str, kind: PolicyListKind | None = None) -> None:
    """Delete the policy list, which is of `kind` if that is given."""
    storage.delete(tx, found(tx, policy_list_id, kind).key)


def _placed(tx: Transaction, policy_list: PolicyList) -> tuple[PolicyList, Sequence[int]]:
    """Return the policy list with its network, and the keys of its endpoints."""
    if not policy_list.references:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "References: a reference is required; name at least one endpoint",
        )
    ids = [parse_guid(reference) for reference in policy_list.references]
    known = storage.referable(tx, ids)
    for position, endpoint_id in enumerate(ids):
        if endpoint_id not in known:
            raise HnsError(
                Hr.HCN_E_ENDPOINT_NOT_FOUND,
                f"reference {position} names the endpoint {policy_list.references[position]}, "
                "which does not exist; create it first",
            )
    network = _network(tx, policy_list.network) or (
        known[ids[0]][1] if tx.host.release.hns >= _TELLS_NETWORK else ""
    )
    return dataclasses.replace(policy_list, network=network), [known[each][0] for each in ids]


def _network(tx: Transaction, asked: str) -> str:
    """Return the id of the network asked for, "" for none."""
    if not asked:
        return ""
    network_id = parse_guid(asked)
    if networks.find(tx, network_id) is None:
        raise HnsError(
            Hr.HCN_E_NETWORK_NOT_FOUND,
            f"HostComputeNetwork {asked} does not exist; leave it out or create it first",
        )
    return network_id


def _refuse_taken(tx: Transaction, policy_list: PolicyList) -> None:
    wanted = frontends(policy_list)
    taker = storage.holder(tx, wanted)
    if taker is not None:
        raise HnsError(
            Hr.E_ALREADY_EXISTS,
            f"load balancer {taker} answers on one of {', '.join(map(str, wanted))} already; "
            "delete or modify it, or use another address or port",
        )
