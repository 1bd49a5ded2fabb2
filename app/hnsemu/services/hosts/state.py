"""The state of a host as a document: read whole, and a host made as one says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hnsemu.domain.host_definition import check_definition, check_host_name, lowest_free, new_host
from hnsemu.domain.hosts import HostDefinition, Machine, read_definition
from hnsemu.domain.state.shapes import Integer, Json, Text, check_members, wrong
from hnsemu.errors import HnsError, Hr, Refusal
from hnsemu.policies.catalogue import ENDPOINT, NETWORK, SUBNET
from hnsemu.policies.dataplane import plumbed_endpoint, plumbed_network
from hnsemu.schema.host.definition import host_record
from hnsemu.schema.v2.render_endpoints import endpoint_text
from hnsemu.schema.v2.render_guestnetworkservices import guest_network_service_document
from hnsemu.schema.v2.render_namespaces import namespace_document
from hnsemu.schema.v2.render_networks import network_document
from hnsemu.schema.v2.render_policylists import policy_list_document
from hnsemu.services import journal
from hnsemu.services.hosts.queries import machine_of
from hnsemu.storage import (
    endpoints,
    guestnetworkservices,
    hosts,
    lifecycle,
    namespaces,
    nat_rules,
    networks,
    placement,
    policylists,
    portreservations,
    vswitches,
)
from hnsemu.storage import state as storage
from hnsemu.storage.nouns import Noun
from hnsemu.storage.state import NewRow
from hnsemu.storage.transaction import Hns, HostClient, Transaction, controls, reads

FORMAT = 1
"""Of the documents that are written; only these are read."""

_NAMED = {"name", "state"}
_OF_ONE_HOST = (
    "is the state of one host, without its name; import it without --all, or send it to "
    "PUT /emulator/hosts/{name}/state"
)
_OF_SERVICE = (
    "this is the state of a service, with the names of its hosts; import it with --all, or send it "
    "to PUT /emulator/state: both replace all hosts"
)

_POLICY_TYPES = {"network_key": NETWORK, "subnet_key": SUBNET, "endpoint_key": ENDPOINT}


@dataclass(frozen=True, slots=True)
class Part:
    """The nouns of HNS, or of one of the programs on the host, with the rows that are new."""

    nouns: Sequence[Noun]
    rows: Mapping[str, list[NewRow]]


@dataclass(frozen=True, slots=True)
class NewState:
    """What a document says: the host's own row, its definition, and all others."""

    host: NewRow
    definition: HostDefinition
    parts: Sequence[Part]


