"""Documents that the emulator has made up itself: each value is of the kind its schema names.

HNS takes `true` for 1 and `"80"` for 80, and so do the documents of HCN and HNS. In what tells the
emulator what to do, such a value is a mistake of who wrote it.
"""

from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from hnsemu.errors import Hr
from hnsemu.schema.base import Document

_INNER = ("schema", "choices", "items_schema", "values_schema")


class ExactDocument(Document):
    """A document in which a number is a JSON number, and a flag is `true` or `false`.

    1.0 is a whole number, as JSON schema has it; of a member that is there twice, the last counts.
    """

    INVALID: ClassVar[Hr] = Hr.E_INVALIDARG

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Convert nothing in the members."""
        exact: CoreSchema = _exact_members(handler(source))
        return exact


def _exact_members(schema: Any) -> Any:  # noqa: ANN401 (a schema is a dictionary of many types)
    """Return the schema of a model whose own members are exact."""
    if schema["type"] == "model-fields":
        members = {name: _exact(member) for name, member in schema["fields"].items()}
        return {**schema, "fields": members}
    if "schema" in schema:
        return {**schema, "schema": _exact_members(schema["schema"])}
    return schema


def _exact(schema: Any) -> Any:  # noqa: ANN401 (as above)
    """Return a schema that takes no other kind; documents inside go by their own."""
    if isinstance(schema, list):
        return [_exact(choice) for choice in schema]
    if schema["type"] == "model":
        return schema
    if schema["type"] in _CHECKS:
        return core_schema.no_info_before_validator_function(_CHECKS[schema["type"]], schema)
    if schema["type"] in {"bool", "float"}:
        return {**schema, "strict": True}
    return schema | {name: _exact(schema[name]) for name in _INNER if name in schema}


def _whole(value: object) -> object:
    """Refuse what pydantic would make a number of."""
    if isinstance(value, (bool, str)):
        raise PydanticKnownError("int_type")
    return value


def _time(value: object) -> object:
    """Refuse seconds since 1970."""
    if not isinstance(value, str):
        raise PydanticKnownError("datetime_type")
    return value


_CHECKS = {"int": _whole, "datetime": _time}
