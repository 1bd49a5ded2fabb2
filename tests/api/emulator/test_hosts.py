"""/emulator/hosts: hosts are created, shown, restarted, reset and removed."""

import threading

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.api.recorder import Recorder
from tests.statements import sent_to

NODE = "/emulator/hosts/node"
WS2019 = {
    "release": "ws2019",
    "adapters": [
        {"name": "Ethernet", "mac": "00:15:5d:00:00:01", "address": "10.0.0.4/24"},
        {"name": "Wi-Fi", "wireless": True},
    ],
    "external_switches": ["Uplink"],
    "azure_vm": True,
    "management_ip_delay": 1.5,
    "dns_servers": ["10.0.0.2"],
    "dns_suffix": "corp.example",
}


async def test_a_host_is_created_once(client: httpx.AsyncClient) -> None:
    created = await client.put(NODE, json=WS2019)
    assert created.status_code == 201
    again = await client.put(NODE, json=WS2019)
    assert again.status_code == 200
    assert created.json() == again.json() == (await client.get(NODE)).json()
    shown = created.json()
    assert shown["adapters"][0] == {
        "name": "Ethernet",
        "mac": "00-15-5D-00-00-01",
        "address": "10.0.0.4/24",
        "gateway": "",
        "wireless": False,
        "address6": "",
        "gateway6": "",
    }
    assert shown["external_switches"] == [{"name": "Uplink", "adapters": ["Ethernet"]}]
    assert shown["management_ip_delay"] == 1.5
    assert {shown[key] for key in ("name", "release", "dns_suffix")} == {
        "node",
        "ws2019",
        "corp.example",
    }


async def test_an_adapter_has_an_address_of_ipv6(client: httpx.AsyncClient) -> None:
    adapter = {
        "name": "Ethernet",
        "address": "10.0.0.4/24",
        "gateway": "10.0.0.1",
        "address6": "FD00:10:0::4/64",
        "gateway6": "fe80::0001",
    }
    created = (await client.put(NODE, json={"adapters": [adapter]})).json()
    assert created["adapters"][0]["address6"] == "fd00:10::4/64"
    again = await client.put(NODE, json={"adapters": [adapter]})
    assert (again.status_code, again.json()) == (200, created)
    shown, *_ = (await client.get("/hosts/node/host/adapters")).json()
    addresses = [shown[name] for name in ("IPv4Address", "IPv6Address", "IPv6PrefixLength")]
    assert addresses == ["10.0.0.4", "fd00:10::4", 64]
    assert shown["IPv6DefaultGateway"] == "fe80::1"
    state = (await client.get(f"{NODE}/state")).content
    await client.delete(NODE)
    assert (await client.put(f"{NODE}/state", content=state)).status_code == 201
    assert (await client.get(f"{NODE}/state")).content == state


async def test_an_answer_can_be_sent_back(client: httpx.AsyncClient) -> None:
    shown = (await client.get("/emulator/hosts/default")).json()
    back = await client.put("/emulator/hosts/default", json=shown)
    assert (back.status_code, back.json()) == (200, shown)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"release": null}'])
async def test_an_empty_definition_means_be_there(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.put(NODE, content=body)).status_code == 201
    assert (await client.put(NODE, content=body)).status_code == 200
    assert (await client.get(NODE)).json()["release"] == "ws2025"


async def test_hosts_are_listed_by_name(client: httpx.AsyncClient) -> None:
    await client.put(NODE)
    listed = (await client.get("/emulator/hosts")).json()
    assert [host["name"] for host in listed] == ["default", "node"]
    addresses = {host["adapters"][0]["address"] for host in listed}
    assert addresses == {"10.127.130.35/24", "10.127.130.36/24"}


async def test_hosts_are_listed_in_pages(client: httpx.AsyncClient) -> None:
    for name in ("node-1", "node-2"):
        await client.put(f"/emulator/hosts/{name}")
    first = await client.get("/emulator/hosts?limit=2")
    assert [host["name"] for host in first.json()] == ["default", "node-1"]
    assert first.links["next"]["url"] == "/emulator/hosts?limit=2&after=node-1"
    second = await client.get(first.links["next"]["url"])
    assert [host["name"] for host in second.json()] == ["node-2"]
    assert not second.links
    assert (await client.get("/emulator/hosts?limit=0")).json()["ErrorCode"] == 0x80070057


async def test_a_page_begins_behind_what_can_name_a_host(client: httpx.AsyncClient) -> None:
    refused = await client.get("/emulator/hosts?after=%00")
    assert refused.status_code == 400
    assert refused.json()["ErrorCode"] == 0x80070057


