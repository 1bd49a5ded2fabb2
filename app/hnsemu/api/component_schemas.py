"""The schemas of the OpenAPI document: the models, in the form that client generators need.

Measured on generators of Python, TypeScript and Go clients: an integer without a format becomes 32
bits, a null becomes a union, and a closed enumeration fails at the first value it does not know.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonRef, models_json_schema
from pydantic_core import core_schema

from hnsemu.schema.enums import open_enumeration

Json = dict[str, Any]

REF = "#/components/schemas/"

# The server that ogen generates has a type of this name itself.
_PUBLISHED_AS = {"Route": "HcnRoute"}


def component_schemas(
    models: Iterable[type[BaseModel]], members: Mapping[str, Json]
) -> dict[str, Json]:
    """Return the schemas of `models` and of all schemas with a name that they use, by name.

    members: what models say that are declared elsewhere, by name.

    A schema with a title inside another becomes a component of that name: generators write a type
    for it, once.
    """
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=REF + "{model}",
        schema_generator=_ComponentSchemas,
    )
    definitions: dict[str, Json] = schemas["$defs"]
    for name, said in members.items():
        definitions[name] |= said
    named: dict[str, Json] = {}
    described = {name: _hoisted(schema, named) for name, schema in definitions.items()}
    return dict(sorted((described | named).items()))


def _hoisted(node: Any, named: dict[str, Json]) -> Any:  # noqa: ANN401 (any part of a schema)
    """Return a schema with references in the place of those that have a title; collect these."""
    if isinstance(node, list):
        return [_hoisted(item, named) for item in node]
    if not isinstance(node, dict):
        return node
    title = node.get("title")
    if not isinstance(title, str):
        return {key: _hoisted(value, named) for key, value in node.items()}
    named[title] = {key: _hoisted(value, named) for key, value in node.items() if key != "title"}
    return {"$ref": REF + title}


class _ComponentSchemas(GenerateJsonSchema):
    """Integers of 64 bits, nothing null, open enumerations, no defaults, no titles of members."""

    def normalize_name(self, name: str) -> str:
        """Publish some models under another name."""
        return _PUBLISHED_AS.get(name, super().normalize_name(name))

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 (pydantic's)
        """Leave titles out: they repeat the name of the member."""
        return False

    def int_schema(self, schema: core_schema.IntSchema) -> Json:
        """Say that an integer has 64 bits."""
        return {**super().int_schema(schema), "format": "int64"}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        """Leave null out: a member without a value is absent."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Json:
        """Leave out defaults: openapi-typescript requires members that have one."""
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> Json:
        """Describe a model by its docstring, on one line."""
        published = super().model_schema(schema)
        del published["title"]
        published["description"] = _one_line(published["description"])
        return published

    def generate_inner(self, schema: Any) -> Json:  # noqa: ANN401 (any of pydantic's schemas)
        """Publish open enumerations: a later Windows has more values.

        Not in `enum_schema`, as pydantic adds the name and the members after it.
        """
        published = super().generate_inner(schema)
        if schema["type"] == "enum":
            definition = self.get_schema_from_definitions(JsonRef(published["$ref"])) or {}
            if "enum" in definition:  # its first use; later ones find it open
                definition |= open_enumeration(
                    definition.pop("enum"), _one_line(definition.get("description", ""))
                )
                del definition["title"]
        return published

    def tuple_schema(self, schema: core_schema.TupleSchema) -> Json:
        """Publish a pair as an array of two: generators do not read `prefixItems`."""
        array = super().tuple_schema(schema)
        if "prefixItems" in array:
            array["items"] = array.pop("prefixItems")[0]
        return array


def _one_line(text: str) -> str:
    return " ".join(text.split())
