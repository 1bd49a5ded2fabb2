"""What PowerShell makes of objects where it does not print all of them.

Its list view prints a member a line, objects as `@{Name=nat; Flags=0}`, lists as `{one, two}` and
wraps long lines. `ConvertTo-Json` without `-Depth` writes the same texts in place of what is nested
deeper than two, lists of one as their only item, and some lists as `{"value": […], "Count": 1}`.
Lists in objects are lost in both: `System.Object[]` stands there.

Source: outputs in calico#8465, SDN#582, sig-windows-dev-tools#184, Windows-Containers#210 [O].
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any

_DEEPEST = 64
_MEMBER = re.compile(r"([A-Za-z_][\w ]*?) *:(?: (.*))?$")
_NUMBER = re.compile(r"-?\d{1,19}")
_LOST = re.compile(r"System\.(Object\[\]|Collections\.\S+)")
_CUT = ("...", "\N{HORIZONTAL ELLIPSIS}")  # of a list with more than four items
_WORDS = {"True": True, "False": False}

_LISTS = {
    "ExceptionList", "Extensions", "FrontendVIPs", "HostComputeEndpoints", "IpConfigurations",
    "Ipams", "MacPools", "Policies", "PortMappings", "References", "ResourceList",
    "SharedContainers", "Subnets", "VIPs",
}  # fmt: skip
_TEXTS = {"ID", "Id", "LocalPorts", "Name", "Protocols", "RemotePorts"}


@dataclass(slots=True)
class Restored:
    """A value as HNS has it. lost: the paths of members that PowerShell did not print."""

    value: Json = None
    lost: list[str] = field(default_factory=list)


def restored(members: Mapping[str, Json]) -> Restored:
    """Return the members of an object with all that PowerShell wrote in another way as it was."""
    found = Restored()
    found.value = _restored(members, "", "", found.lost)
    return found


def opened(value: Json) -> Json:
    """Return a value with the objects in place of the texts that PowerShell writes for them."""
    if isinstance(value, str) and value.startswith("@{"):
        return _value(value, "", 0)
    if isinstance(value, Mapping):
        return {name: opened(item) for name, item in value.items()}
    return [opened(item) for item in value] if isinstance(value, list) else value


def listed(text: str) -> Iterator[dict[str, Json]]:
    """Yield the objects of a list view, each between blank lines, as `restored` takes them."""
    for block in re.split(r"\n[ \t\r]*\n", text):
        members = _block(block)
        if len(members) > 1:
            yield {name: _value(said, name, 0) for name, said in members.items()}


def _block(block: str) -> dict[str, str]:
    """Return the members of an object: their colons stand below each other; {} for other text."""
    texts: dict[str, str] = {}
    colon, name = 0, ""
    for line in block.splitlines():
        found = _MEMBER.fullmatch(line.rstrip())
        at = line.find(" :") + 1
        if found and (not texts or at == colon):
            colon, name = at, found[1]
            texts[name] = found[2] or ""
        elif texts and not line[: colon + 1].strip():
            texts[name] = f"{texts[name]} {line.strip()}".strip()
        elif texts:
            break
    return {name: said.strip() for name, said in texts.items() if said.strip()}


def _value(text: str, name: str, depth: int) -> Json:
    """Return the value of a text in the list view."""
    if depth < _DEEPEST and text.endswith("}"):
        if text.startswith("@{"):
            return _object(text[2:-1], depth)
        if text.startswith("{"):
            return _list(text[1:-1], depth)
    if name in _TEXTS:
        return text
    return _WORDS.get(text, int(text) if _NUMBER.fullmatch(text) else text)


def _object(text: str, depth: int) -> dict[str, Json]:
    pairs = ((name.strip(), said.strip()) for name, _, said in
             (part.partition("=") for part in _parts(text, ";")))  # fmt: skip
    return {name: _value(said, name, depth + 1) for name, said in pairs if name and said}


def _list(text: str, depth: int) -> list[Json]:
    cut = next((mark for mark in _CUT if text.endswith(mark)), "")
    items = [part.strip() for part in _parts(text.removesuffix(cut), ",")]
    return [_value(item, "", depth + 1) for item in items if item] + ([cut] if cut else [])


def _parts(text: str, separator: str) -> Iterator[str]:
    """Yield what stands between separators, but not between those within braces."""
    depth = start = 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == separator and depth == 0:
            yield text[start:position]
            start = position + 1
    yield text[start:]


def _restored(value: Json, name: str, at: str, lost: list[str]) -> Json:
    if isinstance(value, str) and value.startswith("@{"):
        value = _value(value, name, 0)
    if name in _LISTS and value and isinstance(value, (Mapping, str)):
        value = _as_list(value)
    if isinstance(value, str) and (_LOST.fullmatch(value) or value in _CUT):
        lost.append(at)
        return _GONE
    if isinstance(value, Mapping):
        items = ((known, _restored(item, known, f"{at}.{known}" if at else known, lost))
                 for known, item in value.items())  # fmt: skip
        return {known: item for known, item in items if item is not _GONE}
    if isinstance(value, list):
        several = [_restored(item, "", f"{at}[{number}]", lost)
                   for number, item in enumerate(value)]  # fmt: skip
        return [item for item in several if item is not _GONE]
    return value


_GONE = object()


def _as_list(value: Mapping[str, Json] | str) -> Json:
    """Return the list that a value stands for: a wrapped one, its only item, or its joined ones."""
    if isinstance(value, str):
        return value if _LOST.fullmatch(value) else value.split()
    inner = value.get("value") if value.keys() == {"value", "Count"} else None
    return inner if isinstance(inner, list) else [value]
