"""What a trace says: a verdict with its reason, and every step that led to it."""

from dataclasses import dataclass, field
from enum import StrEnum

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.packet import Packet


class Verdict(StrEnum):
    """How the walk ended."""

    DELIVERED = "Delivered"
    BLOCKED = "Blocked"
    DROPPED = "Dropped"


class Reason(StrEnum):
    """Why the walk ended that way: a closed list, documented in docs/dataplane.md."""

    DELIVERED_TO_ENDPOINT = "DeliveredToEndpoint"
    DELIVERED_TO_HOST = "DeliveredToHost"
    DELIVERED_TO_EXTERNAL = "DeliveredToExternal"
    DELIVERED_TO_PROXY = "DeliveredToProxy"
    BLOCKED_BY_RULE = "BlockedByRule"
    BLOCKED_BY_DEFAULT = "BlockedByDefault"  # nothing matched where something must
    NO_ROUTE = "NoRoute"
    NO_RETURN_ROUTE = "NoReturnRoute"
    NO_NAT_MAPPING = "NoNatMapping"
    NO_NAT_PORTS = "NoNatPorts"
    NO_SUCH_PORT = "NoSuchPort"
    NO_UPLINK = "NoUplink"
    NOT_ATTACHED = "NotAttached"
    WRONG_VSID = "WrongVsid"
    WRONG_VLAN = "WrongVlan"
    TOO_BIG = "TooBig"
    SAME_SOURCE_AND_DESTINATION = "SameSourceAndDestination"
    TOO_MANY_HOPS = "TooManyHops"
    UNSUPPORTED = "Unsupported"


class Result(StrEnum):
    """What a step did to the packet."""

    ALLOW = "allow"
    PASS = "pass"  # noqa: S105 (no password)
    BLOCK = "block"
    NO_MATCH = "no match"
    REWRITE = "rewrite"
    ENCAP = "encap"
    DECAP = "decap"
    HAIRPIN = "hairpin"
    ROUTE = "route"
    REDIRECT = "redirect"
    FLOW = "flow"
    FORWARD = "forward"
    DELIVER = "deliver"
    DROP = "drop"


class ArrivalKind(StrEnum):
    """Who receives a packet."""

    ENDPOINT = "Endpoint"
    HOST = "Host"
    EXTERNAL = "External"
    PROXY = "Proxy"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a packet was delivered.

    id:   of the endpoint; address of an external receiver; "" for a host.
    host: name of the emulated host, "" for an external receiver.
    """

    kind: ArrivalKind
    id: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One decision.

    where:    "port of …", "compartment of …", "host stack", "switch …", "underlay".
    port:     Port Friendly name, "" elsewhere.
    stage:    "VFP", "WFP", "WinNAT", "Route", "Switch", "Underlay".
    layer, group, rule, rule_type, priority: of a VFP or firewall decision, "" and 0 elsewhere.
    changed:  header member to (before, after).
    evidence: "D" documented, "O" observed, "I" inferred, "M" our model: how sure we are.
    text:     a sentence a reader understands without the other members.
    """

    host: str
    where: str
    stage: str
    result: Result
    text: str
    port: str = ""
    direction: str = ""
    layer: str = ""
    group: str = ""
    rule: str = ""
    rule_type: str = ""
    priority: int = 0
    policy: PolicyRef | None = None
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)
    evidence: str = "M"


@dataclass(frozen=True, slots=True)
class Trace:
    """A whole walk. packet: as it arrived or died. reply: the walk of the answer, if asked for.

    backend: the backend that the first load balancer chose, "" without one; backends: how many it
    had to choose from.
    """

    verdict: Verdict
    reason: Reason
    text: str
    packet: Packet
    steps: tuple[Step, ...]
    sent: Packet
    delivered_to: Arrival | None = None
    reply: "Trace | None" = None
    backend: str = ""
    backends: int = 0
