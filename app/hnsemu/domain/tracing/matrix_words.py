"""The cells of a reachability matrix as signs and in words."""

from collections.abc import Mapping

from hnsemu.domain.digits import number_in
from hnsemu.domain.packet import protocol_name
from hnsemu.domain.tracing.matrix import Member
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service

SIGNS = {Verdict.DELIVERED: "+", Verdict.BLOCKED: "x", Verdict.DROPPED: "-"}
NOWHERE = "o"
"""The sign of a cell of which an endpoint is in no namespace, so that nothing passes."""

LEGEND = {"+": "delivered", "x": "blocked", "-": "dropped", NOWHERE: "in no namespace"}

_REASONS = {
    Reason.DELIVERED_TO_ENDPOINT: "no rule is against it",
    Reason.DELIVERED_TO_HOST: "the host itself receives it",
    Reason.DELIVERED_TO_EXTERNAL: "it leaves for an address outside",
    Reason.DELIVERED_TO_PROXY: "a proxy receives it",
    Reason.BLOCKED_BY_RULE: "a rule",
    Reason.BLOCKED_BY_DEFAULT: "no rule allows it where one must",
    Reason.NO_ROUTE: "there is no route",
    Reason.NO_RETURN_ROUTE: "there is no way back",
    Reason.NO_NAT_MAPPING: "nothing is published on that port",
    Reason.NO_NAT_PORTS: "the NAT has no port left for it",
    Reason.NO_SUCH_PORT: "no endpoint has the address",
    Reason.NO_UPLINK: "the switch has no adapter",
    Reason.NOT_ATTACHED: "the endpoint is in no namespace",
    Reason.WRONG_VSID: "the virtual subnets differ",
    Reason.WRONG_VLAN: "the VLANs differ",
    Reason.TOO_BIG: "it is longer than the MTU",
    Reason.SAME_SOURCE_AND_DESTINATION: "NAT made source and destination equal",
    Reason.TOO_MANY_HOPS: "it passed too many ports",
    Reason.UNSUPPORTED: "it takes a path that is not emulated",
}


def sign(cell: Cell, source: Member, target: Member) -> str:
    """Return the sign of a cell: one character."""
    if cell.verdict is not Verdict.DELIVERED and not (source.is_attached and target.is_attached):
        return NOWHERE
    return SIGNS[cell.verdict]


def decided_by(cell: Cell, owners: Mapping[str, str]) -> str:
    """Return what decided: a policy and whose it is, else the reason.

    owners: names of endpoints and networks by id.
    """
    policy = cell.policy
    if policy is None:
        return _REASONS[cell.reason]
    named = f" {policy.id}" if policy.id else f" (policy {policy.position})"
    owner = owners.get(policy.owner_id) or policy.owner_id
    return f"{policy.type}{named} of {policy.owner.lower()} {owner}"


def service_words(service: Service) -> str:
    """Return a port as the command line takes it: `tcp/80`, `icmp`."""
    name = protocol_name(service.protocol).lower()
    return f"{name}/{service.port}" if service.port else name


def service_document(text: str) -> dict[str, object]:
    """Return a member of Ports in POST /host/reachability: `80`, `udp/53`, `icmp`."""
    protocol, slash, number = text.strip().rpartition("/")
    if not slash and not (number.isascii() and number.isdecimal()):
        return {"Protocol": number}
    return {"Protocol": protocol or "TCP", "Port": number_in(number) or 0}
