"""What Schemathesis has to know about HNS; it loads this file by SCHEMATHESIS_HOOKS.

Clients of HNS send `null` for what is absent, nothing at all for `{}`, numbers of enumerations for
their names, numbers for texts, 0 and 1 for false and true: Go, PowerShell and C write JSON so. The
document does not offer that, the service reads it. `reads_as_windows` wants everything else
refused that the document forbids; the stock check would want these refused too. A document that
names no schema version is read as one of HNS 1, also under /v2.
"""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import jsonschema_rs
import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    ensure_resource_availability,
    negative_data_rejection,
)

from tests.api.calls import WORKING

_NOTHING = object()
_SWITCH = "#/components/schemas/SwitchSettings"
_numbers = count(1)

_OF_HNS_1 = {
    "HostComputeNetwork": "HNSNetwork",
    "HostComputeEndpoint": "HNSEndpoint",
    "HostComputeNamespace": "HNSNamespace",
    "HostComputePolicyList": "HNSPolicyList",
}


@schemathesis.check
def reads_as_windows(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Refuse what the document forbids, but for the ways of writing JSON that Windows reads."""
    if case.meta is not None and _only_the_body_is_bad(case) and _is_read(case):
        return None
    return negative_data_rejection(ctx, response, case)


@schemathesis.check
def finds_what_it_made(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Find what was made, but where the body names another object: that may be what is missing."""
    if case.operation.definition.raw["operationId"].startswith(("add", "remove", "modify")):
        return None
    return ensure_resource_availability(ctx, response, case)


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Make objects that can be made before going on with them: random ones are mostly refused."""
    if case.method == "POST" and case.meta is not None and case.meta.phase.name == "stateful":
        call = WORKING.get(case.operation.definition.raw["operationId"])
        if call is not None and isinstance(call.json, dict) and "{" not in case.path:
            case.body = dict(call.json)
            if "Name" in call.json:
                case.body["Name"] = f"{call.json['Name']}-{next(_numbers)}"


def _media_type(case: Case[Any]) -> dict[str, Any]:
    raw = case.operation.definition.raw
    content = raw.get("requestBody", {}).get("content", {})
    return dict(content.get("application/json", {}))


def _only_the_body_is_bad(case: Case[Any]) -> bool:
    assert case.meta is not None
    bad = {where for where, part in case.meta.components.items() if part.mode.is_negative}
    return bad <= {ParameterLocation.BODY}


def _is_read(case: Case[Any]) -> bool:
    """Whether the body says in another way what the document allows."""
    schema = _media_type(case).get("schema")
    try:
        sent = json.loads(case.body.strip() or b"{}") if isinstance(case.body, bytes) else case.body
    except ValueError:
        return False
    if schema is None or sent is None:
        return False
    body = {} if sent is NOT_SET else sent
    schemas = [schema]
    if isinstance(body, dict) and not body.get("SchemaVersion"):
        named = _OF_HNS_1.get(schema.get("$ref", "").rpartition("/")[2])
        schemas += [{"$ref": f"#/components/schemas/{named}"}] if named else []
    components = case.operation.schema.raw_schema["components"]
    return any(
        jsonschema_rs.is_valid({**each, "components": components}, _as_read(each, body, components))
        for each in schemas
    )


def _as_read(schema: Mapping[str, Any], value: object, components: Mapping[str, Any]) -> object:
    """Return `value` as the service understands it; `_NOTHING` for null."""
    if schema.get("$ref") == _SWITCH and isinstance(value, str):
        return {"name": value}  # its description says so
    if "$ref" in schema:
        schema = components["schemas"][schema["$ref"].rpartition("/")[2]]
    if value is None:
        return _NOTHING
    if isinstance(value, dict):
        members = schema.get("properties", {})
        named = {
            name: _as_read(members.get(name, {}), member, components)
            for name, member in value.items()
        }
        return {name: member for name, member in named.items() if member is not _NOTHING}
    if isinstance(value, list):
        read = [_as_read(schema.get("items", {}), item, components) for item in value]
        return [None if item is _NOTHING else item for item in read]
    return _scalar_as_read(schema.get("type"), value)


def _scalar_as_read(kind: str | None, value: object) -> object:
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if kind in {"integer", "number"} and isinstance(value, bool):
        return int(value)
    if kind == "integer" and isinstance(value, str) and value.strip().isdigit():
        return int(value)
    if kind == "boolean" and value in {0, 1}:
        return bool(value)
    return value
