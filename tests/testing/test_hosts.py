"""Hosts for tests, without pytest's fixtures."""

import subprocess
import sys
from pathlib import Path

import pytest

from hnsemu import testing
from hnsemu.testing import Host, Refusal, Service, ServiceError
from hnsemu.testing.hosts import host_on
from tests.e2e.servers import is_there
from tests.waiting import until

NETWORK = {
    "Name": "pods",
    "Type": "L2Bridge",
    "SchemaVersion": {"Major": 2, "Minor": 0},
    "Ipams": [{"Type": "Static", "Subnets": [{"IpAddressPrefix": "10.1.0.0/24", "Routes": [
        {"NextHop": "10.1.0.1", "DestinationPrefix": "0.0.0.0/0"}]}]}],
}  # fmt: skip


def create_pods(host: Host) -> str:
    """Create a network and an endpoint on it; return the id of the network."""
    network: str = host.v2.post("/networks", NETWORK)["ID"]
    host.v2.post(
        f"/networks/{network}/endpoints",
        {"Name": "pod-1", "SchemaVersion": {"Major": 2, "Minor": 0}},
    )
    return network


def test_a_host_is_new_and_gone_afterwards(hns_server: Service) -> None:
    with host_on(hns_server, label="Ünit[a/b]") as new:
        assert new.name.startswith("nit-a-b-")
        assert [network["Name"] for network in new.v2.get("/networks")] == ["nat"]
    with pytest.raises(Refusal, match="404"):
        new.emulator.get("")


def test_a_host_that_the_test_removed_is_no_failure(hns_server: Service) -> None:
    with host_on(hns_server) as new:
        new.emulator.delete("")


def test_a_host_is_kept_on_request(hns_server: Service) -> None:
    with host_on(hns_server, keep=True) as new:
        pass
    assert new.emulator.get("")["journal"]
    new.emulator.delete("")


def test_a_host_has_the_release_that_is_given(hns_server: Service) -> None:
    with host_on(hns_server, release="ws2019") as new:
        assert new.host.get("/host")["Release"] == "ws2019"


def test_an_unknown_release_is_refused_and_leaves_no_host(hns_server: Service) -> None:
    with pytest.raises(Refusal, match="ws1999"), host_on(hns_server, release="ws1999"):
        pass
    names = [listed["name"] for listed in hns_server.api.get("/emulator/hosts")]
    assert not [name for name in names if name.startswith("test-")]


@pytest.mark.parametrize("form", ["document", "file"])
def test_a_host_is_made_of_a_state(
    host: Host, hns_server: Service, form: str, tmp_path: Path
) -> None:
    network = create_pods(host)
    state = host.state()
    if form == "file":
        state = tmp_path / "state.yaml"
        state.write_text(host.emulator.get("/state", format="yaml"))
    with host_on(hns_server, state=state) as copy:
        assert copy.v2.get(f"/networks/{network}")["Name"] == "pods"
        assert len(copy.requests) == 1
    with (
        pytest.raises(ValueError, match="not both"),
        host_on(hns_server, state=state, release="ws2022"),
    ):
        pass


def test_the_two_dialects_and_the_variables_lead_to_the_host(host: Host) -> None:
    host.v1.post("/networks", {"Name": "flat", "Type": "Private"})
    assert "flat" in {network["Name"] for network in host.v2.get("/networks")}
    assert host.environment == {
        "HNSEMU_URL": f"{host.service.url}/hosts/{host.name}",
        "HNSEMU_ON": host.name,
        "HNSEMU_EMULATOR": f"{host.service.url}/emulator/hosts/{host.name}",
        "DOCKER_HOST": f"{host.service.url.replace('http', 'tcp')}/hosts/{host.name}/docker",
    }


def test_a_refusal_says_what_is_wrong(host: Host) -> None:
    with pytest.raises(Refusal) as refused:
        host.v2.post("/networks", {"Name": "a", "Type": "Nonsense"})
    assert (refused.value.status, refused.value.hresult) == (400, refused.value.answer["ErrorCode"])
    assert "POST /hosts/" in str(refused.value)
    assert "Nonsense" in str(refused.value)


def test_calls_are_listed_waited_for_and_cleared(host: Host) -> None:
    create_pods(host)
    operations = [call["operation"] for call in host.requests]
    assert operations == ["HcnCreateNetwork", "HcnCreateEndpoint"]
    (call,) = host.requests.list("HcnCreate*", since=1, status="2xx", text="pod-1", wait=5)
    assert call["number"] == 2
    host.requests.clear()
    assert len(host.requests) == 0


def test_what_was_called_is_verified(host: Host) -> None:
    create_pods(host)
    host.verify("HcnCreateEndpoint", count=1, name="pod-*")
    host.verify(sequence=["HcnCreateNetwork", {"operation": "HcnCreateEndpoint"}])
    host.verify(sequence="HcnCreateEndpoint")
    host.verify("HcnDelete*", never=True)
    assert host.verify("HcnCreate*", at_least=1, at_most=None)["seen"] == 2
    with pytest.raises(Refusal, match="did you mean 'HcnDeleteNetwork'"):
        host.verify("HcnDeleteNetwrk", never=True)


