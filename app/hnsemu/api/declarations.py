"""Parameters of a handler, declared once in its signature (docs/adr/0010-route-table.md).

A parameter is `Annotated[type, source]`. The source reads the value from a request and describes
itself in the OpenAPI document. A dataclass groups parameters that several handlers share: its
annotated members are parameters too. All are read in the order in which they are declared.
"""

import functools
import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from typing import Annotated, Any, ClassVar, Concatenate, get_args, get_origin

from fastapi import Request, Response
from pydantic import BaseModel

from hnsemu.api.deps import is_strict
from hnsemu.api.pace import Pace, paced
from hnsemu.domain.near import nearest
from hnsemu.errors import HnsError, Hr
from hnsemu.schema import base, bodies

Json = dict[str, Any]

Handler = Callable[[Request], Awaitable[Response]]
"""What the route table calls."""

DeclaredHandler = Callable[Concatenate[Request, ...], Awaitable[Response]]
"""What is written beside a path: a function of the request and of its parameters."""

_SHOWN = 64
"""Characters of an unknown parameter that its refusal repeats."""

_PATH_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextParameter:
    """A parameter that is sent as text: in the path, in the query or as a header.

    schema:      JSON schema that describes the text.
    read:        returns the value of a text or refuses it; without it the text is the value.
    default:     the value when the parameter is absent.
    is_required: whether an absent parameter is read as an empty text, to be refused.
    is_public:   whether the OpenAPI document lists it.
    """

    location: ClassVar[str]

    name: str
    description: str = ""
    schema: Json = field(default_factory=lambda: {"type": "string"})
    example: str | None = None
    read: Callable[[str], object] | None = None
    default: object = None
    is_required: bool = False
    is_public: bool = True

    def value(self, request: Request) -> object:
        """Return the value that a request gives.

        Raises: what `read` raises.
        """
        text = self.text(request)
        if text is None:
            if not self.is_required:
                return self.default
            text = ""
        return text if self.read is None else self.read(text)

    def text(self, request: Request) -> str | None:
        """Return the text that a request gives, None when it gives none."""
        raise NotImplementedError

    def document(self) -> Json:
        """Return the parameter as the OpenAPI document describes it."""
        described: Json = {
            "name": self.name,
            "in": self.location,
            "description": self.description,
            "schema": self.schema,
        }
        if self.is_required:
            described["required"] = True
        if self.example is not None:
            is_number = self.schema.get("type") == "integer"
            described["example"] = int(self.example) if is_number else self.example
        return described


