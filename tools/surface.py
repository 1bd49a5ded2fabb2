"""Which operation carries each function of the DLLs and each path of HNSCall.

tests/test_surface.py holds it against the published list; docs/fidelity.md shows it.
"""

from dataclasses import dataclass

# What a process does with its handles alone: the DLL does it, no request is sent.
HANDLE_ONLY = ""


@dataclass(frozen=True)
class HnsPath:
    """One method of one path of HNSCall.

    source: who uses it: clients whose code or logs show it.
    """

    method: str
    path: str
    operation: str
    source: str


def _noun(noun: str, plural: str, operation: str, operations: str) -> dict[str, str]:
    return {
        f"HcnEnumerate{plural}": f"list{operations}",
        f"HcnCreate{noun}": f"create{operation}",
        f"HcnOpen{noun}": f"get{operation}",
        f"HcnModify{noun}": f"modify{operation}",
        f"HcnQuery{noun}Properties": f"get{operation}",
        f"HcnDelete{noun}": f"delete{operation}",
        f"HcnClose{noun}": HANDLE_ONLY,
    }


FUNCTIONS: dict[str, str] = {
    **_noun("Network", "Networks", "Network", "Networks"),
    **_noun("Endpoint", "Endpoints", "Endpoint", "Endpoints"),
    "HcnCreateEndpoint": "createNetworkEndpoint",
    **_noun("Namespace", "Namespaces", "Namespace", "Namespaces"),
    **_noun("LoadBalancer", "LoadBalancers", "LoadBalancer", "LoadBalancers"),
    **_noun("SdnRoute", "SdnRoutes", "SdnRoute", "SdnRoutes"),
    "HcnCreateGuestNetworkService": "createGuestNetworkService",
    "HcnModifyGuestNetworkService": "modifyGuestNetworkService",
    "HcnDeleteGuestNetworkService": "deleteGuestNetworkService",
    "HcnCloseGuestNetworkService": HANDLE_ONLY,
    "HcnReserveGuestNetworkServicePort": "reservePorts",
    "HcnReserveGuestNetworkServicePortRange": "reservePorts",
    "HcnReleaseGuestNetworkServicePortReservationHandle": "deletePortReservation",
    "HcnEnumerateGuestNetworkPortReservations": "listPortReservations",
    "HcnFreeGuestNetworkPortReservations": HANDLE_ONLY,
    "HcnRegisterServiceCallback": "streamNotifications",
    "HcnUnregisterServiceCallback": HANDLE_ONLY,
    "HcnRegisterGuestNetworkServiceCallback": "streamGuestNetworkServiceNotifications",
    "HcnUnregisterGuestNetworkServiceCallback": HANDLE_ONLY,
    "HNSCall": "getHnsVersion",
}

# What vmcompute.dll has of HCS, too: containers are reached through the service, their
# processes are records of the DLL. The functions of the layer store only make folders.
COMPUTE_SYSTEMS: dict[str, str] = {
    "HcsCloseComputeSystem": HANDLE_ONLY,
    "HcsCloseProcess": HANDLE_ONLY,
    "HcsCreateComputeSystem": HANDLE_ONLY,
    "HcsCreateProcess": HANDLE_ONLY,
    "HcsEnumerateComputeSystems": "listNamespaces",
    "HcsGetComputeSystemProperties": HANDLE_ONLY,
    "HcsGetProcessInfo": HANDLE_ONLY,
    "HcsGetProcessProperties": HANDLE_ONLY,
    "HcsGetServiceProperties": HANDLE_ONLY,
    "HcsModifyComputeSystem": "attachHnsEndpoint",
    "HcsModifyProcess": HANDLE_ONLY,
    "HcsModifyServiceSettings": HANDLE_ONLY,
    "HcsOpenComputeSystem": "listNamespaces",
    "HcsOpenProcess": HANDLE_ONLY,
    "HcsPauseComputeSystem": HANDLE_ONLY,
    "HcsRegisterComputeSystemCallback": HANDLE_ONLY,
    "HcsRegisterProcessCallback": HANDLE_ONLY,
    "HcsResumeComputeSystem": HANDLE_ONLY,
    "HcsSaveComputeSystem": HANDLE_ONLY,
    "HcsShutdownComputeSystem": "detachHnsEndpoint",
    "HcsSignalProcess": HANDLE_ONLY,
    "HcsStartComputeSystem": "attachHnsEndpoint",
    "HcsTerminateComputeSystem": "detachHnsEndpoint",
    "HcsTerminateProcess": HANDLE_ONLY,
    "HcsUnregisterComputeSystemCallback": HANDLE_ONLY,
    "HcsUnregisterProcessCallback": HANDLE_ONLY,
}