@pytest.mark.parametrize("step", ["", "/restart", "/reboot", "/reset"])
async def test_no_host_is_called_nul(client: httpx.AsyncClient, step: str) -> None:
    document = "POST" if step else "GET"
    assert (await client.request(document, f"/emulator/hosts/%00{step}")).status_code == 404


async def test_another_definition_is_refused_with_the_way_out(client: httpx.AsyncClient) -> None:
    await client.put(NODE, json=WS2019)
    refused = await client.put(NODE, json={**WS2019, "release": "ws2022", "azure_vm": False})
    assert refused.status_code == 409
    record = refused.json()
    assert record["ErrorCode"] == 0x800700B7
    assert "release, azure_vm" in record["Detail"]
    assert f"{NODE}/reset" in record["Detail"]
    assert (await client.get(NODE)).json()["release"] == "ws2019"


async def test_a_reset_takes_a_new_definition(client: httpx.AsyncClient) -> None:
    await client.put(NODE, json=WS2019)
    reset = await client.post(f"{NODE}/reset", json={"release": "ws2022"})
    assert (reset.status_code, reset.json()["release"]) == (200, "ws2022")
    assert (await client.post(f"{NODE}/reset")).json()["release"] == "ws2022"
    assert len((await client.get(NODE)).json()["adapters"]) == 3


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        (b"{", 0x803B001B, "JSON"),
        (b"[]", 0x80070057, "object"),
        (b'{"relase": "ws2019"}', 0x80070057, "relase"),
        (b'{"release": "ws2030"}', 0x80070057, "ws2030"),
        (b'{"release": 2019}', 0x80070057, "release"),
        (b'{"name": "other"}', 0x80070057, "'other'"),
        (b'{"adapters": [{}]}', 0x80070057, "adapters[0].name"),
        (b'{"adapters": [{"name": "a", "speed": 1}]}', 0x80070057, "adapters[0].speed"),
        (b'{"adapters": [{"name": "a", "address": "10.0.0.4"}]}', 0x803B001E, "10.0.0.4"),
        (b'{"adapters": [{"name": "a", "address6": "10.0.0.4/24"}]}', 0x803B001E, "IPv6 address"),
        (b'{"adapters": [{"name": "a", "mac": "x"}]}', 0x80070057, "'X'"),
        (b'{"external_switches": "Uplink"}', 0x80070057, "external_switches"),
        (b'{"external_switches": [{"name": "a", "adapters": ["b"]}]}', 0x803B0006, "'a'"),
        (b'{"management_ip_delay": -1}', 0x80070057, "management_ip_delay"),
        (b'{"management_ip_delay": 1e300}', 0x80070057, "management_ip_delay"),
        (b'{"dns_servers": ["dns"]}', 0x803B001E, "'dns'"),
        (b'{"azure_vm": "perhaps"}', 0x80070057, "azure_vm"),
        (b'{"variant": "mainframe"}', 0x80070057, "'mainframe'"),
        (b'{"variant": "azure", "azure_vm": false}', 0x80070057, "azure_vm is false"),
        (b'{"variant": "wifi", "external_switches": ["Uplink"]}', 0x80070057, "Wi-Fi"),
        (b'{"hns_version": "15.5"}', 0x80070057, "hns_version"),
        (b'{"hns_version": {"major": 15}}', 0x80070057, "hns_version.minor"),
        (b'{"hns_version": {"major": 9, "minor": 5}}', 0x80070057, "hns_version"),
        (b'{"schema_version": {"major": 3, "minor": 0}}', 0x80070057, "no schema 3.0"),
        (b'{"build": 17763}', 0x80070057, "build 17763 is older than"),
        (b'{"build": 10000000}', 0x80070057, "build"),
        (b'{"extensions": [{"id": "ovs", "name": "OVS"}]}', 0x803B0019, "'ovs'"),
        (b'{"extensions": [{"name": "OVS"}]}', 0x80070057, "extensions[0].id"),
    ],
)
async def test_a_wrong_definition_is_refused_and_makes_nothing(
    lasting_client: httpx.AsyncClient, body: bytes, code: int, named: str
) -> None:
    refused = await lasting_client.put(NODE, content=body)
    assert refused.is_client_error
    assert refused.json()["ErrorCode"] == code
    assert named in refused.json()["Detail"]
    assert (await lasting_client.get(NODE)).status_code == 404


@pytest.mark.parametrize("name", ["Node", "a_b", "-a", "a" * 64, "a%20b"])
async def test_a_wrong_name_is_refused(lasting_client: httpx.AsyncClient, name: str) -> None:
    refused = await lasting_client.put(f"/emulator/hosts/{name}", json={})
    assert (refused.status_code, refused.json()["ErrorCode"]) == (400, 0x80070057)


