"""/emulator/kubernetes: the Windows nodes of a cluster become hosts."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody, QueryParameter
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.router import ControlRouter
from hnsemu.domain.file_text import decoded
from hnsemu.dumps.kubernetes.documents import ClusterRecord, cluster_record
from hnsemu.dumps.kubernetes.importing import import_cluster
from hnsemu.dumps.kubernetes.options import (
    SERVICES,
    SERVICES6,
    Options,
    PodNetwork,
    PolicyStyle,
    ServicePrefixes,
    read_dsr,
    read_network,
    read_policies,
    read_services,
)
from hnsemu.dumps.kubernetes.reading import Resource, read_resources
from hnsemu.schema.host.state import ClusterDump

router = ControlRouter(prefix="/emulator/kubernetes", tags=["emulator"])


class _ClusterBody(JsonBody):
    """Objects of Kubernetes as YAML or JSON."""

    async def value(self, request: Request) -> list[Resource]:
        """Return the objects."""
        return read_resources(decoded(await request.body()))


def _unread(value: object, *, strict: bool) -> object:
    del strict
    return value


Dump = Annotated[list[Resource], _ClusterBody(ClusterDump, _unread)]


Network = Annotated[
    PodNetwork,
    QueryParameter(
        name="network",
        description="The type of the network that pods are on.",
        schema={"type": "string", "enum": [str(known) for known in PodNetwork]},
        read=read_network,
        default=PodNetwork.L2BRIDGE,
    ),
]
Services = Annotated[
    ServicePrefixes,
    QueryParameter(
        name="services",
        description="The prefix of cluster IPs, or both with a comma: --service-cluster-ip-range.",
        example=str(SERVICES),
        read=read_services,
        default=(SERVICES, SERVICES6),
    ),
]
Dsr = Annotated[
    bool,
    QueryParameter(
        name="dsr",
        description="Whether kube-proxy runs with --enable-dsr.",
        schema={"type": "boolean"},
        read=read_dsr,
        default=True,
    ),
]
Policies = Annotated[
    PolicyStyle,
    QueryParameter(
        name="policies",
        description="Who makes ACLs of NetworkPolicies: Calico on Windows, which skips named ports "
        "and except, or somebody who does all that Kubernetes means.",
        schema={"type": "string", "enum": [str(known) for known in PolicyStyle]},
        read=read_policies,
        default=PolicyStyle.CALICO,
    ),
]


@router.operation("POST", "", gives=ClusterRecord, pace=Pace.LONG)
async def import_kubernetes(
    request: Request,
    resources: Dump,
    network: Network,
    services: Services,
    dsr: Dsr,
    policies: Policies,
) -> Response:
    """Make a host of each Windows node of a cluster, with its pods, services and policies."""
    options = Options(network, services, dsr, policies)
    done = await call(request, import_cluster, resources, options)
    return answers.text(cluster_record(done, options).model_dump_json())
