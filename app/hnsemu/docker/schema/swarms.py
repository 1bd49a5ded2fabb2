"""Swarms and their nodes as the API shows them.

Source: moby api/types/swarm and daemon/cluster/convert of v28.5.2 [C].
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hnsemu.docker.domain.limits import PROCESSORS
from hnsemu.docker.domain.swarm_joining import InitRequest, JoinRequest
from hnsemu.docker.domain.swarm_nodes import NodeSpec
from hnsemu.docker.domain.swarms import Place, Swarm, SwarmNode
from hnsemu.docker.domain.times import rfc3339
from hnsemu.docker.schema.shapes import INT64, UINT32, UINT64, List, Map, Pointer, Scalar, Struct
from hnsemu.docker.schema.system import ENGINE_PLUGINS, MEMORY

_DURATION = Scalar("time.Duration", int)
_AVAILABILITY = Scalar("swarm.NodeAvailability")
_DRIVER = Struct("swarm.Driver", {"Name": str, "Options": Map(str)})
_EXTERNAL_CA = Struct(
    "swarm.ExternalCA",
    {
        "Protocol": Scalar("swarm.ExternalCAProtocol"),
        "URL": str,
        "Options": Map(str),
        "CACert": str,
    },
)

SPEC = Struct(
    "swarm.Spec",
    {
        "Name": str,
        "Labels": Map(str),
        "Orchestration": Struct(
            "swarm.OrchestrationConfig", {"TaskHistoryRetentionLimit": Pointer(INT64)}
        ),
        "Raft": Struct(
            "swarm.RaftConfig",
            {
                "SnapshotInterval": UINT64,
                "KeepOldSnapshots": Pointer(UINT64),
                "LogEntriesForSlowFollowers": UINT64,
                "ElectionTick": int,
                "HeartbeatTick": int,
            },
        ),
        "Dispatcher": Struct("swarm.DispatcherConfig", {"HeartbeatPeriod": _DURATION}),
        "CAConfig": Struct(
            "swarm.CAConfig",
            {"NodeCertExpiry": _DURATION, "ForceRotate": UINT64},
            unread={
                "ExternalCAs": List(Pointer(_EXTERNAL_CA)),
                "SigningCACert": str,
                "SigningCAKey": str,
            },
        ),
        "EncryptionConfig": Struct("swarm.EncryptionConfig", {"AutoLockManagers": bool}),
    },
    embedded=dict.fromkeys(("Name", "Labels"), "Annotations"),
    unread={"TaskDefaults": Struct("swarm.TaskDefaults", {"LogDriver": Pointer(_DRIVER)})},
)
"""The document of POST /swarm/update."""

INIT_REQUEST = Struct(
    "swarm.InitRequest",
    {
        "ListenAddr": str,
        "AdvertiseAddr": str,
        "DataPathAddr": str,
        "DataPathPort": UINT32,
        "ForceNewCluster": bool,
        "Spec": SPEC,
        "AutoLockManagers": bool,
        "Availability": _AVAILABILITY,
        "DefaultAddrPool": List(str),
        "SubnetSize": UINT32,
    },
)
JOIN_REQUEST = Struct(
    "swarm.JoinRequest",
    {
        "ListenAddr": str,
        "AdvertiseAddr": str,
        "DataPathAddr": str,
        "RemoteAddrs": List(str),
        "JoinToken": str,
        "Availability": _AVAILABILITY,
    },
)
UNLOCK_REQUEST = Struct("swarm.UnlockRequest", {"UnlockKey": str})
NODE_SPEC = Struct(
    "swarm.NodeSpec",
    {
        "Name": str,
        "Labels": Map(str),
        "Role": Scalar("swarm.NodeRole"),
        "Availability": _AVAILABILITY,
    },
    embedded=dict.fromkeys(("Name", "Labels"), "Annotations"),
)

_POOLS_SINCE, _DATA_PATH_PORT_SINCE = (1, 39), (1, 40)
_TWO_MANAGERS = (
    "WARNING: Running Swarm in a two-manager configuration. This configuration provides\n"
    "         no fault tolerance, and poses a high risk to lose control over the cluster.\n"
    "         Refer to https://docs.docker.com/engine/swarm/admin_guide/ to configure the\n"
    "         Swarm for fault-tolerance."
)
_PAIR = 2


def init_request(document: Mapping[str, Any], version: tuple[int, int]) -> InitRequest:
    """Return what a document asks for; older versions of the API know fewer members."""
    has_pools = version >= _POOLS_SINCE
    spec = document["Spec"]
    if document["AutoLockManagers"]:
        spec = {**spec, "EncryptionConfig": {"AutoLockManagers": True}}
    return InitRequest(
        document["ListenAddr"],
        document["AdvertiseAddr"],
        document["DataPathAddr"],
        document["DataPathPort"] if version >= _DATA_PATH_PORT_SINCE else 0,
        document["ForceNewCluster"],
        document["Availability"],
        document["DefaultAddrPool"] if has_pools else None,
        document["SubnetSize"] if has_pools else 0,
        spec,
    )


def join_request(document: Mapping[str, Any]) -> JoinRequest:
    """Return what a document asks for."""
    return JoinRequest(
        document["ListenAddr"],
        document["RemoteAddrs"] or (),
        document["JoinToken"],
        document["AdvertiseAddr"],
        document["DataPathAddr"],
        document["Availability"],
    )


def node_spec(document: Mapping[str, Any]) -> NodeSpec:
    """Return what a document asks for."""
    return NodeSpec(
        document["Role"], document["Availability"], document["Name"], document["Labels"]
    )


def swarm_document(swarm: Swarm) -> dict[str, object]:
    """Return the reply of GET /swarm."""
    tokens = {"Worker": swarm.worker_token, "Manager": swarm.manager_token}
    return {**_cluster(swarm), "JoinTokens": tokens}


def swarm_info(
    place: Place | None, swarm: Swarm | None, managers: Sequence[tuple[str, str]]
) -> dict[str, object]:
    """Return the member Swarm of /info.

    swarm:    what the host keeps, None for a worker and outside of a swarm.
    managers: ids and addresses of those that the host knows.
    """
    remotes = [{"NodeID": node_id, "Addr": address} for node_id, address in managers]
    info: dict[str, object] = {
        "NodeID": place.node_id if place else "",
        "NodeAddr": place.address if place else "",
        "LocalNodeState": "active" if place else "inactive",
        "ControlAvailable": swarm is not None,
        "Error": "",
        "RemoteManagers": remotes or None,
    }
    if swarm is None:
        return info
    info |= {"Nodes": len(swarm.nodes), "Managers": len(swarm.managers), "Cluster": _cluster(swarm)}
    if len(swarm.managers) == _PAIR:
        info["Warnings"] = [_TWO_MANAGERS]
    return info


def swarm_status(place: Place | None, *, manages: bool) -> str:
    """Return the header Swarm of /_ping."""
    if place is None:
        return "inactive"
    return "active/manager" if manages else "active/worker"


def node_document(node: SwarmNode, ready: Collection[str], leader: str) -> dict[str, object]:
    """Return a node as list and inspect show it.

    ready: ids of the nodes that are there. leader: the id of the node that leads.
    """
    is_ready = node.id in ready
    status = {"State": "ready" if is_ready else "down"}
    spec: dict[str, object] = {"Name": node.name} if node.name else {}
    document: dict[str, object] = {
        "ID": node.id,
        **_stamps(node.version, node.created, node.updated),
        "Spec": {
            **spec,
            "Labels": dict(node.labels),
            "Role": node.role,
            "Availability": node.availability,
        },
        "Description": {
            "Hostname": node.hostname,
            "Platform": {"Architecture": "x86_64", "OS": "windows"},
            "Resources": {"NanoCPUs": PROCESSORS * 1_000_000_000, "MemoryBytes": MEMORY},
            "Engine": {"EngineVersion": node.engine, "Plugins": list(ENGINE_PLUGINS)},
            "TLSInfo": {},
        },
        "Status": {**status, **({"Addr": node.address} if node.address else {})},
    }
    if node.manager_address:
        document["ManagerStatus"] = {
            **({"Leader": True} if node.id == leader else {}),
            "Reachability": "reachable" if is_ready else "unreachable",
            "Addr": node.manager_address,
        }
    return document


def _cluster(swarm: Swarm) -> dict[str, object]:
    return {
        "ID": swarm.id,
        **_stamps(swarm.changed, swarm.created, swarm.updated),
        "Spec": {**swarm.spec, "TaskDefaults": {}},
        "TLSInfo": {},
        "RootRotationInProgress": False,
        "DefaultAddrPool": list(swarm.pools),
        "SubnetSize": swarm.subnet_size,
        "DataPathPort": swarm.data_path_port,
    }


def _stamps(version: int, created: int, updated: int) -> dict[str, object]:
    return {
        "Version": {"Index": version},
        "CreatedAt": rfc3339(created),
        "UpdatedAt": rfc3339(updated),
    }