async def test_a_removed_host_is_gone(client: httpx.AsyncClient) -> None:
    await client.put(NODE)
    assert (await client.delete(NODE)).status_code == 204
    for method, path in [
        ("GET", NODE),
        ("DELETE", NODE),
        ("POST", f"{NODE}/restart"),
        ("POST", f"{NODE}/reboot"),
        ("POST", f"{NODE}/reset"),
        ("GET", "/hosts/node/host"),
        ("GET", "/hosts/node/host/nat"),
    ]:
        refused = await client.request(method, path)
        assert (refused.status_code, refused.json()["ErrorCode"]) == (404, 0x80070490)
        assert "PUT /emulator/hosts/node" in refused.json()["Detail"]


async def test_the_default_host_can_be_removed_and_created_with_another_definition(
    client: httpx.AsyncClient,
) -> None:
    default = "/emulator/hosts/default"
    assert (await client.delete(default)).status_code == 204
    assert (await client.get("/host")).status_code == 404
    assert (await client.put(default, json={"release": "ws2016"})).status_code == 201
    assert (await client.get("/host")).json()["HnsVersion"] == {"Major": 1, "Minor": 1}


@pytest.mark.parametrize("action", ["restart", "reboot", "reset"])
async def test_restart_reboot_and_reset_answer_the_host(
    client: httpx.AsyncClient, action: str
) -> None:
    before = (await client.get("/emulator/hosts/default")).json()
    answer = await client.post(f"/emulator/hosts/default/{action}")
    assert answer.status_code == 200
    assert answer.json()["started"] > before["started"]
    assert answer.json() == (await client.get("/emulator/hosts/default")).json()


async def test_a_reboot_brings_nat_back_and_a_restart_does_not(client: httpx.AsyncClient) -> None:
    nat = (await client.get("/host/nat")).json()["Instances"]
    await client.post("/emulator/hosts/default/restart")
    assert (await client.get("/host/nat")).json()["Instances"] == []
    await client.post("/emulator/hosts/default/reboot")
    again = (await client.get("/host/nat")).json()["Instances"]
    assert [nat["InternalIPInterfaceAddressPrefix"] for nat in again] == ["172.16.0.1/16"]
    assert again[0]["Name"] != nat[0]["Name"]


async def test_releases_tell_what_a_host_can_have(client: httpx.AsyncClient) -> None:
    releases = {
        release["name"]: release for release in (await client.get("/emulator/releases")).json()
    }
    assert releases["ws2022"]["hns_version"] == {"major": 13, "minor": 3}
    assert releases["ws2022"]["features"]["SetPolicy"]
    assert not releases["ws2019"]["features"]["SetPolicy"]
    assert (releases["ws2019"]["nat_engine"], releases["ws2022"]["nat_engine"]) == ("ICS", "WinNAT")
    assert not releases["ws2016"]["hcn"]
    for name in releases:
        assert (await client.put(f"/emulator/hosts/{name}", json={"release": name})).is_success


NEWER = {"hns_version": {"major": 16, "minor": 0}, "build": 27000}
OPEN_VSWITCH = "583cc151-73ec-4a6a-8b47-578297ad7623"


async def test_versions_of_a_host_are_seen_wherever_its_release_is(
    client: httpx.AsyncClient,
) -> None:
    created = await client.put(NODE, json=NEWER)
    assert created.status_code == 201
    assert (created.json()["release"], created.json()["build"]) == ("ws2025", 27000)
    host = (await client.get("/hosts/node/host")).json()
    assert (host["Release"], host["Build"]) == ("ws2025", 27000)
    assert host["HnsVersion"] == {"Major": 16, "Minor": 0}
    seen = (await client.get("/hosts/node/v1/globals/version")).json()["Output"]
    assert seen == {"Major": 16, "Minor": 0}
    network = await client.post("/hosts/node/v2/networks", json={"Type": "Private"})
    assert network.json()["Version"] == 16 << 32
    assert (await client.put(NODE, json=created.json())).status_code == 200
    other = await client.put(NODE, json={"hns_version": {"major": 15, "minor": 5}})
    assert "exists with another hns_version" in other.json()["Detail"]
    assert (await client.post(f"{NODE}/reset", json={})).json()["build"] == 26100


async def test_an_older_update_has_fewer_features(client: httpx.AsyncClient) -> None:
    definition = {"release": "ws2019", "hns_version": {"major": 9, "minor": 2}}
    await client.put(NODE, json=definition)
    features = (await client.get("/hosts/node/host")).json()["Features"]
    assert (features["RemoteSubnet"], features["DSR"]) == (True, False)


