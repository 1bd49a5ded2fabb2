"""A call of each operation that works, and one that is refused.

A test compares the operations with those of the OpenAPI document, so that none is forgotten.
"""

from dataclasses import dataclass

import httpx

from hnsemu.api.examples import (
    ENDPOINT,
    GUEST_NETWORK_SERVICE,
    HNS_ENDPOINT,
    HNS_NETWORK,
    LOAD_BALANCER,
    NAMESPACE,
    NETWORK,
    POLICY_LIST,
    PORT_RESERVATION,
    REQUESTS,
    SDN_ROUTE,
)
from hnsemu.errors import Hr

UNKNOWN = "11111111-2222-3333-4444-555555555555"

_EXAMPLES = {model.__name__: example for model, example in REQUESTS.items()}
_OF_NETWORK = Hr.HCN_E_NETWORK_NOT_FOUND
_OF_ENDPOINT = Hr.HCN_E_ENDPOINT_NOT_FOUND
_OF_OTHERS = Hr.E_ELEMENT_NOT_FOUND
_GONE = Hr.E_JOURNAL_ENTRY_DELETED
_NODE = "/emulator/hosts/node-1"


@dataclass(frozen=True)
class Call:
    """A request and its answer: the status, and the code of a refusal."""

    method: str
    path: str
    status: int
    json: object = None
    hr: Hr | None = None

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Send the request."""
        return await client.request(self.method, self.path, json=self.json)


def _get(path: str) -> Call:
    return Call("GET", path, 200)


def _delete(path: str, status: int = 204) -> Call:
    return Call("DELETE", path, status)


def _create(path: str, model: str, status: int = 201, **changed: object) -> Call:
    fresh = {name: value for name, value in _EXAMPLES[model].items() if name != "ID"}
    return Call("POST", path, status, {**fresh, **changed})


def _patch(path: str, example: object) -> Call:
    return Call("PATCH", path, 200, example)


def _refused(method: str, path: str, hr: Hr, json: object = None) -> Call:
    return Call(method, path, hr.status, json, hr)


# The objects that exist before a call. The endpoints are in no namespace.
WORLD = (
    Call("POST", "/v2/networks", 201, _EXAMPLES["HostComputeNetwork"]),
    Call("POST", "/v2/endpoints", 201, _EXAMPLES["HostComputeEndpoint"]),
    Call("POST", "/v2/namespaces", 201, _EXAMPLES["HostComputeNamespace"]),
    Call("POST", "/v2/loadbalancers", 201, _EXAMPLES["HostComputeLoadBalancer"]),
    Call("POST", "/v2/sdnroutes", 201, _EXAMPLES["HostComputeRoute"]),
    Call("POST", "/v2/policylists", 201, _EXAMPLES["HostComputePolicyList"]),
    Call("POST", "/v2/guestnetworkservices", 201, _EXAMPLES["GuestNetworkService"]),
    Call(
        "POST",
        f"/v2/guestnetworkservices/{GUEST_NETWORK_SERVICE}/portreservations",
        201,
        _EXAMPLES["PortReservationRequest"],
    ),
    Call("POST", "/v1/networks", 200, _EXAMPLES["HNSNetwork"]),
    Call("POST", "/v1/endpoints", 200, _EXAMPLES["HNSEndpoint"]),
    Call("PUT", _NODE, 201, _EXAMPLES["HostSettings"]),
    Call("PUT", "/emulator/hosts/node-1/snapshots/fresh", 201),
)

_V2_NOUNS = {
    "Network": ("networks", NETWORK, _OF_NETWORK),
    "Endpoint": ("endpoints", ENDPOINT, _OF_ENDPOINT),
    "Namespace": ("namespaces", NAMESPACE, _OF_OTHERS),
    "LoadBalancer": ("loadbalancers", LOAD_BALANCER, _OF_OTHERS),
    "SdnRoute": ("sdnroutes", SDN_ROUTE, _OF_OTHERS),
    "PolicyList": ("policylists", POLICY_LIST, _OF_OTHERS),
    "GuestNetworkService": ("guestnetworkservices", GUEST_NETWORK_SERVICE, _OF_OTHERS),
}
_PORTS = f"/v2/guestnetworkservices/{GUEST_NETWORK_SERVICE}/portreservations"
_V1_NOUNS = {
    "Network": ("networks", HNS_NETWORK, _OF_NETWORK),
    "Endpoint": ("endpoints", HNS_ENDPOINT, _OF_ENDPOINT),
    "Namespace": ("namespaces", NAMESPACE, _OF_OTHERS),
    "PolicyList": ("policylists", POLICY_LIST, _OF_OTHERS),
}
_SNAPSHOTS = "/emulator/hosts/node-1/snapshots"
_HOST_VIEWS = {
    "getHost": "/host",
    "listAdapters": "/host/adapters",
    "listVSwitches": "/host/vswitches",
    "listIpPools": "/host/ippools",
    "listCompartments": "/host/compartments",
    "getNat": "/host/nat",
    "listFirewallRules": "/host/firewall",
    "listVfpPorts": "/host/vfp/ports",
    "getTopology": "/host/topology",
}

WORKING: dict[str, Call] = {
    **{f"list{noun}s": _get(f"/v2/{path}") for noun, (path, *_) in _V2_NOUNS.items()},
    **{f"get{noun}": _get(f"/v2/{path}/{guid}") for noun, (path, guid, _) in _V2_NOUNS.items()},
    **{
        f"delete{noun}": _delete(f"/v2/{path}/{guid}")
        for noun, (path, guid, _) in _V2_NOUNS.items()
    },
    "createNetwork": Call("POST", "/v2/networks", 201, {"Name": "another", "Type": "Private"}),
    "createEndpoint": _create("/v2/endpoints", "HostComputeEndpoint", IpConfigurations=None),
    "createNetworkEndpoint": Call("POST", f"/v2/networks/{NETWORK}/endpoints", 201, {}),
    "createNamespace": _create("/v2/namespaces", "HostComputeNamespace"),
    "createLoadBalancer": _create(
        "/v2/loadbalancers", "HostComputeLoadBalancer", FrontendVIPs=["10.96.0.20"]
    ),
    "createSdnRoute": _create("/v2/sdnroutes", "HostComputeRoute"),
    "createPolicyList": _create("/v2/policylists", "HostComputePolicyList"),
    "modifyNetwork": _patch(f"/v2/networks/{NETWORK}", _EXAMPLES["ModifyNetworkSettingRequest"]),
    "modifyEndpoint": _patch(
        f"/v2/endpoints/{ENDPOINT}", _EXAMPLES["ModifyEndpointSettingRequest"]
    ),
    "modifyNamespace": _patch(
        f"/v2/namespaces/{NAMESPACE}", _EXAMPLES["ModifyNamespaceSettingRequest"]
    ),
    "modifyLoadBalancer": _patch(
        f"/v2/loadbalancers/{LOAD_BALANCER}", _EXAMPLES["HostComputeLoadBalancer"]
    ),
    "createGuestNetworkService": _create("/v2/guestnetworkservices", "GuestNetworkService"),
    "modifyGuestNetworkService": _patch(
        f"/v2/guestnetworkservices/{GUEST_NETWORK_SERVICE}",
        _EXAMPLES["ModifyGuestNetworkServiceSettingRequest"],
    ),
    "reservePorts": Call("POST", _PORTS, 201, {"PortCount": 100}),
    "listPortReservationsOfService": _get(_PORTS),
    "listPortReservations": _get("/v2/portreservations"),
    "getPortReservation": _get(f"/v2/portreservations/{PORT_RESERVATION}"),
    "renewPortReservation": _patch(
        f"/v2/portreservations/{PORT_RESERVATION}", _EXAMPLES["PortLease"]
    ),
    "deletePortReservation": _delete(f"/v2/portreservations/{PORT_RESERVATION}"),
    "getEndpointStats": _get(f"/v2/endpoints/{ENDPOINT}/stats"),
    "getEndpointAddresses": _get(f"/v2/endpoints/{ENDPOINT}/addresses"),
    **{f"listHns{noun}s": _get(f"/v1/{path}/") for noun, (path, *_) in _V1_NOUNS.items()},
    **{f"getHns{noun}": _get(f"/v1/{path}/{guid}") for noun, (path, guid, _) in _V1_NOUNS.items()},
    **{
        f"deleteHns{noun}": _delete(f"/v1/{path}/{guid}", 200)
        for noun, (path, guid, _) in _V1_NOUNS.items()
    },
    "createHnsNetwork": _create(
        "/v1/networks/", "HNSNetwork", 200, Name="cbr1", NetworkAdapterName="Ethernet 3"
    ),
    "createHnsEndpoint": _create("/v1/endpoints/", "HNSEndpoint", 200, IPAddress="10.1.0.10"),
    "createHnsNamespace": _create("/v1/namespaces/", "HNSNamespace", 200),
    "createHnsPolicyList": _create("/v1/policylists/", "HNSPolicyList", 200),
    "updateHnsNetwork": Call("POST", f"/v1/networks/{HNS_NETWORK}", 200, {}),
    "updateHnsEndpoint": Call(
        "POST", f"/v1/endpoints/{HNS_ENDPOINT}", 200, _EXAMPLES["HNSEndpoint"]
    ),
    "attachHnsEndpoint": Call(
        "POST", f"/v1/endpoints/{HNS_ENDPOINT}/attach", 200, _EXAMPLES["HNSAttachment"]
    ),
    "getDetailedHnsEndpoint": _get(f"/v1/endpoints/{HNS_ENDPOINT}/detailed"),
    "getHnsEndpointStats": _get(f"/v1/endpointstats/{HNS_ENDPOINT}"),
    "addHnsNamespaceResource": Call(
        "POST",
        f"/v1/namespaces/{NAMESPACE}/addresource",
        200,
        _EXAMPLES["HNSNamespaceResource"],
    ),
    "getHnsGlobals": _get("/v1/globals"),
    "getHnsVersion": _get("/v1/globals/version"),
    "getHnsAccelnet": _get("/v1/accelnet/"),
    "setHnsAccelnet": Call("POST", "/v1/accelnet/", 200, _EXAMPLES["HNSMacAddressList"]),
    "deleteHnsAccelnet": _delete("/v1/accelnet/", 200),
    "getHnsEndpointAddresses": _get(f"/v1/endpointaddresses/{HNS_ENDPOINT}"),
    "listHnsActivities": _get("/v1/activities"),
    "listHnsPlugins": _get("/v1/plugins"),
    "getHnsPortPools": _get("/v1/portpools"),
    **{operation: _get(path) for operation, path in _HOST_VIEWS.items()},
    "getVfpPort": _get(f"/host/vfp/ports/{ENDPOINT}"),
    "processTuples": _get(
        f"/host/vfp/ports/{ENDPOINT}/process-tuples?tuple=6 10.244.1.7 40000 10.96.0.10 80 out"
    ),
    "tracePacket": Call("POST", "/host/trace", 200, _EXAMPLES["TraceRequest"]),
    "compareTraces": Call("POST", "/host/trace/diff", 200, _EXAMPLES["TraceDiffRequest"]),
    "getReachability": Call("POST", "/host/reachability", 200, _EXAMPLES["ReachabilityRequest"]),
    "listHosts": _get("/emulator/hosts"),
    "defineHost": Call("PUT", "/emulator/hosts/node-2", 201, {"release": "ws2019"}),
    "getEmulatedHost": _get("/emulator/hosts/node-1"),
    "deleteHost": _delete("/emulator/hosts/node-1"),
    "listLeftovers": _get(f"{_NODE}/leftovers"),
    "removeHost": Call("POST", f"{_NODE}/remove", 200),
    "listPresets": _get("/emulator/faults"),
    "addFault": Call("POST", f"{_NODE}/faults", 201, _EXAMPLES["FaultDocument"]),
    "listFaults": _get(f"{_NODE}/faults"),
    "clearFaults": _delete(f"{_NODE}/faults"),
    "getJournal": _get(f"{_NODE}/journal"),
    "setJournal": Call("PUT", f"{_NODE}/journal", 200, _EXAMPLES["JournalDocument"]),
    "listRequests": _get(f"{_NODE}/requests?op=Hcn*"),
    "clearRequests": _delete(f"{_NODE}/requests"),
    "verifyRequests": Call("POST", f"{_NODE}/requests/verify", 200, _EXAMPLES["VerifyDocument"]),
    "restartHns": Call("POST", "/emulator/hosts/node-1/restart", 200),
    "rebootHost": Call("POST", "/emulator/hosts/node-1/reboot", 200),
    "restartDocker": Call("POST", "/emulator/hosts/node-1/docker/restart", 200),
    "createObjects": Call("POST", f"{_NODE}/bulk", 200, _EXAMPLES["BulkRequest"]),
    "resetHost": Call("POST", "/emulator/hosts/node-1/reset", 200),
    "getHostState": _get("/emulator/hosts/node-1/state"),
    "putHostState": Call("PUT", "/emulator/hosts/node-2/state", 201, _EXAMPLES["HostState"]),
    "putServiceState": Call("PUT", "/emulator/state", 200, _EXAMPLES["NamedState"]),
    "listSnapshots": _get(_SNAPSHOTS),
    "saveSnapshot": Call("PUT", f"{_SNAPSHOTS}/other", 201),
    "getSnapshot": _get(f"{_SNAPSHOTS}/fresh"),
    "restoreSnapshot": Call("POST", f"{_SNAPSHOTS}/fresh/restore", 200),
    "compareSnapshot": _get(f"{_SNAPSHOTS}/fresh/diff"),
    "deleteSnapshot": _delete(f"{_SNAPSHOTS}/fresh"),
    "resetHosts": Call("POST", "/emulator/reset", 200),
    "listSeeds": _get("/emulator/seeds"),
    "importHost": Call("POST", "/emulator/hosts/real/import", 200, _EXAMPLES["HostDump"]),
    "compareHost": Call("POST", "/emulator/hosts/node-1/compare", 200, _EXAMPLES["HostDump"]),
    "importKubernetes": Call("POST", "/emulator/kubernetes", 200, _EXAMPLES["ClusterDump"]),
    "showClock": _get("/emulator/clock"),
    "changeClock": Call("PUT", "/emulator/clock", 200, _EXAMPLES["ClockDocument"]),
    "listReleases": _get("/emulator/releases"),
    "getHealth": _get("/healthz"),
    "getLiveness": _get("/livez"),
    "getReadiness": _get("/readyz"),
}

# What no release does, and what needs something else to be done first (`AFTER` does that).
NEVER_WORKING = {"modifySdnRoute", "modifyPolicyList", "refreshHnsEndpoint"}
_RESTART = Call("POST", "/emulator/hosts/default/restart", 200)  # ends a stream

AFTER: dict[str, tuple[Call, Call]] = {
    "getMetrics": (WORKING["getHost"], _get("/metrics")),  # which never says the same twice
    "getServiceState": (_RESTART, _get("/emulator/state")),  # a stream of any length
    "removeFault": (WORKING["addFault"], _delete(f"{_NODE}/faults/1")),
    "streamNotifications": (_RESTART, _get("/v2/notifications?after=0")),
    "streamNetworkNotifications": (
        _RESTART,
        _get(f"/v2/networks/{NETWORK}/notifications?after=0"),
    ),
    "streamGuestNetworkServiceNotifications": (
        _RESTART,
        _get(f"/v2/guestnetworkservices/{GUEST_NETWORK_SERVICE}/notifications?after=0"),
    ),
    "detachHnsEndpoint": (
        WORKING["attachHnsEndpoint"],
        Call("POST", f"/v1/endpoints/{HNS_ENDPOINT}/detach", 200, _EXAMPLES["HNSAttachment"]),
    ),
    "removeHnsNamespaceResource": (
        WORKING["addHnsNamespaceResource"],
        Call(
            "POST",
            f"/v1/namespaces/{NAMESPACE}/removeresource",
            200,
            _EXAMPLES["HNSNamespaceResource"],
        ),
    ),
}

_NO_HOST = "/hosts/nobody"

REFUSED: dict[str, Call] = {
    **{
        f"list{noun}s": _refused("GET", f"/v2/{path}?limit=0", Hr.E_INVALIDARG)
        for noun, (path, *_) in _V2_NOUNS.items()
    },
    **{
        f"{verb}{noun}": _refused(method, f"/v2/{path}/{UNKNOWN}", hr)
        for noun, (path, _, hr) in _V2_NOUNS.items()
        for verb, method in (("get", "GET"), ("delete", "DELETE"))
    },
    **{
        f"modify{noun}": _refused("PATCH", f"/v2/{path}/{UNKNOWN}", hr, {})
        for noun, (path, _, hr) in _V2_NOUNS.items()
    },
    "createNetwork": _refused(
        "POST", "/v2/networks", Hr.HCN_E_NETWORK_ALREADY_EXISTS, _EXAMPLES["HostComputeNetwork"]
    ),
    "createEndpoint": _refused(
        "POST", "/v2/endpoints", Hr.E_OBJECT_ALREADY_EXISTS, _EXAMPLES["HostComputeEndpoint"]
    ),
    "createNetworkEndpoint": _refused("POST", f"/v2/networks/{UNKNOWN}/endpoints", _OF_NETWORK, {}),
    "createNamespace": _refused(
        "POST", "/v2/namespaces", Hr.E_OBJECT_ALREADY_EXISTS, _EXAMPLES["HostComputeNamespace"]
    ),
    "createLoadBalancer": _refused(
        "POST",
        "/v2/loadbalancers",
        Hr.E_ALREADY_EXISTS,
        {**_EXAMPLES["HostComputeLoadBalancer"], "ID": None},
    ),
    "createSdnRoute": _refused(
        "POST",
        "/v2/sdnroutes",
        _OF_ENDPOINT,
        {**_EXAMPLES["HostComputeRoute"], "ID": None, "HostComputeEndpoints": [UNKNOWN]},
    ),
    "createPolicyList": _refused(
        "POST",
        "/v2/policylists",
        _OF_ENDPOINT,
        {**_EXAMPLES["HostComputePolicyList"], "ID": None, "References": [UNKNOWN]},
    ),
    "createGuestNetworkService": _refused(
        "POST",
        "/v2/guestnetworkservices",
        Hr.E_OBJECT_ALREADY_EXISTS,
        _EXAMPLES["GuestNetworkService"],
    ),
    "reservePorts": _refused(
        "POST", _PORTS, Hr.HCN_E_PORT_ALREADY_EXISTS, {"Protocol": 1, "Access": 2, "Port": 8443}
    ),
    "listPortReservationsOfService": _refused(
        "GET", f"/v2/guestnetworkservices/{UNKNOWN}/portreservations", _OF_OTHERS
    ),
    "listPortReservations": _refused("GET", f"{_NO_HOST}/v2/portreservations", _OF_OTHERS),
    "getPortReservation": _refused("GET", f"/v2/portreservations/{UNKNOWN}", _OF_OTHERS),
    "renewPortReservation": _refused(
        "PATCH", f"/v2/portreservations/{PORT_RESERVATION}", Hr.E_INVALIDARG, {}
    ),
    "deletePortReservation": _refused("DELETE", f"/v2/portreservations/{UNKNOWN}", _OF_OTHERS),
    "getEndpointStats": _refused("GET", f"/v2/endpoints/{UNKNOWN}/stats", _OF_ENDPOINT),
    "getEndpointAddresses": _refused("GET", f"/v2/endpoints/{UNKNOWN}/addresses", _OF_ENDPOINT),
    **{
        f"listHns{noun}s": _refused("GET", f"{_NO_HOST}/v1/{path}", _OF_OTHERS)
        for noun, (path, *_) in _V1_NOUNS.items()
    },
    **{
        f"{verb}Hns{noun}": _refused(method, f"/v1/{path}/{UNKNOWN}", hr)
        for noun, (path, _, hr) in _V1_NOUNS.items()
        for verb, method in (("get", "GET"), ("delete", "DELETE"))
    },
    "createHnsNetwork": _refused(
        "POST", "/v1/networks", Hr.HCN_E_NETWORK_ALREADY_EXISTS, _EXAMPLES["HNSNetwork"]
    ),
    "createHnsEndpoint": _refused(
        "POST", "/v1/endpoints", Hr.E_OBJECT_ALREADY_EXISTS, _EXAMPLES["HNSEndpoint"]
    ),
    "createHnsNamespace": _refused(
        "POST", "/v1/namespaces", Hr.E_OBJECT_ALREADY_EXISTS, {"ID": NAMESPACE}
    ),
    "createHnsPolicyList": _refused("POST", "/v1/policylists", Hr.HCN_E_INVALID_POLICY, {}),
    "updateHnsNetwork": _refused("POST", f"/v1/networks/{UNKNOWN}", _OF_NETWORK, {}),
    "updateHnsEndpoint": _refused("POST", f"/v1/endpoints/{UNKNOWN}", _OF_ENDPOINT, {}),
    "attachHnsEndpoint": _refused("POST", f"/v1/endpoints/{UNKNOWN}/attach", _OF_ENDPOINT, {}),
    "detachHnsEndpoint": _refused(
        "POST", f"/v1/endpoints/{HNS_ENDPOINT}/detach", Hr.HCN_E_ENDPOINT_NOT_ATTACHED, {}
    ),
    "refreshHnsEndpoint": _refused(
        "POST", f"/v1/endpoints/{HNS_ENDPOINT}/refresh", Hr.HCN_E_REQUEST_UNSUPPORTED
    ),
    "getDetailedHnsEndpoint": _refused("GET", f"/v1/endpoints/{UNKNOWN}/detailed", _OF_ENDPOINT),
    "getHnsEndpointStats": _refused("GET", f"/v1/endpointstats/{UNKNOWN}", _OF_ENDPOINT),
    "addHnsNamespaceResource": _refused(
        "POST",
        f"/v1/namespaces/{UNKNOWN}/addresource",
        _OF_OTHERS,
        _EXAMPLES["HNSNamespaceResource"],
    ),
    "removeHnsNamespaceResource": _refused(
        "POST",
        f"/v1/namespaces/{UNKNOWN}/removeresource",
        _OF_OTHERS,
        _EXAMPLES["HNSNamespaceResource"],
    ),
    "getHnsGlobals": _refused("GET", f"{_NO_HOST}/v1/globals", _OF_OTHERS),
    "getHnsVersion": _refused("GET", f"{_NO_HOST}/v1/globals/version", _OF_OTHERS),
    "getHnsAccelnet": _refused("GET", f"{_NO_HOST}/v1/accelnet", _OF_OTHERS),
    "getHnsEndpointAddresses": _refused("GET", f"/v1/endpointaddresses/{UNKNOWN}", _OF_ENDPOINT),
    "listHnsActivities": _refused("GET", f"{_NO_HOST}/v1/activities", _OF_OTHERS),
    "listHnsPlugins": _refused("GET", f"{_NO_HOST}/v1/plugins", _OF_OTHERS),
    "getHnsPortPools": _refused("GET", f"{_NO_HOST}/v1/portpools", _OF_OTHERS),
    "setHnsAccelnet": _refused(
        "POST", "/v1/accelnet", Hr.E_INVALIDARG, {"MacAddressList": [{"MacAddress": "x"}]}
    ),
    "deleteHnsAccelnet": _refused("DELETE", f"{_NO_HOST}/v1/accelnet", _OF_OTHERS),
    **{
        operation: _refused("GET", f"{_NO_HOST}{path}", _OF_OTHERS)
        for operation, path in _HOST_VIEWS.items()
    },
    "listVSwitchPorts": _refused(
        "GET", f"/host/vswitches/{UNKNOWN}/ports", Hr.HCN_E_SWITCH_NOT_FOUND
    ),
    "getVfpPort": _refused("GET", f"/host/vfp/ports/{UNKNOWN}", Hr.HCN_E_PORT_NOT_FOUND),
    "processTuples": _refused(
        "GET", f"/host/vfp/ports/{ENDPOINT}/process-tuples?tuple=what", Hr.E_INVALIDARG
    ),
    "tracePacket": _refused(
        "POST",
        "/host/trace",
        _OF_ENDPOINT,
        {
            "From": {"Endpoint": UNKNOWN},
            "Packet": {"Destination": "10.96.0.10", "DestinationPort": 80},
        },
    ),
    "compareTraces": _refused("POST", "/host/trace/diff", Hr.E_INVALIDARG, {"Packets": []}),
    "getReachability": _refused("POST", "/host/reachability", Hr.E_INVALIDARG, {}),
    "streamNotifications": _refused("GET", "/v2/notifications?after=x", Hr.E_INVALIDARG),
    "streamNetworkNotifications": _refused(
        "GET", f"/v2/networks/{UNKNOWN}/notifications", _OF_NETWORK
    ),
    "streamGuestNetworkServiceNotifications": _refused(
        "GET", f"/v2/guestnetworkservices/{UNKNOWN}/notifications", _OF_OTHERS
    ),
    "listHosts": _refused("GET", "/emulator/hosts?limit=0", Hr.E_INVALIDARG),
    "defineHost": _refused(
        "PUT", "/emulator/hosts/node-1", Hr.E_ALREADY_EXISTS, {"release": "ws2016"}
    ),
    "getEmulatedHost": _refused("GET", "/emulator/hosts/nobody", _OF_OTHERS),
    "listPresets": Call("POST", "/emulator/faults", 405, hr=Hr.E_NOT_SUPPORTED),
    "addFault": _refused("POST", f"{_NODE}/faults", Hr.E_INVALIDARG, {"preset": "never-seen"}),
    "listFaults": _refused("GET", "/emulator/hosts/nobody/faults", _OF_OTHERS),
    "clearFaults": _refused("DELETE", "/emulator/hosts/nobody/faults", _OF_OTHERS),
    "removeFault": _refused("DELETE", f"{_NODE}/faults/9", _OF_OTHERS),
    "getJournal": _refused("GET", "/emulator/hosts/nobody/journal", _OF_OTHERS),
    "setJournal": _refused("PUT", f"{_NODE}/journal", Hr.E_INVALIDARG, {"calls": 0}),
    "listRequests": _refused("GET", f"{_NODE}/requests?status=never", Hr.E_INVALIDARG),
    "clearRequests": _refused("DELETE", "/emulator/hosts/nobody/requests", _OF_OTHERS),
    "streamRequests": _refused("GET", f"{_NODE}/requests/events?after=9", _GONE),
    "verifyRequests": _refused(
        "POST", f"{_NODE}/requests/verify", Hr.E_INVALIDARG, {"count": 1, "never": True}
    ),
    "deleteHost": _refused("DELETE", "/emulator/hosts/nobody", _OF_OTHERS),
    "listLeftovers": _refused("GET", "/emulator/hosts/nobody/leftovers", _OF_OTHERS),
    "removeHost": _refused("POST", "/emulator/hosts/nobody/remove", _OF_OTHERS),
    "restartHns": _refused("POST", "/emulator/hosts/nobody/restart", _OF_OTHERS),
    "rebootHost": _refused("POST", "/emulator/hosts/nobody/reboot", _OF_OTHERS),
    "restartDocker": _refused("POST", "/emulator/hosts/nobody/docker/restart", _OF_OTHERS),
    "createObjects": _refused("POST", f"{_NODE}/bulk", Hr.E_INVALIDARG, {"Endpoints": [{}]}),
    "resetHost": _refused("POST", "/emulator/hosts/nobody/reset", _OF_OTHERS),
    "getHostState": _refused("GET", "/emulator/hosts/nobody/state", _OF_OTHERS),
    "putHostState": _refused("PUT", "/emulator/hosts/node-1/state", Hr.E_INVALIDARG, {}),
    "getServiceState": _refused("GET", "/emulator/state?format=xml", Hr.E_INVALIDARG),
    "putServiceState": _refused("PUT", "/emulator/state", Hr.E_INVALIDARG, {"name": "node-1"}),
    "listSnapshots": _refused("GET", "/emulator/hosts/nobody/snapshots", _OF_OTHERS),
    "saveSnapshot": _refused("PUT", f"{_SNAPSHOTS}/.hidden", Hr.E_INVALIDARG),
    "getSnapshot": _refused("GET", f"{_SNAPSHOTS}/other", _OF_OTHERS),
    "restoreSnapshot": _refused("POST", f"{_SNAPSHOTS}/other/restore", _OF_OTHERS),
    "compareSnapshot": _refused("GET", f"{_SNAPSHOTS}/fresh/diff?with=other", _OF_OTHERS),
    "deleteSnapshot": _refused("DELETE", f"{_SNAPSHOTS}/other", _OF_OTHERS),
    "resetHosts": Call("GET", "/emulator/reset", 405, hr=Hr.E_NOT_SUPPORTED),
    "listSeeds": Call("POST", "/emulator/seeds", 405, hr=Hr.E_NOT_SUPPORTED),
    "importHost": _refused(
        "POST", "/emulator/hosts/node-1/import", Hr.E_ALREADY_EXISTS, _EXAMPLES["HostDump"]
    ),
    "compareHost": _refused(
        "POST", "/emulator/hosts/nobody/compare", _OF_OTHERS, _EXAMPLES["HostDump"]
    ),
    "importKubernetes": _refused("POST", "/emulator/kubernetes", Hr.E_INVALIDARG, {"kind": "Pod"}),
    "showClock": Call("POST", "/emulator/clock", 405, hr=Hr.E_NOT_SUPPORTED),
    "changeClock": _refused("PUT", "/emulator/clock", Hr.E_INVALIDARG, {"advance": "-5m"}),
    "listReleases": Call("POST", "/emulator/releases", 405, hr=Hr.E_NOT_SUPPORTED),
    "getHealth": Call("POST", "/healthz", 405, hr=Hr.E_NOT_SUPPORTED),
    "getMetrics": Call("POST", "/metrics", 405, hr=Hr.E_NOT_SUPPORTED),
    "getLiveness": Call("POST", "/livez", 405, hr=Hr.E_NOT_SUPPORTED),
    "getReadiness": Call("POST", "/readyz", 405, hr=Hr.E_NOT_SUPPORTED),
}
