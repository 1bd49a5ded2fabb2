"""Deleting policy lists of every kind."""

from hnsemu.domain.policylists import PolicyListKind
from hnsemu.services.policylists.queries import found
from hnsemu.storage import policylists
from hnsemu.storage.transaction import Transaction, writes


@writes
def delete_policy_list(tx: Transaction, policy_list_id: str) -> None:
    """Delete the policy list, of whatever kind; its frontends are free at once.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    delete(tx, policy_list_id)


def delete(tx: Transaction, policy_list_id: str, kind: PolicyListKind | None = None) -> None:
    """Delete the policy list, which is of `kind` if that is given, inside another use case.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    policylists.remove(tx, found(tx, policy_list_id, kind))