@reads
def get_state(tx: Transaction) -> dict[str, Json]:
    """Return the state of the host.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return state_of(tx)


@reads
def show_states(tx: Transaction, show: Callable[[str, dict[str, Json]], None]) -> None:
    """Show the name and the state of each host, by name: all as they were at one instant.

    show: is called in the transaction, with one host after the other; from the start again where
          the transaction is tried again.
    """
    for name in [host.name for host in hosts.all_of(tx.connection)]:
        show(name, state_of(tx.on(name)))


def put_state(hns: Hns, document: Json) -> tuple[Machine, bool]:
    """Make the host what a document says; return it, and whether it was created.

    Raises: E_INVALIDARG, naming the first wrong member; nothing has changed then.
    """
    check_host_name(hns.host_name)
    return _put(hns, new_state(document, hns.clients))


@controls
def _put(tx: Transaction, new: "NewState") -> tuple[Machine, bool]:
    return restore(tx, new)


def put_states(hns: Hns, documents: Json) -> list[Machine]:
    """Make the hosts of the service what documents say, and remove the others.

    documents: `{"name": …, "state": …}` of each host.
    Raises: E_INVALIDARG as `put_state`; nothing has changed then.
    """
    wanted: dict[str, NewState] = {}
    for number, document in enumerate(documents):
        at = f"[{number}]"
        if isinstance(document, Mapping) and "format" in document:
            raise wrong(at, _OF_ONE_HOST)
        check_members(document, _NAMED, at)
        name = Text().read(document.get("name"), f"{at}.name")
        if check_host_name(name) in wanted:
            raise wrong(f"{at}.name", f"{name!r} is there twice; leave one out")
        try:
            wanted[name] = new_state(document.get("state"), hns.clients)
        except HnsError as refusal:
            raise HnsError(refusal.hr, f"{name}: {refusal.detail}") from refusal
    machines, listeners = _put_all(hns, wanted)
    for key in listeners:
        hns.database.wakes.wake(key)
    return machines


@controls
def _put_all(tx: Transaction, wanted: Mapping[str, "NewState"]) -> tuple[list[Machine], set[int]]:
    """Return the hosts, and the keys of those whose listeners are to be woken."""
    known = hosts.all_of(tx.connection)
    machines = []
    for host in known:
        if host.name not in wanted:
            lifecycle.delete_with_everything(tx.on(host.name))
    for name, new in sorted(wanted.items()):
        of_host = tx.on(name)
        try:
            machines.append(restore(of_host, new)[0])
        except HnsError as refusal:
            raise HnsError(refusal.hr, f"{name}: {refusal.detail}") from refusal
        of_host.wake_at_commit()
    return machines, {host.key for host in known}


def state_of(tx: Transaction) -> dict[str, Json]:
    """Return the state of the transaction's host."""
    document: dict[str, Json] = {"format": FORMAT, **storage.read(tx, storage.NOUNS)}
    for client in tx.clients:
        found = storage.read(tx, client.nouns)
        if found:
            document[client.section] = found
    return document


def new_state(document: Json, clients: Sequence[HostClient]) -> "NewState":
    """Return what a document says, checked as far as it can be without a database.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    parts = _parts(document, clients)
    of_hns = parts[0].rows
    _check_policies(of_hns.get("policies", ()))
    host = of_hns["hosts"][0]
    definition = read_definition(host.values["asked"])
    try:
        check_definition(definition)
    except HnsError as refusal:
        raise wrong(f"{host.at}.definition", refusal.detail) from refusal
    return NewState(host, definition, parts)


def restore(tx: Transaction, new: "NewState") -> tuple[Machine, bool]:
    """Make the transaction's host what a document says, as `put_state` does."""
    is_new = _find_or_create(tx, new)
    last = [storage.last_numbers(tx, part.nouns) for part in new.parts]
    lifecycle.clear(tx)
    lifecycle.become(tx, new.host.values)
    tx.forget_host()
    for part, numbers in zip(new.parts, last, strict=True):
        storage.write(tx, part.nouns, part.rows, numbers)
    placement.count_again(tx)  # a document may say nothing of it
    _read_everything(tx)
    if is_new and new.definition.journal:
        journal.begin_again(tx, new.definition)
    tx.wake_listeners()
    return machine_of(tx), is_new


def document_schema(clients: Sequence[HostClient]) -> dict[str, Json]:
    """Return the JSON schema of a state document."""
    sections = {
        client.section: _object({noun.name: noun.list_schema() for noun in client.nouns})
        for client in clients
    }
    nouns = {noun.name: noun.list_schema() for noun in storage.NOUNS}
    return _object(
        {"format": Integer(1, FORMAT, f"Always {FORMAT}.").schema(), **nouns, **sections}
    ) | {"required": ["format", "host"]}


def _object(members: Mapping[str, Json]) -> dict[str, Json]:
    properties = dict(sorted(members.items()))
    return {"type": "object", "properties": properties}