def test_a_verification_that_fails_names_the_nearest_call(host: Host) -> None:
    create_pods(host)
    with pytest.raises(AssertionError) as failure:
        host.verify("HcnCreateEndpoint", request={"Name": "pod-2"})
    lines = str(failure.value).splitlines()
    assert lines[1] == "seen: 0"
    assert lines[2].startswith("near: call 2, HcnCreateEndpoint")
    assert lines[3].strip() == 'request.Name: expected "pod-2", found "pod-1"'


def test_calls_fail_by_a_fault_until_it_is_removed(host: Host) -> None:
    fault = host.fault("access-denied", "HcnCreateNetwork")
    with pytest.raises(Refusal, match="Access is denied"):
        create_pods(host)
    host.v2.post("/namespaces", {})
    assert fault.hits == 1
    fault.remove()
    with pytest.raises(LookupError, match=f"no fault {fault.number} any more"):
        _ = fault.hits
    create_pods(host)


def test_a_fault_is_described_by_its_members(host: Host) -> None:
    host.fault(operation="HcnCreateNetwork", then={"hresult": "HCN_E_DEGRADED_OPERATION"}, times=1)
    with pytest.raises(Refusal) as refused:
        create_pods(host)
    assert refused.value.hresult == 0x803B0017
    create_pods(host)


def test_a_state_is_saved_and_restored(host: Host) -> None:
    before = host.snapshot()
    create_pods(host)
    assert "network" in {change["noun"] for change in before.diff()}
    before.restore()
    assert [network["Name"] for network in host.v2.get("/networks")] == ["nat"]
    before.delete()
    assert host.emulator.get("/snapshots") == []


def test_packets_are_traced(host: Host) -> None:
    create_pods(host)
    outcome = host.trace("pod-1", "10.1.0.1", 80)
    assert (outcome["Verdict"], outcome["Reason"]) == ("Dropped", "NotAttached")
    assert outcome["Packet"]["DestinationPort"] == 80


def test_what_stays_behind_is_named_with_the_call_that_made_it(host: Host) -> None:
    create_pods(host)
    namespace = host.v2.post("/namespaces", {})["ID"]
    host.v2.delete(f"/namespaces/{namespace}")
    texts = [left.text for left in host.leftovers()]
    assert [text.split(" (")[0] for text in texts] == ["network pods", "endpoint pod-1"]
    assert texts[1].endswith("made by call 2, HcnCreateEndpoint")


def test_what_a_restored_snapshot_removed_does_not_stay_behind(host: Host) -> None:
    before = host.snapshot()
    create_pods(host)
    before.restore()
    assert host.leftovers() == []


def test_a_printed_journal_has_the_newest_calls(host: Host) -> None:
    assert host.requests.text() == "no calls"
    for number in range(52):
        host.v2.post("/networks", {"Name": f"{number} {'x' * 200}", "Type": "Private"})
    lines = host.requests.text().splitlines()
    assert lines[0] == "… 2 earlier calls"
    assert lines[1].split() == ["3", "201", "HcnCreateNetwork", "/v2/networks"]
    assert lines[2].startswith('      {"Name": "2 xxx')
    assert "x…" in "".join(lines[2:5])
    assert max(map(len, lines)) <= 80


def test_a_printed_journal_says_why_calls_were_refused_and_equal_ones_once(host: Host) -> None:
    for _ in range(3):
        with pytest.raises(testing.Refusal):
            host.v2.get("/networks/11111111-2222-3333-4444-555555555555")
    host.v2.get("/networks")
    missing = "/v2/networks/11111111-2222-3333-4444-555555555555"
    assert host.requests.text().splitlines() == [
        f"   1  404  0x803b0001  HcnQueryNetworkProperties  {missing}",
        "      no network has the ID 11111111-2222-3333-4444-555555555555; list them to",
        "      see which exist",
        "      and 2 more like it, to call 3",
        "   4  200  HcnEnumerateNetworks  /v2/networks",
    ]


def test_the_running_service_is_used_that_a_variable_names(
    hns_server: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNSEMU_URL", hns_server.url)
    with testing.host() as new:
        assert new.service.url == hns_server.url
        assert not new.service.is_own


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1", "no service is ready at http://127.0.0.1:1"),
        ("127.0.0.1:8420", "write it as"),
        ("http://127.0.0.1:8420/hosts/a", "is the address of a host"),
    ],
)
def test_an_address_without_a_service_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ServiceError, match=reason), testing.service(url):
        pass


def test_a_service_that_does_not_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uvicorn.py").write_text("raise SystemExit('no uvicorn')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (
        pytest.raises(ServiceError, match="the service did not start: no uvicorn"),
        testing.service(own=True),
    ):
        pass


_KILLED = """
import os, signal
from hnsemu.testing import service
with service(own=True) as running:
    print(running.url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_service_ends_with_tests_that_are_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED], capture_output=True, text=True, check=False
    )
    url = done.stdout.strip()
    until(lambda: not is_there(url), f"{url} still answers")
