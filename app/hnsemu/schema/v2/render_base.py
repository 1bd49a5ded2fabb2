"""The first members of all HCN documents, in the order of the schema."""

from typing import Protocol

import orjson


class _HcnObject(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def additional_params(self) -> str: ...
    @property
    def schema_version(self) -> tuple[int, int]: ...


def base_document(item: _HcnObject, extra: dict[str, object]) -> dict[str, object]:
    """Return `Base` of a document, without empty members.

    extra: Health.Extra, for facts without a member in HCN.
    Source: hns-behaviour.md section 3.3, S:v2-namespace-query-reply-hns13.3 [O].
    """
    document: dict[str, object] = {"ID": item.id}
    if item.owner:
        document["Owner"] = item.owner
    if item.name:
        document["Name"] = item.name
    document["Version"] = item.version
    if item.additional_params != "{}":
        document["AdditionalParams"] = orjson.Fragment(item.additional_params)
    document["Health"] = {"Extra": extra}
    major, minor = item.schema_version
    document["SchemaVersion"] = {"Major": major, "Minor": minor}
    return document
