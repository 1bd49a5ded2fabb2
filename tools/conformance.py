"""Run Microsoft's hcn integration tests and our own as Windows programs; count the results.

python -m tools.conformance

The last line is `N passed, M failed`; the exit code is 0 when no test failed and none is missing.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "tests" / "conformance"
EXAMPLE = ROOT / "examples" / "windows-cni"
CALLBACKS = ROOT / "build" / "conformance" / "callbacks.exe"
COMPUTENETWORK = ROOT / "app" / "hnsemu" / "windows" / "computenetwork.dll"
MICROSOFTS = "github.com/Microsoft/hcsshim/hcn"
# Fewer would mean that some were not built.
MICROSOFTS_TESTS = 78
COMPILER = "x86_64-w64-mingw32-gcc"
TOOLS = {
    "go": "go (Debian: golang)",
    COMPILER: f"{COMPILER} (Debian: gcc-mingw-w64-x86-64)",
    "hnsemu-wine": "hnsemu-wine (make setup)",
}

# The number of tests by package and outcome.
Outcomes = Counter[tuple[str, str]]


def main() -> int:
    """Build, run and count; return 1 when anything failed."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    missing = [what for tool, what in TOOLS.items() if not shutil.which(tool)]
    if missing:
        print("conformance: install " + " and ".join(missing), file=sys.stderr)
        return 1
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    os.environ["PATH"] = f"{toolchain}:{os.environ['PATH']}"
    _build_callbacks()
    started = time.monotonic()
    outcomes = _test(OURS, MICROSOFTS, ".") + _test(EXAMPLE, ".")
    passed = sum(count for (_, outcome), count in outcomes.items() if outcome == "pass")
    failed = sum(outcomes.values()) - passed
    ran = sum(count for (package, _), count in outcomes.items() if package == MICROSOFTS)
    if ran != MICROSOFTS_TESTS:
        print(f"{MICROSOFTS}: {ran} tests ran, {MICROSOFTS_TESTS} exist")
        failed += abs(MICROSOFTS_TESTS - ran)
    print(f"{time.monotonic() - started:.0f} s including the build")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _build_callbacks() -> None:
    """Compile the C program whose callbacks are called."""
    CALLBACKS.parent.mkdir(parents=True, exist_ok=True)
    source = OURS / "callbacks" / "callbacks.c"
    strict = ["-Wall", "-Wextra", "-Werror", "-O2"]
    subprocess.run([COMPILER, *strict, "-o", CALLBACKS, source, COMPUTENETWORK], check=True)


def _test(module: Path, *packages: str) -> Outcomes:
    """Run the tests of the packages under Wine and return their outcomes."""
    environment = os.environ | {
        "GOOS": "windows",
        "GOARCH": "amd64",
        "CGO_ENABLED": "0",
        # Microsoft's tests change load balancers, which the HNS 15.4 of ws2025 only says it does.
        "HNSEMU_HNS_VERSION": "15.5",
        "HNSEMU_CALLBACKS": "Z:" + str(CALLBACKS).replace("/", "\\"),
    }
    # -vet=off: the tests of the dependency are not ours to change
    options = ["-json", "-count=1", "-vet=off", "-timeout=3m", "-tags=integration"]
    outcomes, printed = Outcomes(), dict[tuple[str, str], list[str]]()
    with subprocess.Popen(
        ["go", "test", *options, "-exec=hnsemu-wine", *packages],
        cwd=module,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        for event in _events(running):
            package, test = event.get("Package", ""), event.get("Test", "")
            if "Output" in event:
                printed.setdefault((package, test), []).append(event["Output"])
            elif event["Action"] in {"pass", "fail", "skip"}:
                _report(event, printed.pop((package, test), []))
                if test and "/" not in test:
                    outcomes[package, event["Action"]] += 1
    if running.returncode and all(outcome == "pass" for _, outcome in outcomes):
        sys.stdout.writelines(text for texts in printed.values() for text in texts)
        outcomes[str(module), "fail"] += 1
    return outcomes


def _events(running: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """Yield the events of go test; a line that is not an event is output too."""
    for line in running.stdout or ():
        try:
            yield dict(json.loads(line))
        except ValueError:
            yield {"Action": "output", "Output": line}


def _report(event: dict[str, Any], printed: list[str]) -> None:
    """Print the result of a package, and the output of a test that did not pass."""
    test, outcome = event.get("Test", ""), event["Action"]
    if not test:
        print(f"{outcome} {event['Package']} in {event.get('Elapsed', 0):.1f} s", flush=True)
    elif outcome != "pass":
        print(f"--- {outcome.upper()}: {event['Package']} {test}")
    if outcome != "pass":
        sys.stdout.writelines(printed)


if __name__ == "__main__":
    sys.exit(main())
