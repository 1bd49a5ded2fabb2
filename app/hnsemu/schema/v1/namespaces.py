"""Namespaces in HNS 1.

Source: hns-behaviour.md sections 2.5 and 4.2.
"""

from typing import Any, ClassVar

import orjson
from pydantic import Field

from hnsemu.domain.namespaces import Namespace, ResourceType
from hnsemu.domain.releases import Release
from hnsemu.errors import Hr
from hnsemu.schema.base import Document, Guid, parse
from hnsemu.schema.resources import health, namespace_resources
from hnsemu.schema.v1.earlier import as_printed_by
from hnsemu.schema.v1.spelling import Case, ordered, spell_ids
from hnsemu.schema.v2.modify import ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace

# Sent by containerd and printed by hosts of 15.0, not by those of 13.3. Source: calico#8465,
# Windows-Containers#485 [O].
_SENT_WITHOUT = (0, 0)
_SCHEMA_VERSION_SINCE = (15, 0)


class HNSNamespace(Document):
    """A namespace for HNSCall."""

    id: Guid | None = Field(default=None, alias="ID")
    name: str | None = None
    is_default: bool | None = None
    additional_params: dict[str, Any] | None = None

    def to_v2(self) -> HostComputeNamespace:
        """Return the namespace as an HCN 2 document; HNS 1 has no guest types."""
        document = {
            "ID": self.id,
            "Name": self.name,
            "AdditionalParams": self.additional_params,
            "Type": "HostDefault" if self.is_default else "Host",
            "SchemaVersion": {"Major": 2, "Minor": 0},
        }
        return HostComputeNamespace.model_validate(document)


class HNSNamespaceResource(Document):
    """The body of addresource and removeresource: `{"Type":"Endpoint","Data":{"Id":…}}`."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_JSON

    type: str | None = None
    data: dict[str, Any] | None = None

    def to_v2(self, request: str) -> ModifyNamespaceSettingRequest:
        """Return the HCN 2 request that does the same; `request` is Add or Remove."""
        data = self.data or {}
        resource = data.get("Id") or data.get("ID")
        member = "ContainerId" if (self.type or "").lower() == "container" else "EndpointId"
        document = {
            "ResourceType": self.type or "Endpoint",
            "RequestType": request,
            "Settings": {member: resource},
        }
        return parse(ModifyNamespaceSettingRequest, document)


def namespace_v1(namespace: Namespace, release: Release, case: Case) -> dict[str, object]:
    """Return the namespace as HNS 1 prints it: ResourceList for the caller, Resources for HNS.

    HNS 1 has no member for Owner, and none that says whether a default namespace is a guest's.
    """
    spell = spell_ids(release, case)
    document: dict[str, object] = {
        "ActivityId": spell(namespace.activity_id),
        "AdditionalParams": orjson.Fragment(namespace.additional_params),
        "CompartmentId": namespace.compartment_id,
        "Containers": list(namespace.containers),
        "Flags": 0,
        "Health": health(namespace.updated),
        "ID": spell(namespace.id),
        "IsDefault": namespace.is_default,
        "Policies": [],
        "Resources": namespace_resources(namespace, release),
        "State": 1,
        "Version": namespace.version,
    }
    if namespace.compartment_guid:
        document["CompartmentGuid"] = spell(namespace.compartment_guid)
    endpoints = [
        resource for kind, resource in namespace.resources if kind == ResourceType.ENDPOINT
    ]
    if endpoints:
        document["ResourceList"] = [
            {"Data": {"Id": endpoint.upper()}, "Type": "Endpoint"} for endpoint in endpoints
        ]
    if namespace.schema_version == _SENT_WITHOUT and release.hns >= _SCHEMA_VERSION_SINCE:
        document["SchemaVersion"] = {"Major": 0, "Minor": 0}
    return as_printed_by(release, ordered(document, release), spell)
