"""Show where a running service spends its time: the functions of a create, by their share.

make profile
.venv/bin/python -m bench.profile --operation get
"""

import argparse
import collections
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from bench import load
from bench.run import create_network, running_service

_CONNECTIONS = 8
_WARM_UP = 500
_START = "run_asgi"  # what the server calls for a request
_BODY = orjson.dumps({"Name": "bench", "SchemaVersion": {"Major": 2, "Minor": 0}})


def main() -> int:
    """Load a service, sample it with py-spy, and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operation", choices=("create", "get"), default="create")
    parser.add_argument("--requests", type=int, default=6000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory:
        stacks = Path(directory) / "stacks"
        with running_service(f"sqlite:///{directory}/hnsemu.db") as service:
            create = f"/v2/networks/{create_network(service.port)}/endpoints"
            message = load.request("POST", create, _BODY)
            created = load.run(service.port, [message] * _WARM_UP, _CONNECTIONS)
            if options.operation == "get":
                message = load.request(
                    "GET", f"/v2/endpoints/{json.loads(created.last_body)['ID']}"
                )
            sampler = subprocess.Popen(
                [Path(sys.executable).with_name("py-spy"), "record", "--pid", str(service.pid),
                 "--rate", "500", "--duration", "600", "--format", "raw", "--output", stacks],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            time.sleep(1)
            load.run(service.port, [message] * options.requests, _CONNECTIONS)
            sampler.send_signal(2)  # py-spy writes what it has
            sampler.wait()
        _print(list(_samples(stacks)))
    return 0


def _samples(stacks: Path) -> Iterator[tuple[list[str], int]]:
    """Yield the functions of each stack while a request is answered, and how often it was seen."""
    for line in stacks.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        functions = [frame.rpartition(":")[0] for frame in stack.split(";")]
        start = next((at for at, name in enumerate(functions) if _START in name), None)
        if start is not None:
            yield functions[start:], int(count)


def _print(samples: list[tuple[list[str], int]]) -> None:
    total = sum(count for _, count in samples)
    whole: collections.Counter[str] = collections.Counter()
    own: collections.Counter[str] = collections.Counter()
    for functions, count in samples:
        own[functions[-1]] += count
        for function in set(functions):
            whole[function] += count
    table = Table("function", "with what it calls", "itself", title=f"{total} samples")
    for function, count in whole.most_common(60):
        share, alone = 100 * count / total, 100 * own[function] / total
        table.add_row(function, f"{share:.1f} %", f"{alone:.1f} %")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
