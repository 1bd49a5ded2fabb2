"""Objects of a cluster for tests, as short as they may be."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hnsemu.dumps.kubernetes.options import Options
from hnsemu.dumps.kubernetes.plan import Plan, planned
from hnsemu.dumps.kubernetes.reading import Resource, read_resources

Json = dict[str, Any]

CLUSTER = Path(__file__).resolve().parents[3] / "examples" / "kubernetes" / "cluster.yaml"


def node(name: str, number: int, system: str = "windows", **status: object) -> Json:
    """Return the node 10.0.0.(10 + number) with the pod CIDR 10.244.number.0/24."""
    addresses = [{"type": "InternalIP", "address": f"10.0.0.{10 + number}"}]
    return {
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/os": system}},
        "spec": {"podCIDR": f"10.244.{number}.0/24"},
        "status": {"addresses": addresses, **status},
    }


def pod(name: str, address: str, on: str = "win-1", **more: Any) -> Json:
    """Return a pod. more: namespace, labels, ports, and members of its spec."""
    metadata = {"name": name, "namespace": more.pop("namespace", "shop")}
    containers = [{"name": "main", "ports": more.pop("ports", [])}]
    return {
        "kind": "Pod",
        "metadata": metadata | {"labels": more.pop("labels", {"app": name})},
        "spec": {"nodeName": on, "containers": containers, **more},
        "status": {"phase": "Running", "podIP": address},
    }


def resources(*objects: Json) -> list[Resource]:
    """Return what a text with these objects holds."""
    return read_resources("\n".join(map(json.dumps, objects)))


def plan(*objects: Json, options: Options | None = None) -> Plan:
    """Return what is to be made of these objects."""
    return planned(resources(*objects), options or Options())


def left(made: Plan, kind: str) -> Sequence[tuple[str, str]]:
    """Return the names of the objects of a kind that are not taken, and why."""
    return [(item.name, item.reason) for item in made.left if item.kind == kind]


def service(name: str, *ports: object, **spec: object) -> Json:
    """Return a service at 10.96.0.9; without ports it has TCP 80, to 8080."""
    return {
        "kind": "Service",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {
            "clusterIP": "10.96.0.9",
            "ports": list(ports) or [{"port": 80, "targetPort": 8080}],
            **spec,
        },
    }


def backends(of: str, *endpoints: Json, **more: object) -> Json:
    """Return the EndpointSlice of a service, at port 8080."""
    labels = {"kubernetes.io/service-name": of}
    return {
        "kind": "EndpointSlice",
        "metadata": {"name": f"{of}-1", "namespace": "shop", "labels": labels},
        "addressType": "IPv4",
        "endpoints": list(endpoints),
        "ports": [{"port": 8080}],
        **more,
    }


def backend(address: str, on: str = "win-1", **conditions: bool) -> Json:
    """Return an endpoint of a slice."""
    return {"addresses": [address], "nodeName": on, "conditions": conditions}


def policy(name: str, selected: Json | None = None, **spec: object) -> Json:
    """Return a NetworkPolicy for the pods with these labels, of all of its namespace without."""
    return {
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"podSelector": {"matchLabels": selected or {}}, **spec},
    }
