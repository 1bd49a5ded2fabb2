"""/host/vfp over HTTP."""

from urllib.parse import quote

import httpx

from hnsemu.api.examples import NETWORK


async def test_ports_come_in_pages(world: httpx.AsyncClient) -> None:
    whole = (await world.get("/host/vfp/ports")).json()
    found, path = [], "/host/vfp/ports?limit=1"
    while path:
        page = await world.get(path)
        found += page.json()
        path = page.links.get("next", {}).get("url", "")
    assert (found, len(found) > 2) == (whole, True)
    unknown = await world.get(
        "/host/vfp/ports", params={"after": "0" * 8 + "-1111-1111-1111-" + "0" * 12}
    )
    assert (unknown.status_code, "GET /host/vfp/ports" in unknown.text) == (404, True)


async def test_a_port_is_found_by_either_name_in_any_case(world: httpx.AsyncClient) -> None:
    named = {
        "SchemaVersion": {"Major": 2, "Minor": 0},
        "Policies": [{"Type": "PortName", "Settings": {"Name": "Blue Port"}}],
    }
    created = await world.post(f"/v2/networks/{NETWORK}/endpoints", json=named)
    assert created.status_code == 201, created.text
    ports = (await world.get("/host/vfp/ports")).json()
    friendly = [port["PortFriendlyName"] for port in ports]
    assert "Blue Port" in friendly
    for port in ports:
        names = [port["PortName"], port["PortName"].lower()]
        if friendly.count(port["PortFriendlyName"]) == 1:
            names += [port["PortFriendlyName"], port["PortFriendlyName"].upper()]
        for name in names:
            found = (await world.get(f"/host/vfp/ports/{quote(name)}")).json()
            assert found["PortName"] == port["PortName"]


async def test_a_page_begins_behind_any_port(world: httpx.AsyncClient) -> None:
    names = [port["PortName"] for port in (await world.get("/host/vfp/ports")).json()]
    for place, name in enumerate(names, 1):
        page = await world.get("/host/vfp/ports", params={"after": name})
        assert [port["PortName"] for port in page.json()] == names[place:]
