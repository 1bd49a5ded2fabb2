"""The values of YAML documents, with their lines.

They are made event by event, so that other threads go on meanwhile; anchors and tags are refused,
so that a document is as large as its text.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.resolver import Resolver

from hnsemu.domain.visible import one_line
from hnsemu.errors import HnsError, Hr

Json = Any

_LARGEST = 4 * 1024 * 1024  # bytes; takes seconds to read
_DEEPEST = 32
_TEXT = Resolver.DEFAULT_SCALAR_TAG
_MERGE, _VALUE = "<<", "="  # of YAML 1.1; the latter is a text as a name


def yaml_documents(body: bytes, *, items: bool = False) -> Iterator[tuple[int, Json]]:
    """Yield each document with its line; with `items`, those of a document that is a list.

    Raises: HCN_E_INVALID_JSON, with the line.
    """
    if len(body) > _LARGEST:
        raise _invalid(f"YAML of more than {_LARGEST} bytes is not read; send JSON")
    with _refused():
        yield from _Values(body).documents(items=items)


class _Values:
    """The values of a YAML text, made of the events of the parser in C.

    PyYAML's own loaders either compose a whole document in C, while no other thread gets its turn,
    or take six calls a value for what is refused here anyway: anchors and tags.
    """

    def __init__(self, text: bytes) -> None:
        """Begin in front of the first document."""
        parser: Any = CParser(text)
        resolver: Any = Resolver()
        self._next: Callable[[], Any] = parser.get_event
        self._tag_of: Callable[..., str] = resolver.resolve
        self._constructor: Any = SafeConstructor()

    def documents(self, *, items: bool = False) -> Iterator[tuple[int, Json]]:
        """Yield as `yaml_documents`.

        Raises: HCN_E_INVALID_JSON, YAMLError, ValueError, TypeError.
        """
        while (event := self._next()) is not None:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            root = self._next()
            if items and isinstance(root, yaml.SequenceStartEvent):
                _check(root, 0)
                while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                    yield event.start_mark.line + 1, self._value(event, 1)
            else:
                yield root.start_mark.line + 1, self._value(root, 0)

    def _value(self, event: Any, depth: int) -> Json:  # noqa: ANN401 (of PyYAML)
        """Return the value that begins with an event, which is checked."""
        _check(event, depth)
        return self._made(event, depth)

    def _made(self, event: Any, depth: int) -> Json:  # noqa: ANN401 (of PyYAML)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth + 1)
        items = []
        while not isinstance(item := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(item, depth + 1))
        return items

    def _mapping(self, start: Any, depth: int) -> Json:  # noqa: ANN401 (of PyYAML)
        members: dict[Any, Json] = {}
        merged: dict[Any, Json] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            _check(event, depth)
            word = event.value if isinstance(event, yaml.ScalarEvent) and event.implicit[0] else ""
            if word == _MERGE:
                merged |= _merged(self._value(self._next(), depth), start)
                continue
            name = word if word == _VALUE else self._made(event, depth)
            if not isinstance(name, Hashable):
                raise _wrong(start, "found unhashable key", event)
            members[name] = self._value(self._next(), depth)
        return merged | members if merged else members

    def _scalar(self, event: Any) -> Json:  # noqa: ANN401 (of PyYAML)
        tag = self._tag_of(yaml.ScalarNode, event.value, event.implicit)
        if tag == _TEXT:
            return event.value
        constructors: Mapping[Any, Any] = SafeConstructor.yaml_constructors
        construct = constructors.get(tag, constructors[None])
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        return construct(self._constructor, node)


def _check(event: Any, depth: int) -> None:  # noqa: ANN401 (of PyYAML)
    """Refuse what a state document does not have.

    Raises: HCN_E_INVALID_JSON.
    """
    if event.anchor is not None:
        what = "an anchor or alias; write it out"
    elif event.tag is not None:
        what = f"the tag {event.tag!r}; leave it out, and quote texts"
    elif depth > _DEEPEST:
        what = f"nested more than {_DEEPEST} deep"
    else:
        return
    raise _invalid(f"line {event.start_mark.line + 1}: {what}")


def _merged(value: Json, start: Any) -> dict[Any, Json]:  # noqa: ANN401 (of PyYAML)
    """Return the members of a mapping, or of some of which the first ones win."""
    mappings = value if isinstance(value, list) else [value]
    found: dict[Any, Json] = {}
    for mapping in reversed(mappings):
        if not isinstance(mapping, dict):
            raise _wrong(start, "expected a mapping or list of mappings for merging", start)
        found |= mapping
    return found


def _wrong(start: Any, what: str, event: Any) -> yaml.YAMLError:  # noqa: ANN401 (of PyYAML)
    around = "while constructing a mapping"
    return ConstructorError(around, start.start_mark, what, event.start_mark)


@contextmanager
def _refused() -> Iterator[None]:
    """Refuse what PyYAML cannot parse, or make no value of.

    Raises: HCN_E_INVALID_JSON.
    """
    try:
        yield
    except yaml.YAMLError as error:
        raise _invalid(f"the body is not valid YAML: {one_line(str(error))}") from error
    except (RecursionError, ValueError, TypeError, OverflowError) as error:
        raise _invalid("the body has a value that YAML cannot read; quote texts") from error


def _invalid(what: str) -> HnsError:
    return HnsError(Hr.HCN_E_INVALID_JSON, what)
