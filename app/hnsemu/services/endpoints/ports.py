"""Published ports of endpoints: chosen, claimed on the host, and withdrawn again."""

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import PortMappings, network_type
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping
from hnsemu.domain.portreservations import IP_PROTOCOLS
from hnsemu.domain.winnat import choose_port
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.endpoint_facts import port_mapping, with_external_port
from hnsemu.storage import host_numbers, nat_rules, portreservations
from hnsemu.storage.transaction import Transaction

_DRAWS = 16


def with_chosen_ports(tx: Transaction, carried: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """Return the policies with an external port in every PortMapping that left it to HNS.

    Raises: HCN_E_PORT_NOT_FOUND when none is left.
    """
    chosen: list[Policy] = []
    for policy in carried:
        if policy.type != "PortMapping" or port_mapping(policy).external_port:
            chosen.append(policy)
            continue
        wanted = port_mapping(policy)
        besides = {
            port_mapping(each).external_port for each in chosen if each.type == "PortMapping"
        }
        chosen.append(with_external_port(policy, _free_port(tx, wanted, besides)))
    return tuple(chosen)


def publish(tx: Transaction, endpoint: Endpoint) -> None:
    """Claim every port that the endpoint's policies publish.

    Raises: HCN_E_PORT_ALREADY_EXISTS.
    """
    for policy in endpoint.policies:
        if policy.type == "PortMapping":
            _claim(tx, endpoint, port_mapping(policy))


def republish(tx: Transaction, endpoint: Endpoint) -> None:
    """Withdraw what the endpoint's policies publish no more and claim what is new.

    Raises: HCN_E_PORT_ALREADY_EXISTS.
    """
    wanted = [port_mapping(each) for each in endpoint.policies if each.type == "PortMapping"]
    kept = nat_rules.of_endpoint(tx, endpoint.key)
    gone = [rule.key for rule in kept if rule.mapping not in wanted]
    if gone:
        nat_rules.remove(tx, gone)
    have = [rule.mapping for rule in kept if rule.mapping in wanted]
    for mapping in wanted:
        if mapping in have:
            have.remove(mapping)
        else:
            _claim(tx, endpoint, mapping)


def _free_port(tx: Transaction, wanted: PortMapping, besides: set[int]) -> int:
    """Draw a free port at random; when the range is crowded, search it."""
    for _ in range(_DRAWS):
        port = CHOSEN_PORTS[tx.source.below(len(CHOSEN_PORTS))]
        claim = PortMapping(
            wanted.protocol, wanted.internal_port, port, wanted.vip, ipv6=wanted.ipv6
        )
        if port not in besides and not nat_rules.holder(tx, claim) and not _reserver(tx, claim):
            return port
    taken = nat_rules.taken_ports(tx, wanted.protocol)
    for held in portreservations.all_of(tx, tx.now):
        if held.protocol & IP_PROTOCOLS.get(wanted.protocol, 0):
            taken.update(range(held.start, held.end + 1))
    return choose_port(taken | besides, tx.source.below(len(CHOSEN_PORTS)))


def _reserver(tx: Transaction, mapping: PortMapping) -> str | None:
    """Return the id of the reservation that has the external port of the host."""
    bit = IP_PROTOCOLS.get(mapping.protocol)
    if bit is None:
        return None
    return portreservations.reserver(tx, tx.now, bit, mapping.external_port)


def _claim(tx: Transaction, endpoint: Endpoint, mapping: PortMapping) -> None:
    holder = nat_rules.holder(tx, mapping)
    if holder is not None:
        raise HnsError(
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            f"PortMapping: external port {mapping.external_port} of protocol {mapping.protocol} "
            f"belongs to endpoint {holder}; choose another, or 0 to let HNS choose",
        )
    reserver = _reserver(tx, mapping)
    if reserver is not None:
        raise HnsError(
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            f"PortMapping: external port {mapping.external_port} is in port reservation {reserver} "
            "of a guest network service; choose another, or 0 to let HNS choose",
        )
    on_winnat = network_type(endpoint.network_mode).port_mappings is PortMappings.WINNAT
    nat_rules.insert_rule(
        tx,
        endpoint.key,
        "WinNAT" if on_winnat else "VFP",
        host_numbers.take_nat_mapping(tx),
        mapping,
        _internal_address(endpoint, mapping),
    )


def _internal_address(endpoint: Endpoint, mapping: PortMapping) -> str:
    for configuration in endpoint.ip_configurations:
        if (":" in configuration.ip_address) == mapping.ipv6:
            return configuration.ip_address
    return ""
