"""What a row of the catalogue is made of, and what policies are checked against."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.sets import IpSets
from hnsemu.domain.releases import Release, Version
from hnsemu.schema.base import Document
from hnsemu.schema.flat_policies import FlatForm

S = TypeVar("S", bound=Document)
S_contra = TypeVar("S_contra", bound=Document, contravariant=True)

ALWAYS: Version = (1, 0)
"""The schema version of what every release has."""


class Owner(StrEnum):
    """What carries a policy."""

    ENDPOINT = "Endpoint"
    NETWORK = "Network"
    SUBNET = "Subnet"


class Needs(Enum):
    """What a network must be to carry a policy."""

    NOTHING = "any network"
    OVERLAY = "an Overlay network"
    VFP = "an L2Bridge, L2Tunnel or Overlay network"


class Changes(Enum):
    """How later requests treat a policy, beyond Add and Remove."""

    BY_REQUEST = "only requests that name it"
    BY_UPDATE = "also an endpoint that is posted back in HNS 1"
    AS_PROXY = "the same, and an Update with an empty policy clears it"
    AT_CREATION = "it comes with the network or not at all"


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """Where policies are to stand.

    remote:  whether the endpoint has no port on this host.
    set_ids: returns the ids of the IP sets that ACLs may name; called only when one may do so.
    sets:    the sets of the network, for a SetPolicy.
    """

    mode: Mode
    release: Release
    remote: bool = False
    set_ids: Callable[[], Collection[str]] = frozenset
    sets: IpSets = field(default_factory=IpSets)


@dataclass(frozen=True, slots=True)
class Fact(Generic[S_contra]):
    """An effect on packets: one value in `field` of the data plane's view; the first policy counts.

    field: of PlumbedPolicies or PlumbedNetwork in domain/dataplane.py.
    read:  from the settings, and where they stand, to the value.
    """

    field: str
    read: Callable[[S_contra, PolicyRef], object]


@dataclass(frozen=True, slots=True)
class Facts(Generic[S_contra]):
    """The same for a field that holds one value of each such policy, in their order."""

    field: str
    read: Callable[[S_contra, PolicyRef], object]


@dataclass(frozen=True, slots=True)
class Shapes:
    """An effect on the object itself, which keeps it: the function that use cases read it with."""

    read: Callable[..., object]


@dataclass(frozen=True, slots=True)
class NoEffect:
    """Kept and shown, no more. reason: as docs/fidelity.md prints it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyType(Generic[S]):
    """A type of policy. Every column is filled in; the catalogue's test says what is missing.

    settings: the model of its settings.
    since:    the feature (a key of releases.FEATURES) or the schema version that brought it.
    check:    refuses settings that are malformed or do not fit; None when the model says it all.
    effect:   what it does to packets or to the object, or why nothing.
    prefixes: members of the settings that must be address prefixes once it is plugged in.
    flat:     how HNS 1 spells it.
    """

    name: str
    owner: Owner
    settings: type[S]
    since: str | Version
    needs: Needs
    changes: Changes
    check: Callable[[S, PolicyContext], None] | None
    effect: Fact[S] | Facts[S] | Shapes | NoEffect
    prefixes: tuple[str, ...]
    flat: FlatForm


AnyPolicyType = PolicyType[Any]
