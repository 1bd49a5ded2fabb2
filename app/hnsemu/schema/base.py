"""Reading documents: plain values to frozen models, and the HRESULT of each refusal.

`bodies.read` turns bytes into plain values, `parse` turns values into a `Document`. Settings of
policies stay the text that was sent (`RawJson`): clients compare them byte for byte
(docs/adr/0005).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
)
from pydantic.alias_generators import to_pascal
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from hnsemu.domain.guid import parse_guid
from hnsemu.errors import HnsError, Hr

D = TypeVar("D", bound="Document")


class RawJson(str):
    """The JSON text of an opaque member, exactly as it was sent."""

    __slots__ = ()

    def value(self) -> Any:  # noqa: ANN401 (any JSON value)
        """Return the parsed value."""
        return orjson.loads(str(self))  # orjson takes no subclass of str

    def members(self) -> dict[str, Any]:
        """Return the parsed value.

        Raises: HCN_E_INVALID_POLICY unless it is an object.
        """
        value = self.value()
        if not isinstance(value, dict):
            raise HnsError(Hr.HCN_E_INVALID_POLICY, f"Settings must be a JSON object, not {self}")
        return value

    @classmethod
    def of(cls, value: object) -> "RawJson":
        """Return `value` as compact JSON text; a RawJson stays as it is, inside of others too."""
        if isinstance(value, RawJson):
            return value
        text = orjson.dumps(value, _as_sent, orjson.OPT_PASSTHROUGH_SUBCLASS)
        return cls(text.decode())

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept any JSON value."""
        return core_schema.no_info_plain_validator_function(cls.of)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Publish an open object."""
        return {"type": "object", "additionalProperties": True}


def _as_sent(value: object) -> orjson.Fragment:
    """Return the text of a RawJson, which orjson would take for a text to quote.

    Raises: TypeError for anything else.
    """
    if isinstance(value, RawJson):
        return orjson.Fragment(str(value))
    raise TypeError(type(value).__name__)


def refused(hr: Hr, what: str) -> PydanticCustomError:
    """Return the error of a validator, with the HRESULT of the refusal."""
    return PydanticCustomError("hresult", "{what}", {"what": what, "hr": hr})


def _guid(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise refused(Hr.HCN_E_GUID_CONVERSION_FAILURE, "must be a GUID written as text")
    try:
        return parse_guid(value)
    except HnsError as error:
        raise refused(error.hr, error.detail) from error


Guid = Annotated[
    str | None, BeforeValidator(_guid), Field(examples=["404947ac-fc8f-4229-a4b5-595b9161f3a8"])
]
"""A GUID in any case, with or without braces; empty text counts as absent."""


@dataclass(frozen=True)
class Since:
    """Metadata of a member newer than schema 2.0: the version that introduced it."""

    version: str


Uint8 = Annotated[int, Field(ge=0, le=0xFF)]
Uint16 = Annotated[int, Field(ge=0, le=0xFFFF)]
Uint32 = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]
Uint64 = Annotated[int, Field(ge=0, le=0x7FFFFFFFFFFFFFFF)]


class Document(BaseModel):
    """A document that is sent or answered. Members are optional, and null counts as absent.

    INVALID: the HRESULT of a document of this kind that cannot be read.
    """

    model_config = ConfigDict(
        frozen=True,
        populate_by_name=True,
        extra="ignore",
        alias_generator=to_pascal,
        coerce_numbers_to_str=True,
        defer_build=True,
    )

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_JSON


def parse(model: type[D], data: object, *, strict: bool = False) -> D:
    """Return `data` as a `model`.

    strict: refuse members that the model does not have, naming them.
    Raises: the HRESULT of the refusing validator, else `INVALID` of the innermost document that
            has the bad member; the detail names the member as it was sent.
    """
    if not isinstance(data, Mapping):
        raise HnsError(model.INVALID, f"a {model.__name__} must be a JSON object")
    if strict:
        unknown = sorted(unknown_members(model, data))
        if unknown:
            raise HnsError(model.INVALID, f"unknown members: {', '.join(unknown)}; leave them out")
    return validated(model, data)


_AT_ONCE = 20_000
"""Values that pydantic reads in one call, which holds the interpreter: some 30 ms."""

_MOST = 400_000
"""Values of a document. All that is read of it is freed in one call, too: some 70 ms."""

_TEXTS = tuple[str, ...] | None

_OTHERS = 1000
"""Members of a list, from the first that is no document on, that its reader sees: it refuses them,
or takes them, as no list of names is longer."""


def validated(
    model: type[D],
    data: Mapping[str, Any],
    at: str = "",
    sent: type[Document] | None = None,
) -> D:
    """Return `data` as a `model`, a large one document by document.

    at:   where `data` stands in what was sent, for the refusal.
    sent: the kind of document that was sent, if not a `model`.
    Raises: see `parse`; `sent` counts as the document that has the bad member.
    """
    if _has_more_values(data, _AT_ONCE):
        if not at and _has_more_values(data, _MOST):
            what = f"the document has more than {_MOST} values; send them in several requests"
            raise HnsError((sent or model).INVALID, what)
        known = _members_of(model)
        data = {
            key: _apart(known[key], value, f"{at}.{key}", sent) if key in known else value
            for key, value in data.items()
        }
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise refusal(sent or model, error, at) from error


class _Member(NamedTuple):
    """A member that may be long. document: its kind, None for a text. is_list: one of many."""

    document: type[Document] | None
    is_list: bool


def _apart(member: _Member, value: object, at: str, sent: type[Document] | None) -> object:
    """Return a member with its documents read; what is none is left to who reads the member."""
    if member.document is not None and isinstance(value, dict) and not member.is_list:
        return validated(member.document, value, at, sent)
    if not isinstance(value, list) or not member.is_list:
        return value
    if member.document is None:
        return _to_the_first_mistake(value)
    read: list[object] = []
    for number, item in enumerate(value):
        if not isinstance(item, dict):
            return [*read, *value[number : number + _OTHERS]]
        read.append(validated(member.document, item, f"{at}[{number}]", sent))
    return read


def _to_the_first_mistake(texts: list[object]) -> list[object]:
    """Return a list up to what is neither text nor number: to name all mistakes takes long."""
    for number, item in enumerate(texts):
        if item is None or isinstance(item, (bool, dict, list)):
            return texts[: number + 1]
    return texts


def _members_of(model: type[Document]) -> dict[str, _Member]:
    """Return the members that are documents, or lists of documents or texts, by either name."""
    found: dict[str, _Member] = {}
    for name, field in model.model_fields.items():
        document = _document_of(field.annotation)
        kinds = (field.annotation, *get_args(field.annotation))
        is_list = any(get_origin(kind) is tuple for kind in kinds)
        if field.annotation == _TEXTS or (document is not None and (is_list or document in kinds)):
            found[name] = found[field.alias or name] = _Member(document, is_list)
    return found


def _has_more_values(data: Mapping[str, Any], bound: int) -> bool:
    """Tell whether a document has more values than `bound`, on all its levels."""
    left: list[Any] = [data]
    count = 0
    while left:
        value = left.pop()
        values = value if isinstance(value, list) else value.values()
        count += len(values)
        if count > bound:
            return True
        left += [inner for inner in values if isinstance(inner, (dict, list))]
    return False


_SENTENCES = {
    **dict.fromkeys(("tuple_type", "list_type"), "must be a list"),
    **dict.fromkeys(("model_type", "dict_type"), "must be an object"),
    "string_type": "must be a text",
    "string_unicode": "must be a text without half characters (surrogates)",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} members",
    "too_short": "must have at least {min_length} members",
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false"),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_parsing_size", "int_from_float"), "must be a whole number"
    ),
    **dict.fromkeys(("float_type", "float_parsing"), "must be a number"),
    "value_error": "{error}",
    "finite_number": "must be a finite number",
    "missing": "is missing",
    **dict.fromkeys(("enum", "literal_error"), "must be one of {expected}"),
    **dict.fromkeys(
        (
            "datetime_type",
            "datetime_parsing",
            "datetime_from_date_parsing",
            "datetime_object_invalid",
        ),
        "must be a time such as 2027-01-01T00:00:00Z",
    ),
    "less_than_equal": "must be at most {le}",
    "greater_than_equal": "must be at least {ge}",
}
"""What a value must be, by the kind of pydantic's error."""


