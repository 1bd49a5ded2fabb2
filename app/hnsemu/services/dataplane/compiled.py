"""Policies of an object in words, and the VFP rules that they become."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.facts import Policy
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.packet import Direction
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.vfp.building import resolve_rules
from hnsemu.domain.vfp.model import PortKind, Rule, VfpPort
from hnsemu.errors import HnsError
from hnsemu.policies.model import Owner
from hnsemu.policies.words import effect, list_sentence, sentence
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.services.dataplane.parties import found_endpoint
from hnsemu.services.dataplane.vfp import host_vfp_port, vfp_port
from hnsemu.services.endpoints.queries import ids_of
from hnsemu.storage import endpoints, networks, policylists
from hnsemu.storage.transaction import Transaction, reads

_OWNERS = {"Endpoint": Owner.ENDPOINT, "Network": Owner.NETWORK}
_FIRST = 10  # endpoints among which a local one is looked for
_MOST_RULES = 20  # of a policy that are shown


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A VFP rule, and where it stands. port: the endpoint of the port, else the port's name."""

    port: str
    layer: str
    group: str
    direction: Direction
    rule: Rule


@dataclass(frozen=True, slots=True)
class PolicyInWords:
    """A policy of an object. position: among the object's policies, from 0.

    settings: JSON text. rules: at most 20 of them; count: how many there are. note: where it acts
    when it has none. at: the port of the rules, in words.
    """

    position: int
    type: str
    sentence: str
    settings: str
    rules: tuple[CompiledRule, ...]
    count: int
    note: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Compilation:
    """The policies of an object. name: of the endpoint that has them, "" for other owners."""

    policies: tuple[PolicyInWords, ...]
    name: str = ""


def compile_endpoint(tx: Transaction, endpoint_id: str) -> Compilation:
    """Return the policies of an endpoint; none where there is no such endpoint."""
    found = endpoints.find(tx, endpoint_id)
    if found is None:
        return Compilation(())
    host = StoredFabric(tx).host(tx.host.name)
    # What leads to a remote endpoint stands at the ports of local ones.
    local = _some_local(tx, host, found.network_id) if found.is_remote else host.endpoint(found.id)
    ports = [] if local is None else [_port(host, local.id)]
    if any(policy.type == "PortMapping" for policy in found.policies):
        ports += _host_ports(host, found.network_id)
    compilation = _compilation("Endpoint", endpoint_id, found.policies, ports)
    return replace(compilation, name=found.name)


def compile_network(tx: Transaction, network_id: str) -> Compilation:
    """Return the policies of a network, with the rules as the port of an endpoint has them."""
    found = networks.find(tx, network_id)
    if found is None:
        return Compilation(())
    host = StoredFabric(tx).host(tx.host.name)
    local = _some_local(tx, host, network_id) if found.policies else None
    ports = [] if local is None else [_port(host, local.id)]
    return _compilation("Network", network_id, found.policies, ports)


def compile_list(tx: Transaction, list_id: str) -> Compilation:
    """Return what a policy list says, with the rules as the port of its first backend has them."""
    found = policylists.find(tx, list_id)
    if found is None:
        return Compilation(())
    host = StoredFabric(tx).host(tx.host.name)
    backend = _first_local(host, found)
    port = _port(host, backend) if backend else None
    matching = [] if port is None else [
        compiled for compiled in rules_of(port)
        if compiled.rule.policy is not None and compiled.rule.policy.owner_id == list_id
    ]  # fmt: skip
    told = PolicyInWords(
        0, found.kind.value, list_sentence(found), "", tuple(matching[:_MOST_RULES]),
        len(matching), "" if matching else "No VFP rule of this host comes from it",
        _at(port) if port is not None else "",
    )  # fmt: skip
    return Compilation((told,))


@reads
def policies_at(tx: Transaction, endpoint: str) -> Compilation:
    """Return the policies of an endpoint that a caller names by its id or name.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, TYPE_E_AMBIGUOUSNAME.
    """
    found = found_endpoint(StoredFabric(tx).host(tx.host.name), endpoint)
    return compile_endpoint(tx, found.id)


policies_of_endpoint = reads(compile_endpoint)
policies_of_network = reads(compile_network)
policies_of_list = reads(compile_list)


def rules_of(port: VfpPort) -> Iterator[CompiledRule]:
    """Yield every rule of a port."""
    address = port.owner_id if port.kind is PortKind.CONTAINER else port.id
    for layer in port.layers:
        for group in layer.groups:
            for rule in group.rules(None):
                yield CompiledRule(address, layer.id, group.id, group.direction, rule)


def _port(host: StoredHost, endpoint_id: str) -> VfpPort:
    return resolve_rules(vfp_port(host, endpoint_id))


def _host_ports(host: StoredHost, network_id: str) -> list[VfpPort]:
    """Return the port of the host on the switch of a network, where published ports arrive."""
    switch = host.network(network_id).network.vswitch
    port = host_vfp_port(host, switch.id) if switch is not None else None
    return [] if port is None else [resolve_rules(port)]


def _at(port: VfpPort) -> str:
    """Return what a reader calls the port."""
    name = port.nic_friendly_name or port.owner_id or port.friendly_name
    return name if port.kind is PortKind.CONTAINER else f"the host on {port.switch_name}"


def _some_local(tx: Transaction, host: StoredHost, network_id: str) -> PlumbedEndpoint | None:
    """Return one of the first endpoints of the network that has a port here."""
    query = HostComputeQuery(filter=f'{{"HostComputeNetwork": "{network_id}"}}')
    first = (host.endpoint(found) for found in ids_of(tx, query, _FIRST, None))
    return next((one for one in first if one is not None and not one.is_remote), None)


def _first_local(host: StoredHost, policy_list: PolicyList) -> str:
    for reference in policy_list.references:
        try:
            endpoint = host.endpoint(parse_guid(reference))
        except HnsError:  # a plain list may refer to anything
            continue
        if endpoint is not None and not endpoint.is_remote:
            return endpoint.id
    return ""


def _compilation(
    owner: str, owner_id: str, policies: Sequence[Policy], ports: Sequence[VfpPort]
) -> Compilation:
    """Return policies with the rules that they become at the first of these ports with any."""
    found: dict[int, tuple[VfpPort, list[CompiledRule]]] = {}
    for port in ports:
        for compiled in rules_of(port):
            ref = compiled.rule.policy
            if ref is not None and (ref.owner, ref.owner_id) == (owner, owner_id):
                at, rules = found.setdefault(ref.position, (port, []))
                if at is port:
                    rules.append(compiled)
    reasons = {
        ref.position: why for port in ports for ref, why in port.not_applied if ref.owner == owner
    }
    return Compilation(
        tuple(
            _in_words(
                _OWNERS[owner], position, policy, found.get(position), reasons.get(position, "")
            )
            for position, policy in enumerate(policies)
        )
    )


def _in_words(
    kind: Owner,
    position: int,
    policy: Policy,
    found: tuple[VfpPort, list[CompiledRule]] | None,
    why: str,
) -> PolicyInWords:
    told = PolicyInWords(
        position, policy.type, sentence(kind, policy), policy.settings, (), 0,
        why or effect(kind, policy),
    )  # fmt: skip
    if found is None:
        return told
    port, rules = found
    return replace(told, rules=tuple(rules[:_MOST_RULES]), count=len(rules), note="", at=_at(port))
