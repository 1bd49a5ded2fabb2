"""Tests of other projects, and ours, that run as Windows programs, and what is expected of each."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "tests" / "conformance"
OURS = "ours"
# The HNS 15.4 of ws2025 takes changes of load balancers and does nothing; 15.5 makes them.
_MODIFYING = "15.5"


@dataclass(frozen=True, eq=False)
class Suite:
    """A Go package whose tests run under Wine, once for each release.

    name: what `python -m tools.conformance` calls it.
    title: what it tests.
    folder: the Go module that pins its version, below the repository.
    package: its import path, or a path below the module.
    tests: how many there are; a test with subtests counts as its subtests.
    hns: an HNS newer than the release's, for tests of what that one cannot do.
    excused: the tests that do not pass, each with its reason.
    nightly: takes too long for every change.
    part_of: the suite whose target runs it too.
    """

    name: str
    title: str
    folder: Path
    package: str
    tests: int
    releases: tuple[str, ...] = ("ws2025",)
    tags: str = "integration"
    module: str = ""
    hns: str = ""
    excused: dict[str, str] = field(default_factory=dict)
    nightly: bool = False
    part_of: str = ""

    @property
    def windows(self) -> str:
        """The hosts it runs on."""
        newer = f" with HNS {self.hns}" if self.hns else ""
        return ", ".join(self.releases) + newer

    @property
    def target(self) -> str:
        """The target of make that runs it."""
        return f"conformance-{self.part_of or self.name}" if self.nightly else "conformance"

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
        hns=_MODIFYING,
        title="hcsshim, package hcn",
        folder=MODULES,
        package="github.com/Microsoft/hcsshim/hcn",
        module="github.com/Microsoft/hcsshim",
        tests=78,
    ),
    Suite(
        name="ours",
        hns=_MODIFYING,
        title="what those leave out",
        folder=MODULES,
        package=".",
        tests=36,
    ),
    Suite(
        name="hnslib",
        hns=_MODIFYING,
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
    ),
    Suite(
        name="example",
        title="the CNI plugin of examples/windows-cni",
        folder=ROOT / "examples" / "windows-cni",
        package=".",
        tests=2,
    ),
    Suite(
        name="kube-proxy",
        title="kube-proxy on l2bridge and overlay, with a small API server",
        folder=MODULES / "kubeproxy",
        package=".",
        module="k8s.io/kubernetes",
        releases=("ws2022",),
        tests=18,
        nightly=True,
    ),
    Suite(
        name="flannel",
        title="flanneld, vxlan and host-gw, with restarts and a small API server",
        folder=MODULES / "flannel",
        package=".",
        module="github.com/flannel-io/flannel",
        releases=("ws2022",),
        tests=8,
        nightly=True,
    ),
    Suite(
        name="felix",
        title="Calico Felix' Windows dataplane: its ACLs and VXLAN routes, traced",
        folder=MODULES / "felix",
        package=".",
        module="github.com/projectcalico/calico",
        releases=("ws2022",),
        tests=13,
        nightly=True,
    ),
    Suite(
        name="felix-policysets",
        title="Calico Felix, package policysets",
        folder=MODULES / "felix",
        package="github.com/projectcalico/calico/felix/dataplane/windows/policysets",
        module="github.com/projectcalico/calico",
        releases=("ws2022",),
        tests=13,
        nightly=True,
        part_of="felix",
    ),
)
