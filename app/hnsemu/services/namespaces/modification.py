"""Changing namespaces: HcnModifyNamespace."""

from hnsemu.domain.namespace_changes import (
    Member,
    MemberRequest,
    NamespaceChange,
    NamespaceFacts,
    change_members,
)
from hnsemu.domain.namespaces import Namespace, ResourceType
from hnsemu.policies.plumbing import unplumbable
from hnsemu.schema.v2.modify import ModifyNamespaceSettingRequest
from hnsemu.schema.v2.read_namespaces import member_request
from hnsemu.schema.v2.render_endpoints import endpoint_text
from hnsemu.services.namespaces.queries import found
from hnsemu.storage import host_numbers, namespace_changes
from hnsemu.storage.transaction import Transaction, writes


@writes
def modify_namespace(
    tx: Transaction, namespace_id: str, document: ModifyNamespaceSettingRequest
) -> Namespace:
    """Add an endpoint or a container to the namespace, or remove one; see `modify`."""
    return modify(tx, namespace_id, document)


def modify(
    tx: Transaction, namespace_id: str, document: ModifyNamespaceSettingRequest
) -> Namespace:
    """Add or remove a member inside another use case.

    Raises: E_ELEMENT_NOT_FOUND; HCN_E_NAMESPACE_ATTACH_FAILED for an endpoint with a policy that
            cannot be plumbed, which is degraded then; what `member_request` and `change_members`
            raise.
    """
    namespace = found(tx, namespace_id)
    request = member_request(document)
    facts = _gather(tx, namespace, request)
    change = change_members(facts, request, tx.source)
    return _write(tx, change)


def _gather(tx: Transaction, namespace: Namespace, request: MemberRequest) -> NamespaceFacts:
    names_endpoint = request.kind is ResourceType.ENDPOINT
    ids = (request.id,) if names_endpoint else namespace.endpoint_ids
    endpoints = namespace_changes.members(tx, ids)
    opens_compartment = request.adds and not names_endpoint and namespace.awaits_compartment
    return NamespaceFacts(
        namespace=namespace,
        now=tx.now,
        members=[Member(endpoint, unplumbable(endpoint.policies)) for endpoint in endpoints],
        next_compartment=host_numbers.next_compartment(tx) if opens_compartment else 0,
    )


def _write(tx: Transaction, change: NamespaceChange) -> Namespace:
    release = tx.host.release
    documents = [endpoint_text(plugged.endpoint, release) for plugged in change.endpoints]
    namespace = namespace_changes.write(tx, change, documents)
    if change.refusal is not None:
        raise change.refusal
    return namespace
