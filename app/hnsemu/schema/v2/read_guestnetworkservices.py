"""Read the documents of guest network services into values of the domain."""

from hnsemu.domain.guestnetworkservices import MirroredInterface, ServiceRequest
from hnsemu.schema.v2.guest.services import GuestNetworkService, GuestNetworkServiceInterface
from hnsemu.schema.v2.read_identity import identity_request


def service_request(document: GuestNetworkService) -> ServiceRequest:
    """Return the guest network service in a document."""
    rpc = document.gns_rpc_server_information
    return ServiceRequest(
        identity=identity_request(document),
        virtual_machine_id=document.virtual_machine_id or "",
        interfaces=tuple(_interface(interface) for interface in document.mirrored_interfaces or ()),
        mirrors_host=bool(document.mirror_host_networking),
        rpc="{}" if rpc is None else rpc.model_dump_json(by_alias=True, exclude_none=True),
        flags=document.flags or 0,
    )


def _interface(document: GuestNetworkServiceInterface) -> MirroredInterface:
    return MirroredInterface(
        endpoint_id=document.endpoint_id or "",
        interface_guid=document.interface_guid or "",
        missed=document.missed_notifications or 0,
    )
