"""trace, reachability and vfpctrl on the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Hnsemu


def test_a_trace_is_printed_step_by_step(hnsemu: Hnsemu) -> None:
    trace = hnsemu("trace", "10.244.1.6:80", "--from", "client")
    assert trace.exit_code == 0
    lines = trace.stdout.splitlines()
    assert lines[0] == "TCP 10.244.1.5:40000 > 10.244.1.6:80"
    assert any(line.strip().startswith("DELIVERED") for line in lines)
    assert any(line.strip() == "reply" for line in lines)


def test_a_lost_packet_has_an_exit_code(hnsemu: Hnsemu) -> None:
    outside = hnsemu("trace", "10.127.130.99:80", "--from", "web", "--json", "--reply")
    assert json.loads(outside.stdout)["Verdict"] == "Delivered"
    lost = hnsemu("trace", "172.16.0.99:80", "--from", "host", "--json")
    assert lost.exit_code == 1
    assert json.loads(lost.stdout)["Reason"] == "NoSuchPort"
    assert hnsemu("trace", "[10.0.0.1", "--from", "host").exit_code == 2


def test_a_trace_is_drawn(hnsemu: Hnsemu, tmp_path: Path) -> None:
    file = tmp_path / "trace.svg"
    assert hnsemu("trace", "10.244.1.6", "--from", "client", "--svg", str(file)).exit_code == 0
    assert file.read_text().startswith("<svg")


def test_reachability_names_the_pairs(hnsemu: Hnsemu) -> None:
    printed = hnsemu(
        "reachability", "--port", "80", "--port", "icmp", "--from", "client", "--to", "web"
    ).stdout
    rows = [line.split()[:4] for line in printed.splitlines()[1:]]
    assert rows == [["client", "web", "6/80", "Delivered"], ["client", "web", "icmp", "Delivered"]]


def test_vfpctrl_takes_its_switches_in_any_order(hnsemu: Hnsemu) -> None:
    (web,) = json.loads(hnsemu("endpoints", "list", "--where", "Name=web", "-o", "json").stdout)
    slashes = hnsemu("vfpctrl", "/list-rule", "/port", web["ID"])
    hyphens = hnsemu("vfpctrl", "-port", web["ID"].upper(), "-list-rule")
    assert slashes.stdout == hyphens.stdout
    assert hnsemu("vfpctrl", "/list-rule", "/port", "web").stdout == slashes.stdout
    assert hnsemu("vfpctrl", "/list-rule", "/port", f"{{{web['ID']}}}").stdout == slashes.stdout
    assert hnsemu("vfpctrl", "/list-layer", "/port", "ExternalPort").exit_code == 0
    unknown = hnsemu("vfpctrl", "/list-rule", "/port", "wbe")
    assert (unknown.exit_code, "did you mean 'web'?" in unknown.stderr) == (5, True)
    assert slashes.stdout.splitlines()[-1] == "Command list-rule succeeded!"
    ports = hnsemu("vfpctrl", "/list-vmswitch-port").stdout
    assert ports.count("Port Friendly name") >= 4
    assert hnsemu("vfpctrl", "/list-rule").exit_code == 2
