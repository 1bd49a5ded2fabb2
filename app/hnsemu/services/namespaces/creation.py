"""Namespace use cases: HcnCreateNamespace and its kin."""

import dataclasses

from hnsemu.domain.namespaces import (
    HOST_COMPARTMENT,
    HOST_COMPARTMENT_GUID,
    Namespace,
    NamespaceType,
    properties,
)
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.releases import supports
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.modify import ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.identity import identity
from hnsemu.services.listing import selected, wanted_id
from hnsemu.services.namespaces import members as namespace_members
from hnsemu.storage import namespaces as storage
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def create_namespace(tx: Transaction, asked: HostComputeNamespace) -> Namespace:
    """Keep an empty namespace.

    No Type is Host: namespaces made from a zero struct get compartments of their own
    (Windows-Containers#485 [O]). NamespaceId is Windows' to give: tests ask for 5 again and again.
    Raises: E_OBJECT_ALREADY_EXISTS when the id is taken.
    """
    kept = _keep(tx, _fresh(tx, asked))
    if _wants_compartment(tx, asked):
        return namespace_members.open_compartment(tx, kept)
    return kept


def furnish_default(tx: Transaction) -> Namespace:
    """Keep the default namespace a fresh host comes with; it cannot be deleted."""
    asked = HostComputeNamespace(type=NamespaceType.HOST_DEFAULT)
    return _keep(tx, dataclasses.replace(_fresh(tx, asked), built_in=True))


@reads
def get_namespace(tx: Transaction, namespace_id: str) -> Namespace:
    """Return the namespace.

    Raises: E_ELEMENT_NOT_FOUND. Source: hcnerrors_test.go of hcsshim [O].
    """
    return found(tx, namespace_id)


@reads
def list_namespaces(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Namespace]:
    """Return the namespaces that `query` selects, in creation order."""
    wanted = query.wanted
    one = wanted_id(wanted) if after is None else None
    if one is None:
        return selected(storage.all_of(tx), wanted, properties, limit, after)
    held = storage.find(tx, one)
    return selected([] if held is None else [held], wanted, properties, limit, after)


@writes
def modify_namespace(
    tx: Transaction, namespace_id: str, asked: ModifyNamespaceSettingRequest
) -> Namespace:
    """Add an endpoint or a container to the namespace, or remove one.

    Raises: E_ELEMENT_NOT_FOUND; what `namespace_members.change` raises.
    """
    changed = namespace_members.change(tx, found(tx, namespace_id), asked)
    storage.touch(tx, changed.key, tx.now)
    return dataclasses.replace(changed, updated=tx.now)


@writes
def delete_namespace(tx: Transaction, namespace_id: str) -> None:
    """Take the endpoints out of the namespace and delete it.

    Raises: E_ELEMENT_NOT_FOUND; HCN_E_REQUEST_UNSUPPORTED while containers are listed
            (hcsshim#2155 [O]) and for the namespace the host came with [I].
    """
    namespace = found(tx, namespace_id)
    if namespace.built_in:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"{namespace.id} is the default namespace of the host; it stays",
        )
    if namespace.containers:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"the namespace lists the containers {', '.join(namespace.containers)}; "
            "remove them first",
        )
    namespace_members.take_out_endpoints(tx, namespace)
    storage.delete(tx, namespace.key)
    tx.notify(Notification(HcnNotification.NAMESPACE_DELETE, namespace.id))


def found(tx: Transaction, namespace_id: str) -> Namespace:
    """Return the namespace.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    namespace = storage.find(tx, namespace_id)
    if namespace is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no namespace has the ID {namespace_id}; list them to see which exist",
        )
    return namespace


def _fresh(tx: Transaction, asked: HostComputeNamespace) -> Namespace:
    """Return the namespace asked for; a HostDefault one is in the compartment of the host."""
    namespace_type = NamespaceType(str(asked.type or NamespaceType.HOST))
    in_host = namespace_type is NamespaceType.HOST_DEFAULT
    return Namespace(
        key=0,
        type=namespace_type,
        compartment_id=HOST_COMPARTMENT if in_host else 0,
        compartment_guid=HOST_COMPARTMENT_GUID if in_host else "",
        allocator_id=tx.source.guid(),
        **identity(tx, asked),
    )


def _keep(tx: Transaction, namespace: Namespace) -> Namespace:
    if storage.find(tx, namespace.id) is not None:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS, f"ID {namespace.id} is taken; leave it out to get a new one"
        )
    tx.notify(Notification(HcnNotification.NAMESPACE_CREATE, namespace.id))
    return dataclasses.replace(namespace, key=storage.insert(tx, namespace))


def _wants_compartment(tx: Transaction, asked: HostComputeNamespace) -> bool:
    """Tell whether the compartment is asked for now rather than with the first container.

    Source: CreateWithCompartment of hns.v2.psm1 [C]; ReadyOnCreate of containerd and hcsshim, which
    HNS 13.4 and 15.2 brought for pods without a pause container [C], the effect [I].
    """
    ready = asked.ready_on_create and supports(tx.host.release, "NamespaceReadyOnCreate")
    return bool(asked.create_with_compartment or ready)
