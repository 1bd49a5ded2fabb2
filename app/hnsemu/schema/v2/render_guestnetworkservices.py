"""Guest network services as HCN answers show them."""

import orjson

from hnsemu.domain.guestnetworkservices import GuestNetworkService, MirroredInterface
from hnsemu.schema.v2.render_base import base_document


def guest_network_service_document(service: GuestNetworkService) -> dict[str, object]:
    """Return the answer for one service, empty members left out."""
    document = base_document(service, {})
    document["State"] = service.state.number
    if service.virtual_machine_id:
        document["VirtualMachineId"] = service.virtual_machine_id
    if service.interfaces:
        document["MirroredInterfaces"] = [_interface(each) for each in service.interfaces]
    if service.mirrors_host:
        document["MirrorHostNetworking"] = True
    if service.rpc != "{}":
        document["GnsRpcServerInformation"] = orjson.Fragment(service.rpc)
    if service.flags:
        document["Flags"] = service.flags
    return document


def _interface(each: MirroredInterface) -> dict[str, object]:
    shown: dict[str, object] = {"EndpointId": each.endpoint_id}
    if each.interface_guid:
        shown["InterfaceGuid"] = each.interface_guid
    shown["State"] = each.state
    if each.missed:
        shown["MissedNotifications"] = each.missed
    return shown
