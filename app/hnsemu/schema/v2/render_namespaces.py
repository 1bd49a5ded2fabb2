"""Namespaces as HCN documents."""

from hnsemu.domain.namespaces import Namespace, NamespaceType, ResourceType
from hnsemu.domain.releases import Release
from hnsemu.schema.resources import namespace_resources
from hnsemu.schema.v2.render_base import base_document


def namespace_document(namespace: Namespace, release: Release) -> dict[str, object]:
    """Return the document of a namespace, without empty members.

    Type Host is the zero of its enumeration and left out, like NAT of networks [I].
    """
    document = base_document(namespace, {"Resources": namespace_resources(namespace, release)})
    if namespace.compartment_id:
        document["NamespaceId"] = namespace.compartment_id
    if namespace.compartment_guid:
        document["NamespaceGuid"] = namespace.compartment_guid
    if namespace.type is not NamespaceType.HOST:
        document["Type"] = str(namespace.type)
    if namespace.resources:
        document["Resources"] = [_resource(*resource) for resource in namespace.resources]
    return document


def _resource(kind: str, identity: str) -> dict[str, object]:
    """Return one resource. Endpoint ids are upper-case here. Source: wcn's tests [O]."""
    shown = identity.upper() if kind == ResourceType.ENDPOINT else identity
    return {"Type": kind, "Data": {"Id": shown}}
