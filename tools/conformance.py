"""Run the tests of other projects and our own as Windows programs; compare with what is expected.

python -m tools.conformance [SUITE ...]

Without a name, the suites of every change run; tools/suites.py lists them all. The last line is
`N passed, M failed`; the exit code is 0 when each test did what is expected of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.suites import MODULES, ROOT, SUITES, Suite

BUILD = ROOT / "build" / "conformance"
COMPUTENETWORK = ROOT / "app" / "hnsemu" / "windows" / "computenetwork.dll"
PLUGINS = [
    "github.com/containernetworking/plugins/plugins/" + plugin
    for plugin in ("main/windows/win-bridge", "main/windows/win-overlay", "ipam/host-local")
]
# The programs that the tests of a suite start, from the modules of the suite's own folder.
STARTED = {
    "kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
    "flannel": "github.com/flannel-io/flannel",
}
COMPILER = "x86_64-w64-mingw32-gcc"
TOOLS = {
    "go": "go (Debian: golang)",
    COMPILER: f"{COMPILER} (Debian: gcc-mingw-w64-x86-64)",
    "hnsemu-wine": "hnsemu-wine (make setup)",
}
# Ginkgo runs its specs inside one Go test, and counts them in this line.
_SPECS = re.compile(r"(\d+) Passed.* \| .*?(\d+) Failed")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What Go says where Wine could not start a program: seen once in hundreds of runs of Wine 8, on a
# busy machine. No test can tell it from a failure.
_NOT_STARTED = re.compile(r"fork/exec .*: Internal error\.")


@dataclass
class Run:
    """What became of the tests of a suite on one release."""

    suite: Suite
    release: str
    outcomes: dict[str, str] = field(default_factory=dict)
    printed: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0
    code: int = 0

    def leaves(self) -> dict[str, str]:
        """The outcomes of the tests without those that only hold subtests."""
        parents = {name.rpartition("/")[0] for name in self.outcomes}
        return {name: text for name, text in self.outcomes.items() if name not in parents}

    def counts(self) -> tuple[int, int]:
        """How many tests passed, and how many there were."""
        for text in self._text():
            specs = _SPECS.search(_COLOURS.sub("", text))
            if specs:
                passed, failed = int(specs[1]), int(specs[2])
                return passed, passed + failed
        leaves = self.leaves()
        return sum(outcome == "pass" for outcome in leaves.values()), len(leaves)

    def faults(self) -> list[str]:
        """What is not as expected, in sentences."""
        passed, ran = self.counts()
        suite = self.suite
        found = []
        if ran != suite.tests:
            found.append(f"{ran} tests ran, {suite.tests} exist")
        failing = {name for name, outcome in self.leaves().items() if outcome != "pass"}
        found += [f"{name} fails" for name in sorted(failing - suite.excused.keys())]
        found += [f"{name} passes now" for name in sorted(suite.excused.keys() - failing)]
        if passed + len(suite.excused) != ran and not found:
            found.append(f"{passed} of {ran} passed")
        if self.code and not (failing or found):
            found.append(f"go test ended with {self.code}")
        return found

    def is_of_wine(self) -> bool:
        """Whether Wine did not start a program that a failing test wanted."""
        return any(_NOT_STARTED.search(line) for line in self._text())

    def report(self) -> str:
        """The result, with the output of what is not as expected."""
        passed, ran = self.counts()
        title = f"{self.suite.title} {self.suite.version} on {self.release}"
        faults = self.faults()
        lines = [
            f"{'fail' if faults else 'pass'} {title}: {passed} of {ran} in {self.seconds:.0f} s"
        ]
        if faults:
            lines += ["", *self._text(), *faults]
        return "\n".join(line.rstrip("\n") for line in lines)

    def _text(self) -> Iterator[str]:
        for name, lines in self.printed.items():
            if self.outcomes.get(name) != "pass" or self.outcomes.keys() == {name}:
                yield from lines


def main() -> int:
    """Build, run and count; return 1 when anything is not as expected."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    missing = [what for tool, what in TOOLS.items() if not shutil.which(tool)]
    if missing:
        print("conformance: install " + " and ".join(missing), file=sys.stderr)
        return 1
    wanted = set(sys.argv[1:]) or {suite.name for suite in SUITES if not suite.nightly}
    unknown = wanted - {suite.name for suite in SUITES}
    if unknown:
        known = ", ".join(suite.name for suite in SUITES)
        print(f"conformance: no suite {', '.join(sorted(unknown))}; there are {known}")
        return 1
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    os.environ["PATH"] = f"{toolchain}:{os.environ['PATH']}"
    return _run([suite for suite in SUITES if suite.name in wanted])