@dataclass(frozen=True, slots=True, kw_only=True)
class PathParameter(TextParameter):
    """A whole segment of the path."""

    location: ClassVar[str] = "path"

    is_required: bool = True

    def text(self, request: Request) -> str:
        """Return the segment, decoded."""
        segment: str = request.path_params[self.name]
        return segment


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryParameter(TextParameter):
    """A parameter of the query string; the last one counts when it is given twice."""

    location: ClassVar[str] = "query"

    def text(self, request: Request) -> str | None:
        """Return the text behind `name=`."""
        if not request.scope["query_string"]:
            return None  # at once: parsing nothing takes as long as finding the route
        return request.query_params.get(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderParameter(TextParameter):
    """A header of the request."""

    location: ClassVar[str] = "header"

    def text(self, request: Request) -> str | None:
        """Return the text of the header."""
        return request.headers.get(self.name)


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The JSON document in the body, whatever the content type says.

    model:       describes the document; without it, the annotated type does.
    read:        returns what the handler gets, from the JSON value and `strict`, or refuses it;
                 without it, the document is parsed as `model`.
    is_strict:   whether unknown members are always refused; else `HNSEMU_STRICT` decides.
    is_optional: whether the body may be empty or blank; the handler gets None then. Elsewhere
                 such a body is the document without members, as `{}` is.
    """

    model: type[BaseModel] | None = None
    read: Callable[..., object] | None = None
    is_strict: bool = False
    is_optional: bool = False

    async def value(self, request: Request) -> object:
        """Return the document that a request sends.

        Raises: HCN_E_INVALID_JSON, and what `read` raises.
        """
        content = await request.body()
        if self.is_optional and not content.strip():
            return None
        value = bodies.read(content)
        assert self.read is not None  # noqa: S101 (`_source` has set it)
        return self.read(value, strict=self.is_strict or is_strict(request))


@dataclass(frozen=True, slots=True)
class _Group:
    """A dataclass whose members are parameters, in the order in which it lists them."""

    of: Callable[..., object]
    members: Mapping[str, TextParameter]

    def value(self, request: Request) -> object:
        """Return the dataclass, filled from a request.

        Raises: what its members raise.
        """
        return self.of(**{name: member.value(request) for name, member in self.members.items()})


Source = TextParameter | JsonBody | _Group


def sources_of(handler: DeclaredHandler) -> list[Source]:
    """Return the sources of a handler's parameters, in the order of its arguments.

    Raises: TypeError for an argument behind the request that declares none.
    """
    signature = inspect.signature(handler, eval_str=True)
    arguments = list(signature.parameters.values())[1:]
    return [_source(argument.annotation) for argument in arguments]


def path_parameters(path: str) -> set[str]:
    """Return the names of the parameters in a path such as `/networks/{id}`."""
    return set(_PATH_PARAMETER.findall(path))


def texts_of(sources: Iterable[Source]) -> list[TextParameter]:
    """Return all parameters that are sent as text, those of the path first."""
    texts: list[TextParameter] = []
    for source in sources:
        if isinstance(source, TextParameter):
            texts.append(source)
        elif isinstance(source, _Group):
            texts += source.members.values()
    return sorted(texts, key=lambda text: text.location != PathParameter.location)


def bind(
    handler: DeclaredHandler, sources: Sequence[Source], pace: Pace, *, is_strict_query: bool
) -> Handler:
    """Return a function of the request that reads the parameters and calls `handler`.

    is_strict_query: whether a parameter of the query that none of the sources reads is refused.
    """
    has_body = any(isinstance(source, JsonBody) for source in sources)
    known = _query_names(sources) if is_strict_query else None

    async def answered(request: Request) -> Response:
        if known is not None and request.scope["query_string"]:
            _check_query(request, known)
        arguments = []
        for source in sources:
            if isinstance(source, JsonBody):
                arguments.append(await source.value(request))
            else:
                arguments.append(source.value(request))
        return await handler(request, *arguments)

    @functools.wraps(handler, assigned=("__module__", "__name__", "__doc__"), updated=())
    async def bound(request: Request) -> Response:
        size = len(await request.body()) if has_body else 0
        return await paced(request, functools.partial(answered, request), size, pace)

    del bound.__wrapped__  # FastAPI would take the parameters for its own
    return bound


def _query_names(sources: Iterable[Source]) -> dict[str, str]:
    """Return the names of the query's parameters, by themselves and by what else they are called.

    A member of a group may have another name than its parameter: `operation` is `op`.
    """
    names: dict[str, str] = {}
    for source in sources:
        members = source.members if isinstance(source, _Group) else {"": source}
        for member, parameter in members.items():
            if isinstance(parameter, QueryParameter):
                names[member] = names[parameter.name] = parameter.name
    names.pop("", None)
    return names


def _check_query(request: Request, known: Mapping[str, str]) -> None:
    """Refuse the first parameter of the query that is not known, and name the one to write.

    Raises: E_INVALIDARG.
    """
    for name in request.query_params:
        if known.get(name) == name:
            continue
        alike = nearest(name, known)
        names = sorted(set(known.values()))
        if alike:
            hint = f"write {known[alike]}"
        elif names:
            hint = f"there are {', '.join(names)}"
        else:
            hint = "leave it out"
        raise HnsError(Hr.E_INVALIDARG, f"{name[:_SHOWN]}: unknown in the query; {hint}")


def _source(annotation: object) -> Source:
    """Return the source that an annotation declares; a dataclass is a group of them.

    Raises: TypeError where it declares none.
    """
    if isinstance(annotation, type) and is_dataclass(annotation):
        members = inspect.get_annotations(annotation, eval_str=True)
        return _Group(annotation, {name: _text(member) for name, member in members.items()})
    if get_origin(annotation) is Annotated:
        value_type, *metadata = get_args(annotation)
        for source in metadata:
            if isinstance(source, JsonBody):
                return _completed(source, value_type)
            if isinstance(source, TextParameter):
                return source
    raise TypeError(f"{annotation} declares no parameter; write Annotated[type, source]")


def _text(annotation: object) -> TextParameter:
    source = _source(annotation)
    if not isinstance(source, TextParameter):
        raise TypeError(f"{annotation} is no text, which members of a group are")
    return source


def _completed(body: JsonBody, value_type: object) -> JsonBody:
    """Return a body with its model, and with `read` where it declares none."""
    model = body.model or value_type
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise TypeError(f"a body of {value_type} needs the model that describes it")
    if body.read is not None:
        return replace(body, model=model)
    if not issubclass(model, base.Document):
        raise TypeError(f"a body of {value_type} needs a function that reads it")
    return replace(body, model=model, read=functools.partial(base.parse, model))
