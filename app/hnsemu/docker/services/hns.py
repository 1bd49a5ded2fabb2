"""What the daemon asks of HNS: the calls that dockerd makes, in the words of HNS 1.

A refusal of HNS becomes Docker's text. Source: docker.md section 4; hcsshim's hnsfuncs.go and
hcserror [C]; seen on hosts [O].
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.domain.networks import DockerNetwork
from hnsemu.docker.errors import FAILED, DockerError
from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError
from hnsemu.schema.v1 import envelope
from hnsemu.schema.v1.dialect import endpoint_from_v1, network_from_v1
from hnsemu.schema.v1.spelling import spell_ids
from hnsemu.services.endpoints import attachment, creation, deletion
from hnsemu.services.networks import creation as network_creation
from hnsemu.services.networks import deletion as network_deletion
from hnsemu.services.networks.queries import found
from hnsemu.storage import endpoints, networks
from hnsemu.storage.transaction import Transaction

_FACILITY = 0x1FFF0000
_WIN32 = 0x00070000
_FORGIVEN = "hns failed with error : the object identifier does not represent a valid object. "


def create_network(tx: Transaction, document: Mapping[str, object]) -> Network:
    """POST /networks/.

    Raises: DockerError 500.
    """
    with _call(tx, "POST"):
        return network_creation.create(tx, network_from_v1(document))


def adopted(tx: Transaction, network: DockerNetwork, said: str) -> DockerNetwork:
    """Return the network with the one of HNS that its user names, whose endpoints are deleted.

    said: the id, whether HNS has a network of it or not.
    """
    existing = networks.find(tx, said.lower())
    if existing is None:
        return network
    sweep(tx, existing.id)
    return replace(network, hns_id=existing.id)


def sweep(tx: Transaction, hns_id: str) -> None:
    """Delete every endpoint of a network, as the daemon does with one it takes over."""
    network = networks.find(tx, hns_id)
    for endpoint in endpoints.of_network(tx, network.key) if network else ():
        deletion.remove_endpoint(tx, endpoint)


def spelled(tx: Transaction, hns_id: str) -> str:
    """Return an id as HNS prints it."""
    return spell_ids(tx.host.release, "friendly")(hns_id)


def delete_network(tx: Transaction, hns_id: str) -> None:
    """DELETE /networks/{id}; on Windows Server 2016 the daemon forgives that it is not there.

    Raises: DockerError 500.
    """
    try:
        with _call(tx, "DELETE"):
            network_deletion.delete(tx, found(tx, hns_id.lower()))
    except DockerError as error:
        if error.message.lower() != _FORGIVEN:
            raise


def create_endpoint(tx: Transaction, document: Mapping[str, object], container_id: str) -> Endpoint:
    """POST /endpoints/, and what HCS does with its EndpointList: attach it to a container.

    Raises: DockerError 500.
    """
    with _call(tx, "POST"):
        to = Attachment(SystemType.CONTAINER, container_id)
        return creation.create_attached(tx, endpoint_from_v1(document).document, to)


def create_remote_endpoint(tx: Transaction, document: Mapping[str, object]) -> Endpoint:
    """POST /endpoints/ for a container on another host.

    Raises: DockerError 500.
    """
    with _call(tx, "POST"):
        return creation.create(tx, None, endpoint_from_v1(document).document)


def endpoint_named(tx: Transaction, network_id: str, name: str) -> str:
    """Return the id of the endpoint of a name on a network, "" without one."""
    network = networks.find(tx, network_id)
    return endpoints.id_of_name(tx, network.key, name) if network else ""


def delete_named_endpoint(tx: Transaction, network_id: str, name: str) -> None:
    """DELETE /endpoints/{id} for the one of a name on a network, as far as it is there.

    Raises: DockerError 500.
    """
    found_id = endpoint_named(tx, network_id, name)
    if found_id:
        delete_endpoint(tx, found_id)


def attach_endpoint(tx: Transaction, hns_id: str, container_id: str) -> Endpoint:
    """Attach an endpoint to a container, as HCS does with its EndpointList.

    Raises: DockerError 500.
    """
    with _call(tx, "POST"):
        return attachment.attach(tx, hns_id, Attachment(SystemType.CONTAINER, container_id))


def detach_endpoint(tx: Transaction, hns_id: str, container_id: str) -> Endpoint:
    """Detach an endpoint from a container, as HCS does when the container ends.

    Raises: DockerError 500.
    """
    with _call(tx, "POST"):
        return attachment.detach(tx, hns_id, container_id)


def attached_to(tx: Transaction, hns_id: str) -> tuple[str, ...]:
    """Return the ids of the containers to which an endpoint is attached."""
    endpoint = endpoints.find(tx, hns_id)
    return endpoint.shared_containers if endpoint else ()


def delete_endpoint(tx: Transaction, hns_id: str) -> None:
    """GET /endpoints/{id}, and DELETE unless HNS has lost it.

    Raises: DockerError 500.
    """
    endpoint = endpoints.find(tx, hns_id)
    if endpoint is not None:
        with _call(tx, "DELETE"):
            deletion.remove_endpoint(tx, endpoint)


def text_of(error: HnsError, release: Release, method: str) -> str:
    """Return what dockerd says of a refusal: at the level of the call, or of its envelope."""
    result = envelope.call_result(error, release, method)
    if not result:
        said = json.loads(envelope.failure(error, release))["Error"]
        return f"{'HNS' if daemon_of(release).is_early else 'hns'} failed with error : {said}"
    number = result & 0xFFFF if result & _FACILITY == _WIN32 else result
    text = error.hr.message.rstrip()
    return f"failed during hnsCallRawResponse: hnsCall failed in Win32: {text} ({number:#x})"


@contextmanager
def _call(tx: Transaction, method: str) -> Iterator[None]:
    """Let a refusal of HNS leave as Docker's, with nothing of the call done."""
    try:
        yield
    except HnsError as error:
        raise DockerError(FAILED, text_of(error, tx.host.release, method)) from error
