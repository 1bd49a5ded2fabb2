"""The functions that a plan may call, and the HTTP form of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

UNKNOWN = "unknown"
"""Name of the object that no host has."""

NOBODY = "ab5e17ed-0000-4000-8000-00000000fade"
"""Id of that object."""

QUERY = '{"SchemaVersion":{"Major":2,"Minor":0},"Flags":0}'
"""What asks for the properties of an object where the plan does not say."""

HNS_CALL = "HNSCall"
_PATHS = {
    "Network": "networks",
    "Endpoint": "endpoints",
    "Namespace": "namespaces",
    "LoadBalancer": "loadbalancers",
    "SdnRoute": "sdnroutes",
}
_LISTS = {"networks", "endpoints", "namespaces", "policylists"}
_METHODS = {"GET", "POST", "DELETE"}


class Verb(StrEnum):
    """What a function does."""

    ENUMERATE = "Enumerate"
    CREATE = "Create"
    OPEN = "Open"
    MODIFY = "Modify"
    QUERY = "Query"
    DELETE = "Delete"
    CALL = "Call"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of HCN, or HNSCall. noun: as in HcnCreateEndpoint, "" for HNSCall."""

    name: str
    verb: Verb
    noun: str

    @property
    def needs_object(self) -> bool:
        """Tell whether a step says of which object it is: an endpoint's, of which network."""
        if self.verb is Verb.CREATE:
            return self.noun == "Endpoint"
        return self.verb not in {Verb.ENUMERATE, Verb.CALL}

    @property
    def path(self) -> str:
        """Return the path of the objects below a host."""
        return f"/v2/{_PATHS[self.noun]}"


def function_of(name: str) -> Function | None:
    """Return the function of a name, None for one that no plan may call."""
    return _FUNCTIONS.get(name)


def _functions() -> dict[str, Function]:
    found = {HNS_CALL: Function(HNS_CALL, Verb.CALL, "")}
    for noun in _PATHS:
        for verb in set(Verb) - {Verb.CALL}:
            end = {Verb.ENUMERATE: "s", Verb.QUERY: "Properties"}.get(verb, "")
            name = f"Hcn{verb}{noun}{end}"
            found[name] = Function(name, verb, noun)
    return found


_FUNCTIONS = _functions()


def creates(step: Mapping[str, Any]) -> bool:
    """Tell whether a step makes an object, if it is not refused."""
    function = function_of(str(step.get("call")))
    if function is None:
        return False
    if function.verb is Verb.CALL:
        return step.get("method") == "POST" and list_of(str(step.get("path"))) is not None
    return function.verb is Verb.CREATE


def reads(step: Mapping[str, Any]) -> bool:
    """Tell whether a step changes nothing."""
    function = function_of(str(step.get("call")))
    if function is None:
        return False
    if function.verb is Verb.CALL:
        return step.get("method") == "GET"
    return function.verb in {Verb.ENUMERATE, Verb.OPEN, Verb.QUERY}


def list_of(path: str) -> str | None:
    """Return the list of HNS 1 that a path is, such as `networks` of `/networks/`, if it is one."""
    name = path.strip("/")
    return name if name in _LISTS else None


def is_method(text: object) -> bool:
    """Tell whether HNSCall has this method in plans."""
    return text in _METHODS


def with_query(path: str, query: str) -> str:
    """Return a path with the query of HCN behind it."""
    return f"{path}?query={quote(query, safe='')}"
