"""Every failure the service can report: one row per HRESULT, one exception, no subclasses.

Source: HCNHResult.md of Microsoft's HCN reference for facility 0x3B; the Win32 and HCS codes that
clients branch on are listed in hns-behaviour.md section 6.2. HTTP statuses are our choice
(docs/adr/0004-http-status.md): Windows has none.
"""

from dataclasses import dataclass
from enum import Enum, unique

# What HNS writes behind the full stop of a text. Source: Windows-Containers#103, calico#5762 [O].
_APPENDED = {0x803B001C: "A Reference is required"}


@unique
class Hr(Enum):
    """One row per HRESULT under its official name: code, HTTP status, Windows' text.

    The texts carry no full stop where the published table has none; `message` adds what a
    Windows host really prints.
    """

    HCN_E_NETWORK_NOT_FOUND = (0x803B0001, 404, "The network was not found")
    HCN_E_ENDPOINT_NOT_FOUND = (0x803B0002, 404, "The endpoint was not found")
    HCN_E_LAYER_NOT_FOUND = (0x803B0003, 404, "The network's underlying layer was not found")
    HCN_E_SWITCH_NOT_FOUND = (0x803B0004, 404, "The virtual switch was not found")
    HCN_E_SUBNET_NOT_FOUND = (
        0x803B0005,
        404,
        "The network does not have a subnet for this endpoint",
    )
    HCN_E_ADAPTER_NOT_FOUND = (0x803B0006, 404, "An adapter was not found")
    HCN_E_PORT_NOT_FOUND = (0x803B0007, 404, "The switch-port was not found")
    HCN_E_POLICY_NOT_FOUND = (0x803B0008, 404, "An expected policy was not found")
    HCN_E_VFP_PORTSETTING_NOT_FOUND = (0x803B0009, 404, "A required VFP port setting was not found")
    HCN_E_INVALID_NETWORK = (
        0x803B000A,
        400,
        "The provided network configuration is invalid or missing parameters",
    )
    HCN_E_INVALID_NETWORK_TYPE = (0x803B000B, 400, "Invalid network type")
    HCN_E_INVALID_ENDPOINT = (
        0x803B000C,
        400,
        "The provided endpoint configuration is invalid or missing parameters",
    )
    HCN_E_INVALID_POLICY = (
        0x803B000D,
        400,
        "The provided policy configuration is invalid or missing parameters",
    )
    HCN_E_INVALID_POLICY_TYPE = (0x803B000E, 400, "Invalid policy type")
    HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION = (
        0x803B000F,
        409,
        "This requested operation is invalid for a remote endpoint",
    )
    HCN_E_NETWORK_ALREADY_EXISTS = (0x803B0010, 409, "A network with this name already exists")
    HCN_E_LAYER_ALREADY_EXISTS = (0x803B0011, 409, "A network with this name already exists")
    HCN_E_POLICY_ALREADY_EXISTS = (
        0x803B0012,
        409,
        "Policy information already exists on this object",
    )
    HCN_E_PORT_ALREADY_EXISTS = (0x803B0013, 409, "The specified port already exists")
    HCN_E_ENDPOINT_ALREADY_ATTACHED = (
        0x803B0014,
        409,
        "This endpoint is already attached to the switch",
    )
    HCN_E_REQUEST_UNSUPPORTED = (0x803B0015, 400, "The specified request is unsupported")
    HCN_E_MAPPING_NOT_SUPPORTED = (
        0x803B0016,
        400,
        "Port mapping is not supported on the given network",
    )
    HCN_E_DEGRADED_OPERATION = (
        0x803B0017,
        409,
        "There was an operation attempted on a degraded object",
    )
    HCN_E_SHARED_SWITCH_MODIFICATION = (
        0x803B0018,
        409,
        "Cannot modify a switch shared by multiple networks",
    )
    HCN_E_GUID_CONVERSION_FAILURE = (0x803B0019, 400, "Failed to interpret a parameter as a GUID")
    HCN_E_REGKEY_FAILURE = (0x803B001A, 500, "Failed to process registry key")
    HCN_E_INVALID_JSON = (0x803B001B, 400, "Invalid JSON document string")
    HCN_E_INVALID_JSON_REFERENCE = (
        0x803B001C,
        400,
        "The reference is invalid in the JSON document",
    )
    HCN_E_ENDPOINT_SHARING_DISABLED = (0x803B001D, 409, "Endpoint sharing is disabled")
    HCN_E_INVALID_IP = (
        0x803B001E,
        400,
        "IP address is either invalid or not part of any configured subnet(s)",
    )
    HCN_E_SWITCH_EXTENSION_NOT_FOUND = (
        0x803B001F,
        404,
        "The specified switch extension does not exist on this switch",
    )
    HCN_E_MANAGER_STOPPED = (
        0x803B0020,
        503,
        "Operation cannot be performed while service is stopping",
    )
    GCN_E_MODULE_NOT_FOUND = (
        0x803B0021,
        404,
        "Operation cannot be performed while service module not found",
    )
    GCN_E_NO_REQUEST_HANDLERS = (
        0x803B0022,
        503,
        "Request Handlers not present to handle the JSON request",
    )
    GCN_E_REQUEST_UNSUPPORTED = (0x803B0023, 400, "The specified request is unsupported")
    GCN_E_RUNTIMEKEYS_FAILED = (0x803B0024, 500, "Add runtime keys to container failed")
    GCN_E_NETADAPTER_TIMEOUT = (
        0x803B0025,
        504,
        "Timeout while waiting for network adapter with the given instance id",
    )
    GCN_E_NETADAPTER_NOT_FOUND = (
        0x803B0026,
        404,
        "Network adapter not found for the given instance id",
    )
    GCN_E_NETCOMPARTMENT_NOT_FOUND = (
        0x803B0027,
        404,
        "Network compartment not found for the given id",
    )
    GCN_E_NETINTERFACE_NOT_FOUND = (0x803B0028, 404, "Network interface not found for the given id")
    GCN_E_DEFAULTNAMESPACE_EXISTS = (0x803B0029, 409, "Default Namespace already exists")
    HCN_E_ICS_DISABLED = (
        0x803B002A,
        409,
        "Internet Connection Sharing service (SharedAccess) is disabled and cannot be started",
    )
    HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS = (
        0x803B002B,
        409,
        "This requested operation is invalid as endpoint is already part of a network namespace",
    )
    HCN_E_ENTITY_HAS_REFERENCES = (
        0x803B002C,
        409,
        "The specified entity cannot be removed while it still has references",
    )
    HCN_E_INVALID_INTERNAL_PORT = (
        0x803B002D,
        400,
        "The internal port must exist and cannot be zero",
    )
    HCN_E_NAMESPACE_ATTACH_FAILED = (
        0x803B002E,
        409,
        "The requested operation for attach namespace failed",
    )
    HCN_E_ADDR_INVALID_OR_RESERVED = (0x803B002F, 409, "An address provided is invalid or reserved")
    HCN_E_INVALID_PREFIX = (0x803B0030, 400, "The prefix provided is invalid")
    HCN_E_OBJECT_USED_AFTER_UNLOAD = (
        0x803B0031,
        409,
        "A call was performed against an object that was torn down",
    )
    HCN_E_INVALID_SUBNET = (
        0x803B0032,
        400,
        "The provided subnet configuration is invalid or missing parameters",
    )
    HCN_E_INVALID_IP_SUBNET = (
        0x803B0033,
        400,
        "The provided IP subnet configuration is invalid or missing parameters",
    )
    HCN_E_ENDPOINT_NOT_ATTACHED = (
        0x803B0034,
        409,
        "The endpoint must be attached to complete the operation",
    )
    HCN_E_ENDPOINT_NOT_LOCAL = (
        0x803B0035,
        409,
        "The endpoint must be local to complete the operation",
    )
    HCN_INTERFACEPARAMETERS_ALREADY_APPLIED = (
        0x803B0036,
        409,
        "Cannot apply more than one InterfaceParameters policy",
    )
    HCN_E_VFP_NOT_ALLOWED = (
        0x803B0037,
        409,
        "A network of this type can not be created because VFP is not available",
    )

    # Codes of other facilities that HNS really returns.
    E_ELEMENT_NOT_FOUND = (0x80070490, 404, "Element not found.")
    E_INVALIDARG = (0x80070057, 400, "The parameter is incorrect.")
    E_OBJECT_ALREADY_EXISTS = (0x80071392, 409, "The object already exists.")
    E_ALREADY_EXISTS = (0x800700B7, 409, "Cannot create a file when that file already exists.")
    E_SHARING_VIOLATION = (
        0x80070020,
        409,
        "The process cannot access the file because it is being used by another process.",
    )
    E_ACCESSDENIED = (0x80070005, 403, "Access is denied.")
    E_NOT_SUPPORTED = (0x80070032, 400, "The request is not supported.")
    E_EPT_S_NOT_REGISTERED = (
        0x800706D9,
        503,
        "There are no more endpoints available from the endpoint mapper.",
    )
    E_INVALID_OBJECT = (0x800710D8, 404, "The object identifier does not represent a valid object.")
    E_SERVICE_NOT_ACTIVE = (0x80070426, 503, "The service has not been started.")
    E_JOURNAL_ENTRY_DELETED = (
        0x8007049D,
        410,
        "The journal entry has been deleted from the journal.",
    )
    E_RPC_SERVER_UNAVAILABLE = (0x800706BA, 503, "The RPC server is unavailable.")
    E_FAIL = (0x80004005, 500, "Unspecified error")
    E_NOTIMPL = (0x80004001, 400, "Not implemented")
    TYPE_E_AMBIGUOUSNAME = (0x8002802C, 400, "Ambiguous name.")
    HCS_E_SYSTEM_NOT_FOUND = (
        0xC037010E,
        404,
        "A virtual machine or container with the specified identifier does not exist.",
    )
    HCS_E_INVALID_STATE = (
        0xC0370105,
        409,
        "The requested virtual machine or container operation is not valid in the current state.",
    )

    def __init__(self, hresult: int, status: int, text: str) -> None:
        """Take the row apart."""
        self.hresult = hresult
        self.status = status
        self.text = text

    @property
    def message(self) -> str:
        """The text of an error record: one sentence, a full stop, a blank and the detail, if any.

        Source: hns-behaviour.md section 0 fact 5 [O]: `"An adapter was not found. "`.
        """
        return f"{self.text.removesuffix('.')}. {_APPENDED.get(self.hresult, '')}"


@dataclass(frozen=True, slots=True)
class OtherResult:
    """An HRESULT that HNS does not return by itself here: a fault that a tester wants."""

    name: str
    hresult: int
    status: int
    text: str

    @property
    def message(self) -> str:
        """The text of an error record, as that of `Hr`."""
        return f"{self.text.removesuffix('.')}. "


class Refusal(Exception):  # noqa: N818 (nothing broke: the caller is told what to do)
    """What a use case raises for its caller; the transaction goes back unless `keeps`."""

    keeps: bool = False


class HnsError(Refusal):
    """A refusal with its HRESULT. Raised anywhere below `api/`, caught only in `api/faults.py`.

    detail: what is wrong and what to do, for people; never branched on.
    keeps:  whether what the use case did until then is kept: a failed attach leaves the endpoint
            degraded. Every other refusal leaves nothing behind.
    """

    def __init__(self, hr: "Hr | OtherResult", detail: str = "", *, keeps: bool = False) -> None:
        """Refuse with `hr`."""
        super().__init__(f"{hr.name} ({hr.hresult:#010x}): {detail or hr.text}")
        self.hr: Hr = hr  # type: ignore[assignment]  # what is read of it, both have
        self.detail = detail
        self.keeps = keeps