def _parts(document: Json, clients: Sequence[HostClient]) -> list[Part]:
    """Return the rows that a document says: those of HNS, then those of each client.

    Raises: E_INVALIDARG.
    """
    _check_format(document)
    names = [noun.name for noun in storage.NOUNS] + [client.section for client in clients]
    check_members(document, {"format", *names}, "")
    if "host" not in document:
        raise wrong("host", "is missing")
    parts = [Part(storage.NOUNS, storage.rows_of(document, storage.NOUNS))]
    for client in clients:
        of_client = document.get(client.section, {})
        check_members(of_client, [noun.name for noun in client.nouns], client.section)
        rows = storage.rows_of(of_client, client.nouns, f"{client.section}.")
        parts.append(Part(client.nouns, rows))
    return parts


def _check_format(document: Json) -> None:
    if not isinstance(document, Mapping):
        raise HnsError(Hr.E_INVALIDARG, "a state document is an object; send what GET answered")
    if document.keys() == _NAMED:
        raise HnsError(Hr.E_INVALIDARG, _OF_SERVICE)
    known = document.get("format")
    if type(known) is not int or known < 1:
        raise wrong("format", f"must be {FORMAT}; send what GET answered")
    if known > FORMAT:
        raise wrong("format", f"{known} is newer than {FORMAT}, the newest that this version reads")


def _check_policies(rows: Sequence[NewRow]) -> None:
    for row in rows:
        known = _POLICY_TYPES[row.noun.parent]
        if row.values["type"] not in known:
            raise wrong(f"{row.at}.type", f"no policy {row.values['type']!r} can be there")


def _find_or_create(tx: Transaction, new: NewState) -> bool:
    """Lock the host, created if there was none; its number is the document's if that is free."""
    is_new = False
    while (found := hosts.find(tx.connection, tx.host_name, lock=True)) is None:
        number = _number(new.host, hosts.numbers(tx.connection))
        host = new_host(tx.host_name, number, new.definition, tx.now)
        is_new = hosts.insert(tx.connection, host) is not None
    others = {number for number in hosts.numbers(tx.connection) if number != found.number}
    if is_new or new.host.values["number"] in {None, *others}:
        new.host.values["number"] = found.number
    return is_new


def _number(row: NewRow, taken: Sequence[int]) -> int:
    number: int | None = row.values["number"]
    return lowest_free(taken) if number is None or number in taken else number


def _read_everything(tx: Transaction) -> None:
    """Read what was written as callers will, and render the stored answers of endpoints.

    Raises: E_INVALIDARG naming what nobody could read.
    """
    release = tx.host.release
    now_readable: list[tuple[str, Callable[[], object]]] = [
        ("host", lambda: host_record(machine_of(tx))),
        ("switches", lambda: vswitches.all_of(tx)),
        ("networks", lambda: [
            (network_document(network, release), plumbed_network(network), network.vsid,
             [(subnet.network, [pool.network for pool in subnet.ip_subnets])
              for subnet in network.subnets])
            for network in networks.all_of(tx)
        ]),
        ("endpoints", lambda: _render_endpoints(tx)),
        ("namespaces", lambda: [namespace_document(namespace, release)
                                for namespace in namespaces.all_of(tx)]),
        ("policy_lists", lambda: [policy_list_document(policy_list, release)
                                  for policy_list in policylists.all_of(tx)]),
        ("guest_network_services", lambda: [guest_network_service_document(service)
                                            for service in guestnetworkservices.all_of(tx)]),
        ("port_reservations", lambda: portreservations.all_of(tx, tx.now)),
        ("nat_rules", lambda: nat_rules.all_of(tx)),
        *((client.section, lambda client=client: client.check_state(tx))
          for client in tx.clients),
    ]  # fmt: skip
    for name, read in now_readable:
        try:
            read()
        except Refusal as refusal:
            raise wrong(name, f"cannot be read: {refusal}") from refusal
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise wrong(name, "cannot be read; send what GET answered") from error


def _render_endpoints(tx: Transaction) -> None:
    texts = {}
    for endpoint in endpoints.all_of(tx):
        plumbed_endpoint(endpoint)
        texts[endpoint.key] = endpoint_text(endpoint, tx.host.release)
    endpoints.set_documents(tx, texts)