async def test_an_installed_extension_is_switched_on(client: httpx.AsyncClient) -> None:
    extension = {"id": f"{{{OPEN_VSWITCH.upper()}}}", "name": "Open vSwitch Extension"}
    created = await client.put(NODE, json={"release": "ws2019", "extensions": [extension]})
    assert created.json()["extensions"] == [{**extension, "id": OPEN_VSWITCH, "enabled": False}]
    made = await client.post(
        "/hosts/node/v1/networks", json={"Name": "antrea-hnsnetwork", "Type": "Transparent"}
    )
    path = f"/hosts/node/v1/networks/{made.json()['Output']['ID']}"
    shown = made.json()["Output"]["Extensions"][1]
    assert (shown["Name"], shown["IsEnabled"]) == ("Open vSwitch Extension", False)
    change = {"Extensions": [{"Id": OPEN_VSWITCH, "IsEnabled": True}]}
    assert (await client.post(path, json=change)).json()["Success"]
    assert (await client.get(path)).json()["Output"]["Extensions"][1]["IsEnabled"]
    switches = (await client.get("/hosts/node/host/vswitches")).json()
    on = [each for each in switches[-1]["Extensions"] if each["Name"] == "Open vSwitch Extension"]
    assert on[0]["Enabled"]
    refused = await client.post("/v1/networks", json={"Name": "ext", "Type": "Transparent"})
    path = f"/v1/networks/{refused.json()['Output']['ID']}"
    assert (await client.post(path, json=change)).json()["ErrorCode"] == 0x803B001F


async def test_a_host_with_wifi_alone_takes_no_external_network(client: httpx.AsyncClient) -> None:
    created = (await client.put(NODE, json={"variant": "wifi"})).json()
    assert created["variant"] == "wifi"
    assert [adapter["wireless"] for adapter in created["adapters"]] == [True]
    bridge = {"Name": "bridge", "Type": "L2Bridge"}
    refused = await client.post("/hosts/node/v1/networks", json=bridge)
    assert refused.json()["ErrorCode"] == 0x803B0006
    assert (await client.put(NODE, json=created)).status_code == 200


async def test_an_azure_host_takes_no_transparent_network(client: httpx.AsyncClient) -> None:
    created = (await client.put(NODE, json={"variant": "azure"})).json()
    assert (created["azure_vm"], len(created["adapters"])) == (True, 1)
    transparent = {"Name": "t", "Type": "Transparent"}
    refused = await client.post("/hosts/node/v1/networks", json=transparent)
    assert refused.json()["ErrorCode"] == 0x803B0015


async def test_a_hyper_v_host_has_a_switch_of_its_own(client: httpx.AsyncClient) -> None:
    created = (await client.put(NODE, json={"variant": "hyper-v"})).json()
    assert created["external_switches"] == [{"name": "External", "adapters": ["Ethernet"]}]
    listed = (await client.get("/hosts/node/v1/networks")).json()["Output"]
    assert [network["Type"] for network in listed if network["Name"] == "External"] == [
        "Transparent"
    ]
    assert (await client.put(NODE, json=created)).status_code == 200


@pytest.mark.parametrize("release", ["win10-1709", "win10-1903", "win10-22h2"])
async def test_windows_10_is_a_client(client: httpx.AsyncClient, release: str) -> None:
    await client.put(NODE, json={"release": release})
    listed = (await client.get("/hosts/node/v1/networks")).json()["Output"]
    assert "Default Switch" in {network["Name"] for network in listed}
    version = await client.get("/hosts/node/v1/globals/version")
    assert version.json()["Success"] is (release != "win10-1709")


async def test_the_first_call_on_a_new_host_knows_its_journal(
    client: httpx.AsyncClient, service: FastAPI
) -> None:
    await client.put(NODE, json={"journal": True})
    with sent_to(service.state.service.database) as statements:
        await client.get("/hosts/node/v2/networks")
    assert not [text for text in statements if "FROM journals" in text]
    found = (await client.get(f"{NODE}/requests")).json()
    assert [call["operation"] for call in found["requests"]] == ["HcnEnumerateNetworks"]


@pytest.mark.parametrize("is_crowded", [False, True])
async def test_timers_of_journals_belong_to_the_event_loop_however_busy_it_is(
    *,
    is_crowded: bool,
    client: httpx.AsyncClient,
    service: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forget, threads = Recorder.forget, []

    def seen(recorder: Recorder, host_key: int) -> None:
        threads.append(threading.get_ident())
        forget(recorder, host_key)

    monkeypatch.setattr(Recorder, "forget", seen)
    service.state.service.is_crowded = is_crowded  # requests are answered in threads
    assert (await client.put(NODE, json={"journal": True})).status_code == 201
    await client.get("/hosts/node/v2/networks")
    found = (await client.get(f"{NODE}/requests")).json()
    assert [call["operation"] for call in found["requests"]] == ["HcnEnumerateNetworks"]
    assert (await client.delete(NODE)).status_code == 204
    assert threads == [threading.get_ident()]
