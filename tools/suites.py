"""Tests of other projects, and ours, that run as Windows programs, and what is expected of each."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "tests" / "conformance"
OURS = "ours"

_DUAL_STACK = (
    "TestAddEndpoint_NoError/AddEndpoint_dual_stack_returns_no_error",
    "TestAddEndpoint_NoError/AddEndpoint_dual_stack_with_host_attach_returns_no_error",
    "TestAddNIC_HCN/AddNIC_dual_stack_returns_no_error",
    "TestAddNIC_HCN/AddNIC_dual_stack_returns_no_error_with_iov_policy_set",
    "TestCreateEndpoint_HCN/CreateEndpoint_dual_stack_returns_no_error",
    "TestCreateNetwork_HCN/CreateNetwork_dual_stack_returns_no_error",
    "TestDeleteEndpoint_NoError/DeleteEndpoint_dual_stack_returns_no_error",
    "TestDeleteNIC_HCN/DeleteNIC_dual_stack_returns_no_error",
    "TestDeleteNetwork_NoError/DeleteNetwork_dual_stack_returns_no_error",
    "TestGetEndpoint_NoError/GetEndpoint_dual_stack_returns_no_error",
    "TestGetEndpoints_NoError/GetEndpoints_dual_stack_returns_no_error",
    "TestGetNetwork_NoError/GetNetwork_dual_stack_returns_no_error",
    "TestGetNetworks_NoError/GetNetworks_dual_stack_returns_no_error",
    "TestModifyNIC_HCN/ModifyNIC_dual_stack_returns_no_error",
    "TestModifyNIC_HCN/ModifyNIC_dual_stack_returns_no_error_when_turning_off_iov_policy",
    "TestModifyNIC_V0_HCN/ModifyNIC_dual_stack_returns_no_error",
    "TestModifyNIC_V0_HCN/ModifyNIC_dual_stack_returns_no_error_when_turning_off_iov_policy",
)


@dataclass(frozen=True, eq=False)
class Suite:
    """A Go package whose tests run under Wine, once for each release.

    name: what `python -m tools.conformance` calls it.
    title: what it tests.
    folder: the Go module that pins its version, below the repository.
    package: its import path, or a path below the module.
    tests: how many there are; a test with subtests counts as its subtests.
    excused: the tests that do not pass, each with its reason.
    nightly: takes too long for every change.
    """

    name: str
    title: str
    folder: Path
    package: str
    tests: int
    releases: tuple[str, ...] = ("ws2025",)
    tags: str = "integration"
    module: str = ""
    excused: dict[str, str] = field(default_factory=dict)
    nightly: bool = False

    @property
    def target(self) -> str:
        """The target of make that runs it."""
        return f"conformance-{self.name}" if self.nightly else "conformance"

    @property
    def version(self) -> str:
        """The version of the module in go.mod; `ours` for our own tests."""
        if not self.module:
            return OURS
        pinned = (self.folder / "go.mod").read_text()
        found = re.search(rf"^\s*(?:require )?{re.escape(self.module)} (\S+)", pinned, re.MULTILINE)
        if found is None:
            raise LookupError(f"{self.folder}/go.mod does not name {self.module}")
        return found[1]


SUITES = (
    Suite(
        name="hcn",
        title="hcsshim, package hcn",
        folder=MODULES,
        package="github.com/Microsoft/hcsshim/hcn",
        module="github.com/Microsoft/hcsshim",
        tests=78,
    ),
    Suite(
        name="ours",
        title="what those leave out",
        folder=MODULES,
        package=".",
        tests=33,
    ),
    Suite(
        name="hnslib",
        title="hnslib, package hcn",
        folder=MODULES,
        package="github.com/Microsoft/hnslib/hcn",
        module="github.com/Microsoft/hnslib",
        tests=95,
        tags="integration,featureroutesupport",
    ),
    Suite(
        name="plugins",
        title="CNI plugins, package pkg/hns",
        folder=MODULES,
        package="github.com/containernetworking/plugins/pkg/hns",
        module="github.com/containernetworking/plugins",
        tests=20,
    ),
    Suite(
        name="cni",
        title="win-bridge, win-overlay, host-local; pkg/netns, go-cni",
        folder=MODULES,
        package="./cni",
        module="github.com/containernetworking/plugins",
        releases=("ws2019", "ws2022", "ws2025"),
        tests=89,
    ),
    Suite(
        name="ncproxy",
        title="hcsshim, ncproxy",
        folder=MODULES / "ncproxy",
        package="github.com/Microsoft/hcsshim/cmd/ncproxy",
        module="github.com/Microsoft/hcsshim",
        releases=("ws2022",),
        tests=140,
        excused=dict.fromkeys(_DUAL_STACK, "IPv6 on NAT networks is refused"),
    ),
    Suite(
        name="example",
        title="the CNI plugin of examples/windows-cni",
        folder=ROOT / "examples" / "windows-cni",
        package=".",
        tests=2,
    ),
)