LAYERS = (
    "ActivateLayer",
    "CopyLayer",
    "CreateLayer",
    "CreateSandboxLayer",
    "DeactivateLayer",
    "DestroyLayer",
    "ExpandSandboxSize",
    "ExportLayer",
    "GetBaseImages",
    "GetLayerMountPath",
    "GrantVmAccess",
    "ImportLayer",
    "LayerExists",
    "NameToGuid",
    "PrepareLayer",
    "ProcessBaseImage",
    "ProcessUtilityImage",
    "UnprepareLayer",
)

_BOTH = "hcsshim, hns.psm1"
_V2_PSM1 = "hns.v2.psm1"

PATHS: tuple[HnsPath, ...] = (
    HnsPath("GET", "/networks/", "listHnsNetworks", _BOTH),
    HnsPath("POST", "/networks/", "createHnsNetwork", _BOTH),
    HnsPath("GET", "/networks/{id}", "getHnsNetwork", "hcsshim"),
    HnsPath("POST", "/networks/{id}", "updateHnsNetwork", "hns.psm1"),
    HnsPath("DELETE", "/networks/{id}", "deleteHnsNetwork", "hcsshim"),
    HnsPath("GET", "/endpoints/", "listHnsEndpoints", "hcsshim"),
    HnsPath("POST", "/endpoints/", "createHnsEndpoint", "hcsshim"),
    HnsPath("GET", "/endpoints/{id}", "getHnsEndpoint", "hcsshim"),
    HnsPath("POST", "/endpoints/{id}", "updateHnsEndpoint", "hcsshim"),
    HnsPath("DELETE", "/endpoints/{id}", "deleteHnsEndpoint", "hcsshim"),
    HnsPath("POST", "/endpoints/{id}/attach", "attachHnsEndpoint", _BOTH),
    HnsPath("POST", "/endpoints/{id}/detach", "detachHnsEndpoint", _BOTH),
    HnsPath("GET", "/endpoints/{id}/detailed", "getDetailedHnsEndpoint", _V2_PSM1),
    HnsPath("POST", "/endpoints/{id}/refresh", "refreshHnsEndpoint", "none: refused"),
    HnsPath("GET", "/endpointstats/{id}", "getHnsEndpointStats", _BOTH),
    HnsPath("GET", "/endpointaddresses/{id}", "getHnsEndpointAddresses", _V2_PSM1),
    HnsPath("GET", "/policylists/", "listHnsPolicyLists", "hcsshim"),
    HnsPath("POST", "/policylists/", "createHnsPolicyList", "hcsshim"),
    HnsPath("GET", "/policylists/{id}", "getHnsPolicyList", "hcsshim"),
    HnsPath("DELETE", "/policylists/{id}", "deleteHnsPolicyList", "hcsshim"),
    HnsPath("GET", "/namespaces/", "listHnsNamespaces", _V2_PSM1),
    HnsPath("POST", "/namespaces/", "createHnsNamespace", "hcsshim"),
    HnsPath("GET", "/namespaces/{id}", "getHnsNamespace", "hcsshim"),
    HnsPath("DELETE", "/namespaces/{id}", "deleteHnsNamespace", "hcsshim"),
    HnsPath("POST", "/namespaces/{id}/addresource", "addHnsNamespaceResource", "hcsshim"),
    HnsPath("POST", "/namespaces/{id}/removeresource", "removeHnsNamespaceResource", "hcsshim"),
    HnsPath("GET", "/globals", "getHnsGlobals", _V2_PSM1),
    HnsPath("GET", "/globals/version", "getHnsVersion", "hcsshim"),
    HnsPath("GET", "/accelnet/", "getHnsAccelnet", "hcsshim"),
    HnsPath("POST", "/accelnet/", "setHnsAccelnet", "hcsshim"),
    HnsPath("DELETE", "/accelnet/", "deleteHnsAccelnet", "hcsshim"),
    HnsPath("GET", "/activities", "listHnsActivities", "hns.psm1"),
    HnsPath("GET", "/plugins", "listHnsPlugins", "hns.psm1"),
    HnsPath("GET", "/portpools", "getHnsPortPools", _V2_PSM1),
)
