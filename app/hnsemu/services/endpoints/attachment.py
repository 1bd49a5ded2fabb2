"""Endpoints plugged in and out: to containers, virtual machines, the host, and namespaces."""

from hnsemu.domain.attachments import Attachment
from hnsemu.domain.endpoint_changes import (
    decide_attachment,
    decide_detachment,
)
from hnsemu.domain.endpoints import Endpoint
from hnsemu.policies.plumbing import unplumbable
from hnsemu.services.endpoint_records import found, keep
from hnsemu.storage.transaction import Transaction, writes


def attach(tx: Transaction, endpoint_id: str, to: Attachment) -> Endpoint:
    """Plug the endpoint in, inside another use case.

    It is degraded when a policy cannot be plumbed.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_NAMESPACE_ATTACH_FAILED and what `decide_attachment`
            raises.
    """
    endpoint = found(tx, endpoint_id)
    change = decide_attachment(endpoint, to, unplumbable(endpoint.policies), tx.now)
    return keep(tx, change)


attach_endpoint = writes(attach)


def detach(tx: Transaction, endpoint_id: str, container_id: str = "") -> Endpoint:
    """Inside another use case, unplug the endpoint, or take one of several containers off it.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_ENDPOINT_NOT_ATTACHED.
    """
    endpoint = found(tx, endpoint_id)
    change = decide_detachment(endpoint, container_id, tx.now)
    return keep(tx, change)


detach_endpoint = writes(detach)
