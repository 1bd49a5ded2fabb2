"""The dump of a real machine becomes a host: imported, compared, traced.

Source: the two networks of a node with HNS 9.2 that tests/samples/README.md describes.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from hnsemu.testing import Api, host

_DUMP = (
    Path(__file__).resolve().parents[2] / "tests/samples/v1-networks-get-overlay-nat-hns9.2.json"
)
_MANAGEMENT_IP = "10.1.36.50"  # of the machine, by the dump
_SCHEMA = {"Major": 2, "Minor": 0}
_PORT = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}
_CONTAINER = {
    "Name": "web",
    "Policies": [{"Type": "PortMapping", "Settings": _PORT}],
    "SchemaVersion": _SCHEMA,
}


def play(url: str, show: Callable[[str, str], None]) -> None:
    """Import the dump, trace a packet on it, and find what is no longer as on the machine."""
    with host(url=url, label="imported") as hns:
        hns.emulator.delete("")  # the name stays free for the import

        def command(*words: str) -> tuple[int, str]:
            done = subprocess.run(
                [sys.executable, "-m", "hnsemu.cli", *words],
                capture_output=True,
                text=True,
                check=False,
                env={"HNSEMU_URL": url},
                timeout=300,
            )
            shown = [_DUMP.name if word == str(_DUMP) else word for word in words]
            output = (done.stdout + done.stderr).strip()
            show(f"hnsemu {' '.join(shown)}", output or "no difference")
            return done.returncode, output

        code, output = command("hosts", "import", str(_DUMP), "--name", hns.name)
        assert (code, "HNS 9.2, 2 documents taken" in output) == (0, True), output
        assert command("hosts", "compare", str(_DUMP), "--host", hns.name) == (0, "")
        _add_container(hns.v2)
        code, output = command(
            "trace", f"{_MANAGEMENT_IP}:8080", "--from", "external", "--source", "203.0.113.7",
            "--no-reply", "--host", hns.name,
        )  # fmt: skip
        assert "DELIVERED" in output, output
        hns.v2.delete(f"/networks/{_network(hns.v2, 'External')}")
        code, output = command("hosts", "compare", str(_DUMP), "--host", hns.name)
        assert (code, output) == (1, "network External: is not on the host"), output


def _add_container(v2: Api) -> None:
    """Attach a container to the NAT network that the machine had, and publish its port."""
    endpoint = v2.post(f"/networks/{_network(v2, 'nat')}/endpoints", _CONTAINER)["ID"]
    namespace = v2.post("/namespaces", {"SchemaVersion": _SCHEMA})["ID"]
    settings = {"EndpointId": endpoint}
    change = {"ResourceType": "Endpoint", "RequestType": "Add", "Settings": settings}
    v2.send("PATCH", f"/namespaces/{namespace}", change)


def _network(v2: Api, name: str) -> str:
    (found,) = [network["ID"] for network in v2.get("/networks") if network["Name"] == name]
    return str(found)
