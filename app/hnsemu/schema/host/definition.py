"""The definition of a host under /emulator/hosts, and the record that shows it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hnsemu.domain.facts import Adapter, InstalledExtension
from hnsemu.domain.filetime import TICKS, utc
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.host_definition import adapter_address, adapter_address6, shortest
from hnsemu.domain.host_variants import VARIANTS
from hnsemu.domain.hosts import AdapterDefinition, ExternalSwitch, HostDefinition, Machine
from hnsemu.domain.releases import RELEASES, Version, release_named
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.enums import open_enumeration
from hnsemu.schema.exact import ExactDocument

_MOST = 64  # adapters or switches of one host

ReleaseName = Annotated[
    str,
    Field(
        examples=["ws2019"],
        json_schema_extra={
            **open_enumeration(RELEASES, "Windows release; `GET /emulator/releases` lists them.")
        },
    ),
]

_VARIANTS = "; ".join(f"`{name}`: {variant.about}" for name, variant in VARIANTS.items())
VariantName = Annotated[
    str,
    Field(
        examples=["wifi"],
        json_schema_extra={
            **open_enumeration(
                VARIANTS, f"A kind of host, whose adapters and switches it has. {_VARIANTS}."
            )
        },
    ),
]


def _unchanged(name: str) -> str:
    return name


_LONGEST_TEXT = 65_536  # characters; a refusal repeats some texts


class EmulatorDocument(ExactDocument):
    """A document of the emulator: its members are named as here, not in Windows' PascalCase."""

    model_config = ConfigDict(
        alias_generator=_unchanged, coerce_numbers_to_str=False, str_max_length=_LONGEST_TEXT
    )


class AdapterSettings(EmulatorDocument):
    """A physical adapter."""

    name: str = Field(examples=["Ethernet"])
    mac: str = Field(
        "",
        description="Chosen by the emulator when left out.",
        examples=["00-15-5D-0A-00-04", "00:15:5d:0a:00:04"],
    )
    address: str = Field(
        "", description="IPv4 address with its prefix length.", examples=["10.0.0.4/24"]
    )
    gateway: str = Field("", examples=["10.0.0.1"])
    wireless: bool = False
    address6: str = Field(
        "", description="IPv6 address with its prefix length.", examples=["fd00:10::4/64"]
    )
    gateway6: str = Field("", description="The IPv6 gateway.", examples=["fd00:10::1"])

    def to_domain(self) -> AdapterDefinition:
        """Return the definition, with the MAC in Windows' spelling and IPv6 in its shortest."""
        mac = self.mac.upper().replace(":", "-")
        return AdapterDefinition(
            self.name,
            mac,
            self.address,
            self.gateway,
            self.wireless,
            shortest(self.address6),
            shortest(self.gateway6),
        )


class VersionSettings(EmulatorDocument):
    """A version: two numbers."""

    major: int = Field(ge=1, le=65_535, examples=[15])
    minor: int = Field(ge=0, le=65_535, examples=[5])

    def to_domain(self) -> Version:
        """Return both numbers."""
        return self.major, self.minor


class SwitchExtensionSettings(EmulatorDocument):
    """A switch extension that is not Windows' own, such as Antrea's Open vSwitch."""

    id: str = Field(examples=["583cc151-73ec-4a6a-8b47-578297ad7623"])
    name: str = Field(examples=["Open vSwitch Extension"])
    enabled: bool = Field(False, description="Whether a new switch has it on.", examples=[False])

    def to_domain(self) -> InstalledExtension:
        """Return the extension.

        Raises: HCN_E_GUID_CONVERSION_FAILURE.
        """
        return InstalledExtension(parse_guid(self.id), self.name, self.enabled)


class SwitchSettings(EmulatorDocument):
    """An external switch created with the Hyper-V tools; HNS shows it as a Transparent network."""

    name: str = Field(examples=["Uplink"])
    adapters: tuple[str, ...] = Field(
        (),
        description="Names of its adapters; several form a team. The next free adapter when left "
        "out.",
        examples=[["Ethernet"]],
    )

    def to_domain(self) -> ExternalSwitch:
        """Return the definition."""
        return ExternalSwitch(self.name, self.adapters)


