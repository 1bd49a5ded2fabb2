"""Compare a call through the DLL under Wine with the same request of a native client.

make bench-shim            # needs mingw-w64 and Wine
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from bench import load
from bench.report import SQLITE, arguments, at_most, report
from hnsemu.domain.releases import NEWEST
from hnsemu.wine.prefix import environment as wine_environment
from hnsemu.wine.prefix import prepare, wine_binary
from tests.e2e.servers import serving

_CALLS = 3000
_GOAL = 2.0
_HERE = Path(__file__).parent
_DLL = _HERE.parent / "app" / "hnsemu" / "windows" / "computenetwork.dll"


def main() -> int:
    """Measure and print; return 1 if the goal is missed."""
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder:
        program = Path(folder) / "shim_calls.exe"
        compiler = ["x86_64-w64-mingw32-gcc", "-O2", "-o", str(program)]
        libraries = [str(_DLL), "-lole32"]
        subprocess.run([*compiler, str(_HERE / "shim_calls.c"), *libraries], check=True)
        with serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}") as server:
            through_dll = min(_through_dll(program, server.url) for _ in range(3))
            native = min(_native(server.url) for _ in range(3))
    ratio = through_dll / native
    title, value = "through the DLL, native", f"{through_dll:.0f} µs, {native:.0f} µs"
    figure = at_most(title, value, ratio, _GOAL)
    return report("shim", SQLITE, [figure], record=options.record)


def _through_dll(program: Path, url: str) -> float:
    """Return the microseconds of one HcnQueryNetworkProperties."""
    binary = wine_binary()
    environment = {**wine_environment(prepare(binary, NEWEST)), "HNSEMU_URL": url}
    command = [binary, str(program), str(_CALLS)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(ran.stdout)


def _native(url: str) -> float:
    """Return the microseconds of the GET that the function sends."""
    with urlopen(f"{url}/v2/networks?view=ids") as answer:  # noqa: S310 (our own server)
        network = json.load(answer)[-1]
    get = load.request("GET", f"/v2/networks/{network}")
    ran = load.run(int(url.rpartition(":")[2]), [get] * _CALLS, 1)
    return ran.seconds / ran.requests * 1e6


if __name__ == "__main__":
    sys.exit(main())
