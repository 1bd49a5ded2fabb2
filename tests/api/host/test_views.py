"""/host: the views carry the names the cmdlets print, on the host that the path means."""

import httpx
import pytest

from hnsemu.domain.guid import is_guid
from hnsemu.errors import Hr

NAT = {
    "Name": "web",
    "SchemaVersion": {"Major": 2, "Minor": 0},
    "Policies": [
        {
            "Type": "PortMapping",
            "Settings": {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080},
        }
    ],
}


async def view(client: httpx.AsyncClient, path: str) -> list[dict[str, object]]:
    """Return the items of a view."""
    answer = await client.get(path)
    assert answer.status_code == 200
    items: list[dict[str, object]] = answer.json()
    return items


async def published(client: httpx.AsyncClient) -> str:
    """Return the id of a new endpoint on `nat` with port 8080 published."""
    (nat,) = (await client.get("/v2/networks?view=ids")).json()
    created = await client.post(f"/v2/networks/{nat}/endpoints", json=NAT)
    assert created.status_code == 201
    return str(created.json()["ID"])


async def test_the_host_in_one_glance(client: httpx.AsyncClient) -> None:
    host = (await client.get("/host")).json()
    assert {key: host[key] for key in ("Name", "Release", "ProductName", "Build", "AzureVM")} == {
        "Name": "default",
        "Release": "ws2025",
        "ProductName": "Windows Server 2025",
        "Build": 26100,
        "AzureVM": False,
    }
    assert host["HnsVersion"] == {"Major": 15, "Minor": 4}
    assert host["SchemaVersion"] == {"Major": 2, "Minor": 16}
    assert host["ManagementAddress"] == "10.127.130.35"
    assert host["DnsServers"] == ["168.63.129.16"]
    assert host["Features"]["Accelnet"] is True


async def test_adapters(client: httpx.AsyncClient) -> None:
    adapters = await view(client, "/host/adapters")
    assert [adapter["InterfaceDescription"] for adapter in adapters] == [
        "Microsoft Hyper-V Network Adapter",
        "Microsoft Hyper-V Network Adapter #2",
        "Microsoft Hyper-V Network Adapter #3",
        "Hyper-V Virtual Ethernet Adapter",
    ]
    vnic = adapters[3]
    assert (vnic["Name"], vnic["IPv4Address"], vnic["PrefixLength"], vnic["Virtual"]) == (
        "vEthernet (nat)",
        "172.16.0.1",
        16,
        True,
    )
    assert all(is_guid(str(adapter["InterfaceGuid"])) for adapter in adapters)
    assert {adapter["MediaType"] for adapter in adapters} == {"802.3"}


async def test_adapters_have_what_a_program_reads_of_them(client: httpx.AsyncClient) -> None:
    first, *_, vnic = await view(client, "/host/adapters?compartment=1")
    assert (first["DnsServers"], first["DnsSuffix"]) == (["168.63.129.16"], "example.internal")
    assert (vnic["DnsServers"], vnic["DnsSuffix"]) == ([], "")
    assert (first["IPv6Address"], first["IPv6PrefixLength"], first["IPv6DefaultGateway"]) == (
        "",
        0,
        "",
    )
    assert first["InterfaceIndex"] != vnic["InterfaceIndex"]


async def test_a_compartment_that_does_not_exist_has_no_adapters(client: httpx.AsyncClient) -> None:
    assert await view(client, "/host/adapters?compartment=77") == []


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "4294967296", "1.0"])
async def test_what_is_no_compartment_is_refused(client: httpx.AsyncClient, text: str) -> None:
    answer = await client.get(f"/host/adapters?compartment={text}")
    assert (answer.status_code, answer.json()["ErrorCode"]) == (400, 0x80070057)
    assert "compartment" in answer.json()["Detail"]


async def test_switches_and_their_ports(client: httpx.AsyncClient) -> None:
    (switch,) = await view(client, "/host/vswitches")
    (nat,) = (await client.get("/v2/networks?view=ids")).json()
    assert (switch["SwitchType"], switch["AllowManagementOS"], switch["Networks"]) == (
        "Internal",
        True,
        [nat],
    )
    endpoint = await published(client)
    braced = f"{{{str(switch['Id']).upper()}}}"
    host, port = await view(client, f"/host/vswitches/{braced}/ports")
    assert (host["Kind"], host["Network"], host["SwitchFriendlyName"]) == ("HostVnic", nat, "nat")
    assert (port["Kind"], port["Endpoint"], port["VlanId"]) == ("Endpoint", endpoint, 1)
    assert port["PortFriendlyName"] == endpoint.upper()


@pytest.mark.parametrize(
    ("switch", "code"),
    [("6d1e8a53-21f5-4f3d-8f55-0a6f1f4d2f01", 0x803B0004), ("nat", 0x803B0019)],
)
async def test_ports_of_no_switch(client: httpx.AsyncClient, switch: str, code: int) -> None:
    refused = await client.get(f"/host/vswitches/{switch}/ports")
    assert refused.json()["ErrorCode"] == code


