"""List the changes of the OpenAPI document since a release that break clients.

python -m tools.api_changes [REF]

REF is a commit or a tag; the default is the last version, whose document is openapi/released.json.
The exit code is 1 when a change breaks clients and no entry of the CHANGELOG under [Unreleased]
that begins with **Breaking:** names its operation or schema in backticks.

What a later version adds breaks no client: docs/api.md promises that answers may have members and
values that the document of a client does not list, and that clients ignore them. So a new member
counts only where a request needs it, and a member that may be absent only where an answer had it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tools.changelog import announced

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = "openapi/openapi.json"
RELEASED = "openapi/released.json"

Json = Mapping[str, Any]
_METHODS = ("get", "put", "post", "patch", "delete")
_REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')


class Change(NamedTuple):
    """A change that breaks clients. subject: operation id, or name of a schema."""

    subject: str
    text: str


def breaking(old: Json, new: Json) -> list[Change]:
    """Return the changes that break clients of the old document."""
    found = list(_operations(old["paths"], new["paths"]))
    before, after = _schemas(old), _schemas(new)
    sent = _reached(old, "requestBody") | _reached(new, "requestBody")
    shown = _reached(old, "responses")
    for name, schema in before.items():
        if name not in after:
            found.append(Change(name, "is gone"))
            continue
        found += _schema(name, schema, after[name])
        by_name_only = name not in sent | shown  # in texts and open members, both ways
        had, has = set(schema.get("required", [])), set(after[name].get("required", []))
        if name in sent or by_name_only:
            found += [
                Change(name, f"member {member} is required now") for member in sorted(has - had)
            ]
        if name in shown or by_name_only:
            found += [
                Change(name, f"member {member} may be absent now") for member in sorted(had - has)
            ]
    return found


def _reached(document: Json, part: str) -> set[str]:
    """Return the names of the schemas in a part of all operations, and of those inside them."""
    left = [
        operation.get(part, {})
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    names: set[str] = set()
    while left:
        new = set(_REFERENCE.findall(json.dumps(left.pop()))) - names
        names |= new
        left += [_schemas(document).get(name, {}) for name in new]
    return names


def _schemas(document: Json) -> dict[str, Json]:
    return dict(document.get("components", {}).get("schemas", {}))


def _operations(old: Json, new: Json) -> Iterator[Change]:
    for path, methods in old.items():
        for method in _METHODS:
            if method not in methods:
                continue
            before, after = methods[method], new.get(path, {}).get(method)
            subject = before["operationId"]
            if after is None:
                yield Change(subject, f"{method.upper()} {path} is gone")
            else:
                yield from _operation(subject, before, after)


def _operation(subject: str, old: Json, new: Json) -> Iterator[Change]:
    if new["operationId"] != subject:
        yield Change(subject, f"is called {new['operationId']} now")
    had, has = _parameters(old), _parameters(new)
    for name, parameter in had.items():
        if name not in has:
            yield Change(subject, f"parameter {name} is gone")
        else:
            yield from _narrowed(
                subject, f"parameter {name}", parameter["schema"], has[name]["schema"]
            )
    for name, parameter in has.items():
        if parameter.get("required") and not had.get(name, {}).get("required"):
            yield Change(subject, f"parameter {name} is required now")
    if _needs_body(new) and not _needs_body(old):
        yield Change(subject, "a body is required now")
    yield from _answers(subject, old, new)


def _answers(subject: str, old: Json, new: Json) -> Iterator[Change]:
    for status, answer in old["responses"].items():
        after = new["responses"].get(status)
        if after is None:
            yield Change(subject, f"answer {status} is gone")
            continue
        for media in answer.get("content", {}).keys() - after.get("content", {}).keys():
            yield Change(subject, f"answer {status} no longer comes as {media}")
        for media, content in answer.get("content", {}).items():
            schema = after.get("content", {}).get(media, {}).get("schema")
            if schema is not None:
                yield from _narrowed(subject, f"answer {status}", content["schema"], schema)


def _needs_body(operation: Json) -> bool:
    return bool(operation.get("requestBody", {}).get("required"))


def _parameters(operation: Json) -> dict[str, Json]:
    return {parameter["name"]: parameter for parameter in operation.get("parameters", [])}


def _schema(name: str, old: Json, new: Json) -> Iterator[Change]:
    yield from _narrowed(name, "it", old, new)
    members = new.get("properties", {})
    for member, schema in old.get("properties", {}).items():
        if member not in members:
            yield Change(name, f"member {member} is gone")
        else:
            yield from _narrowed(name, f"member {member}", schema, members[member])


def _narrowed(subject: str, what: str, old: Json, new: Json) -> Iterator[Change]:
    """Yield where a schema has another type, or accepts less."""
    if _kind(old) != _kind(new):
        yield Change(subject, f"{what}: {_kind(old)} is {_kind(new)} now")
    for key in ("enum", "x-extensible-enum"):
        for value in old.get(key, ()):
            if key in new and value not in new[key]:
                yield Change(subject, f"{what}: {value} is gone")
    for key, sign in (("maximum", 1), ("minimum", -1)):
        if key in new and (key not in old or sign * new[key] < sign * old[key]):
            yield Change(subject, f"{what}: {key} is {new[key]} now")
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield Change(subject, f"{what}: members that it does not list are refused now")
    if "items" in old and "items" in new:
        yield from _narrowed(subject, f"items of {what}", old["items"], new["items"])


def _kind(schema: Json) -> str:
    """Return the name of a schema, or its type and format."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return name or " ".join(filter(None, (schema.get("type", "anything"), schema.get("format"))))


def silent(changes: Iterable[Change], changelog: str) -> list[Change]:
    """Return the changes that the CHANGELOG does not announce."""
    known = announced(changelog)
    return [change for change in changes if change.subject not in known]


def documents(ref: str = "") -> tuple[Json, Json]:
    """Return the document of a commit, by default of the last version, and that of the checkout.

    The first is empty when there is none.
    """
    old = _git("show", f"{ref}:{DOCUMENT}") if ref else (ROOT / RELEASED).read_text()
    return json.loads(old or "{}"), json.loads((ROOT / DOCUMENT).read_text())


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


def main() -> int:
    """Compare with a commit; return 1 when a breaking change is not announced."""
    ref = sys.argv[1] if sys.argv[1:] else ""
    before, after = documents(ref)
    if not before:
        print(f"{ref} has no {DOCUMENT}")
        return 1
    found = breaking(before, after)
    unannounced = silent(found, (ROOT / "CHANGELOG.md").read_text())
    for change in found:
        print(f"{change.subject}: {change.text}{'' if change in unannounced else ' (announced)'}")
    since = ref or before["info"]["version"]
    print(f"{len(found)} breaking changes since {since}, {len(unannounced)} of them not announced")
    return int(bool(unannounced))


if __name__ == "__main__":
    sys.exit(main())
