"""Policies of an object in words, and the VFP rules that they become."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.packet import Direction
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.vfp.building import resolve_rules
from hnsemu.domain.vfp.model import Rule, VfpPort
from hnsemu.errors import HnsError
from hnsemu.policies.model import Owner
from hnsemu.policies.words import effect, list_sentence, sentence
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.services.dataplane.parties import found_endpoint
from hnsemu.services.dataplane.vfp import vfp_port
from hnsemu.services.endpoints.queries import ids_of
from hnsemu.storage import endpoints, networks, policylists
from hnsemu.storage.transaction import Transaction, reads

_OWNERS = {"Endpoint": Owner.ENDPOINT, "Network": Owner.NETWORK}
_FIRST = 10  # endpoints among which a local one is looked for
_MOST_RULES = 20  # of a policy that are shown


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A VFP rule, and where it stands."""

    layer: str
    group: str
    direction: Direction
    rule: Rule


@dataclass(frozen=True, slots=True)
class PolicyInWords:
    """A policy of an object. position: among the object's policies, from 0.

    settings: JSON text. rules: at most 20 of them; count: how many there are. note: where it acts
    when it has none.
    """

    position: int
    type: str
    sentence: str
    settings: str
    rules: tuple[CompiledRule, ...]
    count: int
    note: str


@dataclass(frozen=True, slots=True)
class Compilation:
    """The policies of an object. port: the endpoint on whose port the rules were read, "" for none.

    port_name: of that endpoint.
    """

    policies: tuple[PolicyInWords, ...]
    port: str = ""
    port_name: str = ""


def compile_endpoint(tx: Transaction, endpoint_id: str) -> Compilation:
    """Return the policies of an endpoint; none where there is no such endpoint."""
    found = endpoints.find(tx, endpoint_id)
    if found is None:
        return Compilation(())
    port = None if found.is_remote else _port(StoredFabric(tx).host(tx.host.name), endpoint_id)
    return _compilation("Endpoint", endpoint_id, found.policies, port, found.name)


def compile_network(tx: Transaction, network_id: str) -> Compilation:
    """Return the policies of a network, with the rules as the port of an endpoint has them."""
    found = networks.find(tx, network_id)
    if found is None:
        return Compilation(())
    host = StoredFabric(tx).host(tx.host.name)
    local = _some_local(tx, host, network_id) if found.policies else None
    port = _port(host, local.id) if local is not None else None
    name = local.endpoint.name if local is not None else ""
    return _compilation("Network", network_id, found.policies, port, name)


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
    known = host.endpoint(backend) if backend else None
    told = PolicyInWords(
        0, found.kind.value, list_sentence(found), "", tuple(matching[:_MOST_RULES]),
        len(matching), "" if matching else "No VFP rule of this host comes from it",
    )  # fmt: skip
    return Compilation((told,), backend, known.endpoint.name if known else "")


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
    for layer in port.layers:
        for group in layer.groups:
            for rule in group.rules(None):
                yield CompiledRule(layer.id, group.id, group.direction, rule)


def _port(host: StoredHost, endpoint_id: str) -> VfpPort:
    return resolve_rules(vfp_port(host, endpoint_id))


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
    owner: str, owner_id: str, policies: Sequence[Policy], port: VfpPort | None, name: str
) -> Compilation:
    by_position: dict[int, list[CompiledRule]] = {}
    for compiled in rules_of(port) if port is not None else ():
        ref = compiled.rule.policy
        if ref is not None and (ref.owner, ref.owner_id) == (owner, owner_id):
            by_position.setdefault(_position(ref, policies), []).append(compiled)
    reasons = {} if port is None else {
        _position(ref, policies): why for ref, why in port.not_applied if ref.owner == owner
    }  # fmt: skip
    told = tuple(
        _in_words(owner, position, policy, by_position.get(position, []), reasons.get(position, ""))
        for position, policy in enumerate(policies)
    )
    return Compilation(told, port.owner_id if port is not None else "", name)


def _position(ref: PolicyRef, policies: Sequence[Policy]) -> int:
    """Return where the policy stands; a reference by type alone means the first of the type."""
    if ref.position < len(policies) and policies[ref.position].type == ref.type:
        return ref.position
    types = [policy.type for policy in policies]
    return types.index(ref.type) if ref.type in types else -1


def _in_words(
    owner: str, position: int, policy: Policy, rules: Sequence[CompiledRule], why: str
) -> PolicyInWords:
    kind = _OWNERS[owner]
    note = "" if rules else why or effect(kind, policy)
    return PolicyInWords(
        position, policy.type, sentence(kind, policy), policy.settings,
        tuple(rules[:_MOST_RULES]), len(rules), note,
    )  # fmt: skip
