"""Measure 1, 2 and 4 workers on PostgreSQL: creates over many hosts, and reads.

tools/postgres .venv/bin/python -m bench.workers
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import orjson
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from bench import load
from hnsemu.storage.migrate import upgrade
from tests.conftest import _postgres_database as fresh_database
from tests.e2e.servers import serving

_HOSTS = 16
_REQUESTS = 1600
_V2 = {"Major": 2, "Minor": 0}


def main() -> int:
    """Measure and print."""
    base = os.environ.get("HNSEMU_TEST_POSTGRES_URL")
    if not base:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    table = Table("workers", "creates/s, 16 hosts", "GETs/s")
    for workers in (1, 2, 4):
        with fresh_database() as name:
            url = make_url(base).set(database=name).render_as_string(hide_password=False)
            upgrade(url)
            with serving(url, "--workers", str(workers)) as server:
                port = int(server.url.rpartition(":")[2])
                created, read = _measure(port)
        table.add_row(str(workers), f"{created:.0f}", f"{read:.0f}")
    Console().print(table)
    return 0


def _measure(port: int) -> tuple[float, float]:
    with ThreadPoolExecutor(1) as pool:
        networks = list(pool.map(lambda n: _network(port, f"bench-{n}"), range(_HOSTS)))
    body = orjson.dumps({"Name": "bench", "SchemaVersion": _V2})
    creates = [
        load.request("POST", f"{networks[n % _HOSTS]}/endpoints", body) for n in range(_REQUESTS)
    ]
    created = load.run(port, creates, _HOSTS)
    host, _, _ = networks[0].partition("/v2/")
    one = f"{host}/v2/endpoints/{_first(port, host)}"
    read = load.run(port, [load.request("GET", one)] * (2 * _REQUESTS), _HOSTS)
    return created.rate, read.rate


def _first(port: int, host: str) -> str:
    listed = load.run(port, [load.request("GET", f"{host}/v2/endpoints?view=ids")], 1)
    return str(orjson.loads(listed.last_body)[0])


def _network(port: int, host: str) -> str:
    load.run(port, [load.request("PUT", f"/emulator/hosts/{host}")], 1)
    body = {"Name": "bench", "Type": "Private", "SchemaVersion": _V2,
             "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.0.0.0/16"}]}]}  # fmt: skip
    created = load.run(
        port, [load.request("POST", f"/hosts/{host}/v2/networks", orjson.dumps(body))], 1
    )
    return f"/hosts/{host}/v2/networks/{orjson.loads(created.last_body)['ID']}"


if __name__ == "__main__":
    sys.exit(main())
