"""Measure how fast hosts and endpoints are filled, and whether the rate stays flat.

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
    """Fill the fleet in parts and print the rate of each; return 1 when the last is much slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--endpoints", type=int, default=250)
    asked = parser.parse_args()
    table = Table("hosts there before", "endpoints made", "seconds", "endpoints/s")
    rates = []
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory,
        serving(f"sqlite:///{Path(directory) / 'bench.db'}") as server,
    ):
        for part in range(1, _PARTS + 1):
            hosts, before = asked.hosts * part // _PARTS, asked.hosts * (part - 1) // _PARTS
            seconds = _fill(server.url, hosts, asked.endpoints)
            made = (hosts - before) * asked.endpoints
            rates.append(made / seconds)
            table.add_row(str(before), str(made), f"{seconds:.1f}", f"{rates[-1]:.0f}")
        again = _fill(server.url, asked.hosts, asked.endpoints)
    Console().print(table)
    Console().print(f"nothing missing: {again:.1f} s; last part beside the first: "
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