def _run(suites: list[Suite]) -> int:
    """Run the suites, two at a time; a program under Wine waits more than it works."""
    started = time.monotonic()
    passed, failed = 0, 0
    _build(suites)
    jobs = [Run(suite, release) for suite in suites for release in suite.releases]
    with ThreadPoolExecutor(2) as pool:
        for run in pool.map(_test_as_wine_lets, jobs):
            print(run.report(), flush=True)
            passed += run.counts()[0]
            failed += len(run.faults())
    print(f"{time.monotonic() - started:.0f} s including the build")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _build(suites: list[Suite]) -> None:
    """Build the programs that tests start."""
    BUILD.mkdir(parents=True, exist_ok=True)
    names = {suite.name for suite in suites}
    if "ours" in names:
        source = MODULES / "callbacks" / "callbacks.c"
        strict = ["-Wall", "-Wextra", "-Werror", "-O2"]
        program = BUILD / "callbacks.exe"
        subprocess.run([COMPILER, *strict, "-o", program, source, COMPUTENETWORK], check=True)
    if "cni" in names:
        command = ["go", "build", "-o", f"{BUILD}/", *PLUGINS]
        subprocess.run(command, cwd=MODULES, env=_environment(), check=True)
    for suite in suites:
        if suite.name in STARTED:
            command = ["go", "build", "-o", f"{BUILD}/", STARTED[suite.name]]
            subprocess.run(command, cwd=suite.folder, env=_environment(), check=True)


def _environment(suite: Suite | None = None) -> dict[str, str]:
    newer = {"HNSEMU_HNS_VERSION": suite.hns} if suite and suite.hns else {}
    return (
        os.environ
        | newer
        | {
            "GOOS": "windows",
            "GOARCH": "amd64",
            "CGO_ENABLED": "0",
            "CONFORMANCE_PROGRAMS": "Z:" + str(BUILD).replace("/", "\\"),
        }
    )


def _test_as_wine_lets(run: Run) -> Run:
    """Run the tests; once more if Wine did not start one of their programs."""
    tested = _test(run)
    if not (tested.faults() and tested.is_of_wine()):
        return tested
    print(f"again {run.suite.title} on {run.release}: Wine did not start a program", flush=True)
    return _test(Run(run.suite, run.release))


def _test(run: Run) -> Run:
    """Run the tests of the suite on the release under Wine."""
    started = time.monotonic()
    suite = run.suite
    # -vet=off: the tests of the dependency are not ours to change
    options = ["-json", "-count=1", "-vet=off", "-timeout=9m", f"-tags={suite.tags}"]
    wine = f"-exec=hnsemu-wine --release {run.release}"
    with subprocess.Popen(
        ["go", "test", *options, wine, suite.package],
        cwd=suite.folder,
        env=_environment(suite),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        for event in _events(running):
            test = event.get("Test", "")
            if "Output" in event:
                run.printed.setdefault(test, []).append(event["Output"])
            elif event["Action"] in {"pass", "fail", "skip"} and test:
                run.outcomes[test] = event["Action"]
    run.code = running.returncode
    run.seconds = time.monotonic() - started
    return run


def _events(running: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """Yield the events of go test; a line that is not an event is output too."""
    for line in running.stdout or ():
        try:
            yield dict(json.loads(line))
        except ValueError:
            yield {"Action": "output", "Output": line}


if __name__ == "__main__":
    sys.exit(main())