async def test_pools(client: httpx.AsyncClient) -> None:
    await published(client)
    (pool,) = await view(client, "/host/ippools")
    assert pool["ReservedAddresses"] == ["172.16.0.0", "172.16.0.1", "172.16.255.255"]
    assert (pool["IpAddressPrefix"], pool["Allocated"], pool["Free"]) == (
        "172.16.0.0/16",
        1,
        65532,
    )


async def test_compartments(client: httpx.AsyncClient) -> None:
    (default,) = (await client.get("/v2/namespaces?view=ids")).json()
    assert await view(client, "/host/compartments") == [
        {
            "CompartmentId": 1,
            "CompartmentDescription": "Default Compartment",
            "CompartmentGuid": "{b1062982-2b18-4b4f-b3d5-a78ddb9cdd49}",
            "CompartmentType": 1,
            "Namespaces": [default],
        }
    ]


async def test_nat_and_firewall(client: httpx.AsyncClient) -> None:
    endpoint = await published(client)
    nat = (await client.get("/host/nat")).json()
    (instance,), (mapping,) = nat["Instances"], nat["StaticMappings"]
    assert instance["InternalIPInterfaceAddressPrefix"] == "172.16.0.1/16"
    assert (instance["Engine"], instance["TcpFilteringBehavior"]) == (
        "WinNAT",
        "AddressDependentFiltering",
    )
    address = (await client.get(f"/v2/endpoints/{endpoint}")).json()["IpConfigurations"][0]
    assert mapping == {
        "StaticMappingID": mapping["StaticMappingID"],
        "NatName": instance["Name"],
        "Protocol": "TCP",
        "RemoteExternalIPAddressPrefix": "0.0.0.0/0",
        "ExternalIPAddress": "0.0.0.0",
        "ExternalPort": 8080,
        "InternalIPAddress": address["IpAddress"],
        "InternalPort": 80,
        "InternalRoutingDomainId": "{00000000-0000-0000-0000-000000000000}",
        "Active": True,
        "Endpoint": endpoint,
    }
    dns, rule = await view(client, "/host/firewall")
    assert (dns["LocalPort"], dns["InterfaceAlias"]) == ("53", "vEthernet (nat)")
    assert (rule["Action"], rule["Direction"], rule["LocalPort"], rule["Owner"]) == (
        "Allow",
        "Inbound",
        "80",
        endpoint,
    )


@pytest.mark.parametrize(
    ("path", "member"), [("/host/nat", "StaticMappings"), ("/host/firewall", "")]
)
async def test_nat_and_firewall_come_in_pages(
    client: httpx.AsyncClient, path: str, member: str
) -> None:
    await published(client)
    whole = (await client.get(path)).json()
    found, following = [], f"{path}?limit=1"
    while following:
        page = await client.get(following)
        found += page.json()[member] if member else page.json()
        following = page.links.get("next", {}).get("url", "")
    assert found == (whole[member] if member else whole)
    for wrong in ("after=x", "after=port-%00", "after=99999999999", "after=-1", "limit=0"):
        refused = await client.get(f"{path}?{wrong}")
        assert (refused.status_code, refused.json()["ErrorCode"]) == (400, Hr.E_INVALIDARG.hresult)


async def test_every_view_is_of_the_host_in_the_path(client: httpx.AsyncClient) -> None:
    node = {"release": "ws2022", "adapters": [{"name": "nic", "address": "10.9.0.4/24"}]}
    assert (await client.put("/emulator/hosts/node", json=node)).status_code == 201
    await published(client)
    assert (await client.get("/hosts/node/host")).json()["ManagementAddress"] == "10.9.0.4"
    assert [adapter["Name"] for adapter in await view(client, "/hosts/node/host/adapters")] == [
        "nic",
        "vEthernet (nat)",
    ]
    assert (await client.get("/hosts/node/host/nat")).json()["StaticMappings"] == []
    (pool,) = await view(client, "/hosts/node/host/ippools")
    assert pool["Allocated"] == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_views_are_read_only(client: httpx.AsyncClient, method: str) -> None:
    refused = await client.request(method, "/host/nat")
    assert (refused.status_code, refused.json()["ErrorCode"]) == (405, 0x80070032)


async def test_an_endpoint_of_the_host_is_among_its_adapters(client: httpx.AsyncClient) -> None:
    (nat,) = (await client.get("/v1/networks")).json()["Output"]
    request = {"Name": "cbr0_ep", "VirtualNetwork": nat["ID"], "IPAddress": "172.16.0.9"}
    endpoint = (await client.post("/v1/endpoints", json=request)).json()["Output"]
    attach = f"/v1/endpoints/{endpoint['ID']}/attach"
    assert (await client.post(attach, json={"SystemType": "Host"})).json()["Success"] is True
    vnic = (await view(client, "/host/adapters"))[-1]
    assert (vnic["Name"], vnic["IPv4Address"], vnic["PrefixLength"], vnic["Virtual"]) == (
        "vEthernet (cbr0_ep)",
        "172.16.0.9",
        16,
        True,
    )
    assert vnic["MacAddress"] == endpoint["MacAddress"]
