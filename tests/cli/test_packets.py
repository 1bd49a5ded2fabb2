"""trace, reachability and vfpctrl on the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Hnsemu


def test_a_trace_is_told_line_by_line(hnsemu: Hnsemu) -> None:
    told = hnsemu("trace", "10.244.1.6:80", "--from", "client")
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    assert lines[0] == "TCP 10.244.1.5:40000 > 10.244.1.6:80"
    assert any(line.strip().startswith("DELIVERED") for line in lines)
    assert any(line.strip() == "reply" for line in lines)


def test_a_lost_packet_is_told_by_the_exit_code(hnsemu: Hnsemu) -> None:
    lost = hnsemu("trace", "10.127.130.99:80", "--from", "web", "--json", "--reply")
    assert json.loads(lost.stdout)["Verdict"] == "Delivered"  # to somebody outside
    nobody = hnsemu("trace", "172.16.0.99:80", "--from", "host", "--json")
    assert nobody.returncode == 1
    assert json.loads(nobody.stdout)["Reason"] == "NoSuchPort"
    assert hnsemu("trace", "[10.0.0.1", "--from", "host").returncode == 2


def test_a_trace_is_drawn(hnsemu: Hnsemu, tmp_path: Path) -> None:
    file = tmp_path / "trace.svg"
    assert hnsemu("trace", "10.244.1.6", "--from", "client", "--svg", str(file)).returncode == 0
    assert file.read_text().startswith("<svg")


def test_reachability_names_the_pairs(hnsemu: Hnsemu) -> None:
    told = hnsemu(
        "reachability", "--port", "80", "--port", "icmp", "--from", "client", "--to", "web"
    )
    rows = [line.split()[:4] for line in told.stdout.splitlines()[1:]]
    assert rows == [["client", "web", "6/80", "Delivered"], ["client", "web", "icmp", "Delivered"]]


def test_vfpctrl_takes_its_switches_in_any_order(hnsemu: Hnsemu) -> None:
    (web,) = json.loads(hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json").stdout)
    one = hnsemu("vfpctrl", "/list-rule", "/port", web["ID"])
    other = hnsemu("vfpctrl", "-port", web["ID"].upper(), "-list-rule")
    assert one.stdout == other.stdout
    assert one.stdout.splitlines()[-1] == "Command list-rule succeeded!"
    ports = hnsemu("vfpctrl", "/list-vmswitch-port").stdout
    assert ports.count("Port Friendly name") >= 4
    assert hnsemu("vfpctrl", "/list-rule").returncode == 2
