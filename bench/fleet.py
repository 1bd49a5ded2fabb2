"""Measure how fast `hnsemu fleet create` is, and whether its rate stays flat.

.venv/bin/python -m bench.fleet --hosts 100 --endpoints 250
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.e2e.servers import serving

_PARTS = 5


def main() -> int:
    """Create a fleet in parts and print their rates; return 1 if the last is much slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--endpoints", type=int, default=250)
    options = parser.parse_args()
    table = Table("hosts before", "endpoints created", "seconds", "endpoints/s")
    rates = []
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory,
        serving(f"sqlite:///{Path(directory) / 'bench.db'}") as server,
    ):
        for part in range(1, _PARTS + 1):
            hosts, before = options.hosts * part // _PARTS, options.hosts * (part - 1) // _PARTS
            seconds = _fill(server.url, hosts, options.endpoints)
            created = (hosts - before) * options.endpoints
            rates.append(created / seconds)
            table.add_row(str(before), str(created), f"{seconds:.1f}", f"{rates[-1]:.0f}")
        again = _fill(server.url, options.hosts, options.endpoints)
    Console().print(table)
    Console().print(f"second run: {again:.1f} s; rate of the last part / first part: "
                    f"{rates[-1] / rates[0]:.2f} (goal: at least 0.8)")  # fmt: skip
    return 0 if rates[-1] >= 0.8 * rates[0] else 1


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