class HostSettings(EmulatorDocument):
    """The definition of a host. The emulator chooses what is left out.

    The read-only members are accepted, so that an answer can be sent back.
    """

    name: str | None = Field(None, description="If given, the name in the path.")
    release: ReleaseName | None = None
    variant: VariantName | None = None
    hns_version: VersionSettings | None = Field(
        None, description="HNS version in place of the release's; features follow from it."
    )
    build: int | None = Field(
        None,
        ge=1,
        le=999_999,
        description="Build of Windows in place of the release's.",
        examples=[26_200],
    )
    schema_version: VersionSettings | None = Field(
        None, description="Newest HCN schema version in place of the release's."
    )
    adapters: tuple[AdapterSettings, ...] | None = Field(
        None,
        max_length=_MOST,
        description="When left out, the host has three adapters with addresses, or those of its "
        "variant.",
    )
    extensions: tuple[SwitchExtensionSettings, ...] | None = Field(
        None,
        max_length=_MOST,
        description="Switch extensions that every switch has beside those of Windows.",
    )
    external_switches: tuple[SwitchSettings, ...] | None = Field(
        None, max_length=_MOST, description="A name alone is a switch on the next free adapter."
    )
    azure_vm: bool | None = Field(
        None,
        description="Whether the host is an Azure VM, on which HNS allows no Transparent network.",
    )
    management_ip_delay: float | None = Field(
        None,
        ge=0,
        le=86_400,
        description="Seconds until a new network on an external switch shows its ManagementIP.",
        examples=[2.5],
    )
    dns_servers: tuple[str, ...] | None = Field(None, examples=[["168.63.129.16"]])
    dns_suffix: str | None = Field(None, examples=["example.internal"])
    docker: bool | None = Field(
        None,
        description="Whether Docker's daemon starts with the host. If not, the first call of its "
        "API starts it.",
    )
    docker_bridge: str | None = Field(
        None,
        description="dockerd's `bridge` on this host: with `none` it makes no network `nat`.",
        examples=["none"],
    )
    docker_fixed_cidr: str | None = Field(
        None,
        description="dockerd's `fixed-cidr` on this host: the subnet of the network `nat` that its "
        "daemon makes.",
        examples=["10.70.0.0/16"],
    )
    journal: bool | None = Field(
        None, description="Whether the calls of programs are recorded from the start."
    )
    created: datetime | None = Field(None, json_schema_extra={"readOnly": True})
    started: datetime | None = Field(
        None, description="When HNS last started.", json_schema_extra={"readOnly": True}
    )

    @field_validator("external_switches", mode="before")
    @classmethod
    def _accept_names(cls, switches: object) -> object:
        if not isinstance(switches, list):
            return switches
        return [{"name": switch} if isinstance(switch, str) else switch for switch in switches]

    def to_domain(self, name: str) -> HostDefinition:
        """Return the definition of the host `name`.

        Raises: E_INVALIDARG for another name or an unknown release.
        """
        if self.name not in {None, name}:
            raise HnsError(
                Hr.E_INVALIDARG,
                f"name: {self.name!r} is not {name!r}, the name in the path; leave it out",
            )
        return HostDefinition(
            release=None if self.release is None else release_named(self.release),
            variant=self.variant or None,
            hns_version=None if self.hns_version is None else self.hns_version.to_domain(),
            build=self.build,
            schema_version=None if self.schema_version is None else self.schema_version.to_domain(),
            extensions=None
            if self.extensions is None
            else tuple(extension.to_domain() for extension in self.extensions),
            adapters=None
            if self.adapters is None
            else tuple(adapter.to_domain() for adapter in self.adapters),
            external_switches=None
            if self.external_switches is None
            else tuple(switch.to_domain() for switch in self.external_switches),
            azure_vm=self.azure_vm,
            management_ip_delay=None
            if self.management_ip_delay is None
            else round(self.management_ip_delay * TICKS),
            dns_servers=self.dns_servers,
            dns_suffix=self.dns_suffix,
            docker=self.docker,
            docker_bridge=self.docker_bridge,
            docker_fixed_cidr=self.docker_fixed_cidr,
            journal=self.journal,
        )


class HostRecord(BaseModel):
    """A host: its definition, and when it was created and started."""

    model_config = ConfigDict(frozen=True)

    name: str
    release: ReleaseName
    variant: VariantName
    hns_version: VersionSettings
    build: int
    schema_version: VersionSettings
    adapters: tuple[AdapterSettings, ...]
    extensions: tuple[SwitchExtensionSettings, ...]
    external_switches: tuple[SwitchSettings, ...]
    azure_vm: bool
    management_ip_delay: float
    dns_servers: tuple[str, ...]
    dns_suffix: str
    docker: bool
    docker_bridge: str
    docker_fixed_cidr: str
    journal: bool
    created: datetime
    started: datetime


def host_record(machine: Machine) -> HostRecord:
    """Return the record of `machine`."""
    host = machine.host
    return HostRecord(
        name=host.name,
        release=host.release.name,
        variant=machine.variant,
        hns_version=_version(host.release.hns),
        build=host.release.build,
        schema_version=_version(host.release.schema),
        extensions=tuple(
            SwitchExtensionSettings(id=other.id, name=other.name, enabled=other.enabled)
            for other in host.extensions
        ),
        adapters=tuple(_adapter(adapter) for adapter in machine.adapters),
        external_switches=tuple(
            SwitchSettings(name=switch.name, adapters=switch.adapters)
            for switch in machine.external_switches
        ),
        azure_vm=host.azure_vm,
        management_ip_delay=host.management_ip_delay / TICKS,
        dns_servers=host.dns_servers,
        dns_suffix=host.dns_suffix,
        docker=machine.docker,
        docker_bridge=machine.docker_bridge,
        docker_fixed_cidr=machine.docker_fixed_cidr,
        journal=machine.journal,
        created=utc(host.created),
        started=utc(host.started),
    )


def _version(version: Version) -> VersionSettings:
    return VersionSettings(major=version[0], minor=version[1])


def _adapter(adapter: Adapter) -> AdapterSettings:
    return AdapterSettings(
        name=adapter.name,
        mac=adapter.mac,
        address=adapter_address(adapter),
        gateway=adapter.gateway,
        wireless=adapter.wireless,
        address6=adapter_address6(adapter),
        gateway6=adapter.gateway6,
    )