def refusal(model: type[Document], error: ValidationError, at: str = "") -> HnsError:
    """Return the refusal for a validation error of a `model` that stands `at` a place."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = (
        at + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    ).lstrip(".")
    hr = first.get("ctx", {}).get("hr") or _innermost(model, first["loc"]).INVALID
    known = _SENTENCES.get(first["type"])
    sentence = first["msg"] if known is None else known.format_map(first.get("ctx", {}))
    return HnsError(hr, f"{path or model.__name__}: {sentence}")


def _innermost(model: type[Document], path: tuple[int | str, ...]) -> type[Document]:
    """Return the document that holds the member at `path`."""
    holder = model
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        inner = _document_of(_annotation(holder, part))
        holder = inner or holder
    return holder


def _annotation(model: type[Document], alias: str) -> object:
    for name, field in model.model_fields.items():
        if alias in (field.alias, name):
            return field.annotation
    return None


def _document_of(annotation: object) -> type[Document] | None:
    """Return the Document inside an annotation such as `tuple[Subnet, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Document):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _document_of(argument)
        if found is not None:
            return found
    return None


def unknown_members(model: type[Document], data: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Yield the paths of the members of `data` that `model` does not have."""
    by_alias = {field.alias: field.annotation for field in model.model_fields.values()}
    for key, value in data.items():
        if key not in by_alias:
            yield f"{at}{key}"
            continue
        inner = _document_of(by_alias[key])
        if inner is None:
            continue
        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items):
            if isinstance(item, Mapping):
                place = f"{at}{key}[{number}]." if isinstance(value, list) else f"{at}{key}."
                yield from unknown_members(inner, item, place)
