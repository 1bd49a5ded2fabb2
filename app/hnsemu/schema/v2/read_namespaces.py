"""Read the documents of namespaces into values of the domain."""

from hnsemu.domain.namespace_changes import MemberRequest
from hnsemu.domain.namespace_creation import NamespaceRequest
from hnsemu.domain.namespaces import NamespaceType, ResourceType
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.modify import (
    ModifyNamespaceSettingRequest,
    NamespaceContainerRequest,
    NamespaceEndpointRequest,
)
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.read_identity import identity_request


def namespace_request(document: HostComputeNamespace) -> NamespaceRequest:
    """Return the namespace in a document.

    No Type is Host: namespaces created from a zero struct get a compartment each
    (Windows-Containers#485 [O]). Windows assigns NamespaceId: tests always send 5.
    """
    return NamespaceRequest(
        identity=identity_request(document),
        type=NamespaceType(str(document.type or NamespaceType.HOST)),
        with_compartment=bool(document.create_with_compartment),
        ready_on_create=bool(document.ready_on_create),
    )


def member_request(document: ModifyNamespaceSettingRequest) -> MemberRequest:
    """Return the resource that a request adds or removes.

    Raises: HCN_E_INVALID_JSON for a missing member; HCN_E_REQUEST_UNSUPPORTED for a RequestType
            that namespaces do not have.
    """
    if document.resource_type is None or document.request_type is None:
        missing = "ResourceType" if document.resource_type is None else "RequestType"
        raise HnsError(
            Hr.HCN_E_INVALID_JSON,
            f"{missing} is missing; send ResourceType Endpoint or Container and RequestType Add "
            "or Remove",
        )
    if document.request_type not in {ModifyRequestType.Add, ModifyRequestType.Remove}:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"RequestType {document.request_type} does not apply to a namespace; use Add or Remove",
        )
    kind = ResourceType(str(document.resource_type))
    read_id = _endpoint_id if kind is ResourceType.ENDPOINT else _container_id
    adds = document.request_type is ModifyRequestType.Add
    return MemberRequest(kind, adds, read_id(document.settings))


def _endpoint_id(settings: object) -> str:
    endpoint_id = parse(NamespaceEndpointRequest, settings).endpoint_id
    if endpoint_id is None:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON, "Settings.EndpointId is missing; give the ID of an endpoint"
        )
    return endpoint_id


def _container_id(settings: object) -> str:
    container_id = parse(NamespaceContainerRequest, settings).container_id
    if not container_id:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON, "Settings.ContainerId is missing; give the ID of a container"
        )
    return container_id
