"""/host/vfp over HTTP."""

import httpx


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
