"""Measure how fast `hnsemu fleet create` is, and whether its rate stays flat.

.venv/bin/python -m bench.fleet --hosts 100 --endpoints 250
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import SQLITE, Figure, arguments, report
from tests.e2e.servers import serving

_PARTS = 5


def main() -> int:
    """Create a fleet in parts and print their rates; return 1 if the last is much slower."""
    parser = arguments(__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--endpoints", type=int, default=250)
    options = parser.parse_args()
    rates: list[float] = []
    figures, whole = [], 0.0
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory,
        serving(f"sqlite:///{Path(directory) / 'bench.db'}") as server,
    ):
        for part in range(1, _PARTS + 1):
            hosts, before = options.hosts * part // _PARTS, options.hosts * (part - 1) // _PARTS
            seconds = _fill(server.url, hosts, options.endpoints)
            created = (hosts - before) * options.endpoints
            whole += seconds
            rates.append(created / seconds)
            value = f"{created} endpoints in {seconds:.1f} s: {rates[-1]:.0f}/s"
            title = f"part {part} of {_PARTS}, beside the first"
            figures.append(Figure(title, value, rates[-1] / rates[0]))
        again = _fill(server.url, options.hosts, options.endpoints)
    last = figures.pop()
    met = last.ratio >= 0.8
    figures.append(Figure(last.title, last.value, last.ratio, "≥ 0.8", met=met))
    figures.append(Figure("the whole again, when all exists", f"{again:.1f} s", again / whole))
    return report("fleet", SQLITE, figures, record=options.record)


def _fill(url: str, hosts: int, endpoints: int) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "hnsemu.cli", "fleet", "create", "--hosts", str(hosts),
         "--endpoints", str(endpoints), "--url", url],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
