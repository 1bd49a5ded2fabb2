"""Changing policy lists: refused for plain ones, done for the kinds that can change."""

from dataclasses import replace

from hnsemu.domain.policylist_placement import place
from hnsemu.domain.policylists import PolicyList
from hnsemu.errors import HnsError, Hr
from hnsemu.services.policylists.queries import found
from hnsemu.storage import policylists
from hnsemu.storage.transaction import Transaction, writes


@writes
def modify_policy_list(tx: Transaction, policy_list_id: str) -> PolicyList:
    """Refuse: neither API can change a policy list as such.

    Raises: E_NOTIMPL, E_ELEMENT_NOT_FOUND.
    Source: hns-behaviour.md sections 1.2 and 3.1: no such call [C].
    """
    found(tx, policy_list_id)
    raise HnsError(
        Hr.E_NOTIMPL, "a policy list cannot be changed; delete it and create it again with its ID"
    )


def change(tx: Transaction, policy_list: PolicyList) -> PolicyList:
    """Give a policy list new content, valid in itself, inside another use case.

    Raises: what `place` raises.
    """
    neighbours = policylists.neighbours(tx, policy_list)
    placed = place(replace(policy_list, updated=tx.now), neighbours)
    return policylists.change(tx, placed)
