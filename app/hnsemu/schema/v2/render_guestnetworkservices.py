"""Guest network services as HCN documents."""

import orjson

from hnsemu.domain.guestnetworkservices import GuestNetworkService, MirroredInterface
from hnsemu.schema.v2.render_base import base_document


def guest_network_service_document(service: GuestNetworkService) -> dict[str, object]:
    """Return the document of a service, without empty members."""
    document = base_document(service, {})
    document["State"] = service.state.number
    if service.virtual_machine_id:
        document["VirtualMachineId"] = service.virtual_machine_id
    if service.interfaces:
        document["MirroredInterfaces"] = [_interface(interface) for interface in service.interfaces]
    if service.mirrors_host:
        document["MirrorHostNetworking"] = True
    if service.rpc != "{}":
        document["GnsRpcServerInformation"] = orjson.Fragment(service.rpc)
    if service.flags:
        document["Flags"] = service.flags
    return document


def _interface(interface: MirroredInterface) -> dict[str, object]:
    document: dict[str, object] = {"EndpointId": interface.endpoint_id}
    if interface.interface_guid:
        document["InterfaceGuid"] = interface.interface_guid
    document["State"] = interface.state
    if interface.missed:
        document["MissedNotifications"] = interface.missed
    return document
