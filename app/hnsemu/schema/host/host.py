"""GET /host: the emulated host at a glance."""

from datetime import datetime

from pydantic import Field

from hnsemu.domain.filetime import utc
from hnsemu.domain.hosts import Machine
from hnsemu.domain.releases import FEATURES, supports
from hnsemu.schema.host.definition import ReleaseName
from hnsemu.schema.host.view import View


class HostVersion(View):
    """A version as HNS prints it."""

    major: int
    minor: int


class HostView(View):
    """A host: its release, its features and its addresses."""

    name: str = Field(examples=["default"])
    release: ReleaseName
    product_name: str = Field(examples=["Windows Server 2025"])
    build: int = Field(examples=[26100])
    hns_version: HostVersion
    schema_version: HostVersion = Field(description="Newest HCN schema version of the release.")
    management_address: str = Field(
        examples=["10.127.130.35"], description="Address of the first adapter that has one."
    )
    azure_vm: bool = Field(alias="AzureVM")
    dns_servers: tuple[str, ...]
    dns_suffix: str
    features: dict[str, bool] = Field(examples=[{"DSR": True, "Accelnet": False}])
    created: datetime
    started: datetime = Field(description="When HNS last started.")


def host_view(machine: Machine) -> HostView:
    """Return the view of a host."""
    host = machine.host
    release = host.release
    return HostView(
        name=host.name,
        release=release.name,
        product_name=release.title,
        build=release.build,
        hns_version=HostVersion(major=release.hns[0], minor=release.hns[1]),
        schema_version=HostVersion(major=release.schema[0], minor=release.schema[1]),
        management_address=machine.management_address,
        azure_vm=host.azure_vm,
        dns_servers=host.dns_servers,
        dns_suffix=host.dns_suffix,
        features={feature: supports(release, feature) for feature in FEATURES},
        created=utc(host.created),
        started=utc(host.started),
    )
