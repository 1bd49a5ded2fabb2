"""Source NAT of container ports: OutBoundNAT in SLB_NAT_LAYER.

Source: dataplane.md sections 5.1, 7.4 and 11.2.
"""

from collections.abc import Iterator, Sequence

from app.domain.packet import TCP, UDP, Address
from app.domain.plumbed import OutboundNat, PlumbedEndpoint, parse_address
from app.domain.vfp.building import prefixes
from app.domain.vfp.conditions import Conditions, to_addresses
from app.domain.vfp.model import FLOW_TTL, STATEFUL, TERMINATING, NatPool, Rule, RuleType

SLB_NAT_LAYER = "SLB_NAT_LAYER"
_FLAGS = TERMINATING | STATEFUL
_NAMES = {TCP: "TCP", UDP: "UDP"}

# Ports come in blocks from the dynamic range. Source: section 7.4 ([O] 64); the range is [M].
_BLOCK = 64
_FIRST_PORT, _LAST_PORT = 49152, 65535

_FOR_DESTINATIONS, _EXCEPTION, _EVERYWHERE = 150, 200, 300  # priorities [M]


def port_block(endpoint_key: int) -> tuple[int, int]:
    """Return the 64 ports that the endpoint's connections are translated to, both ends included.

    Blocks go round: neighbours differ, and the 257th endpoint shares one with the first [M].
    """
    blocks = (_LAST_PORT + 1 - _FIRST_PORT) // _BLOCK
    first = _FIRST_PORT + endpoint_key % blocks * _BLOCK
    return first, first + _BLOCK - 1


def outbound_rules(endpoint: PlumbedEndpoint, management: Address | None) -> Sequence[Rule]:
    """Return the rules of SLB_GROUP_NAT_…_OUT for the OutBoundNAT policies of the endpoint."""
    made: list[Rule] = []
    exceptions = 0
    for number, nat in enumerate(endpoint.policies.nats):
        new = parse_address(nat.virtual_ip) or management
        if new is None:
            continue
        for prefix in () if nat.destinations else nat.exceptions:
            rule = _exception(endpoint, nat, prefix, exceptions)
            exceptions += 1
            if rule is not None:
                made.append(rule)
        made.extend(_source_nat(endpoint, nat, new, number))
    return made


def pool_names(endpoint: PlumbedEndpoint, management: Address | None) -> tuple[str, ...]:
    """Return the names of the NAT pools that the endpoint draws from."""
    found = []
    for rule in outbound_rules(endpoint, management):
        if isinstance(rule.data, NatPool) and rule.data.name not in found:
            found.append(rule.data.name)
    return tuple(found)


def _exception(
    endpoint: PlumbedEndpoint, nat: OutboundNat, prefix: str, number: int
) -> Rule | None:
    to = prefixes(prefix)
    if to is None:
        return None
    return Rule(
        id=f"ALLOW_OUTBOUNDNAT_EXCEPTION_{number}_{prefix}",
        name="",
        priority=_EXCEPTION + number,
        flags=_FLAGS,
        type=RuleType.ALLOW,
        conditions=Conditions(source=to_addresses(*endpoint.addresses), destination=to),
        ttl=FLOW_TTL,
        policy=nat.policy,
    )


def _source_nat(
    endpoint: PlumbedEndpoint, nat: OutboundNat, new: Address, number: int
) -> Iterator[Rule]:
    own = [each for each in endpoint.addresses if each.version == new.version]
    to = prefixes(*nat.destinations)
    if not own or (nat.destinations and to is None):
        return
    for protocol, name in _NAMES.items():
        yield Rule(
            id=f"SNAT_{name}_OUTBOUNDNAT_{number}_{new}",
            name="",
            priority=_FOR_DESTINATIONS if nat.destinations else _EVERYWHERE,
            flags=_FLAGS,
            type=RuleType.DYNNAT,
            conditions=Conditions(frozenset({protocol}), to_addresses(*own), to),
            data=NatPool(
                name=f"SLB_NATPOOL_IPV{new.version}_{name}_{own[0]}{new}"
                f"{endpoint.id.upper()}{number}",
                address=new,
                block=port_block(endpoint.endpoint.key),
            ),
            ttl=FLOW_TTL,
            policy=nat.policy,
            evidence="O" if protocol == TCP and new.version == 4 else "I",  # noqa: PLR2004 (a family)
        )
