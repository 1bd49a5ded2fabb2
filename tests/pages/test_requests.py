"""The journal as a page."""

import httpx

MISSING = "/v2/endpoints/11111111-2222-3333-4444-555555555555"


async def recorded(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Turn the journal on by the form, and make two calls."""
    turned = await client.post("/ui/requests", data={"action": "on"})
    assert (turned.status_code, turned.headers["Location"]) == (303, "/hosts/default/ui/requests")
    await client.post("/v2/networks", json={"Name": "pods", "Type": "Private"})
    await client.delete(MISSING)
    return client


async def test_calls_are_listed_newest_first(client: httpx.AsyncClient) -> None:
    assert "journal of this host is off" in (await client.get("/ui/requests")).text
    page = (await (await recorded(client)).get("/ui/requests")).text
    assert page.index("HcnDeleteEndpoint") < page.index("HcnCreateNetwork")
    assert "0x803b0002" in page


async def test_a_search_narrows_them(client: httpx.AsyncClient) -> None:
    await recorded(client)
    for search in ("status=4xx", "op=HcnDelete*", "hresult=0x803b0002", "11111111-2222"):
        page = (await client.get("/ui/requests", params={"q": search})).text
        assert "HcnDeleteEndpoint" in page
        assert "HcnCreateNetwork" not in page
    for search in ("status=many", "op=HcnDeleteNetwrk"):
        assert (await client.get("/ui/requests", params={"q": search})).status_code == 400


async def test_a_call_is_shown_with_what_proves_it(client: httpx.AsyncClient) -> None:
    await recorded(client)
    page = (await client.get("/ui/requests/1")).text
    assert "&#34;Name&#34;: &#34;pods&#34;" in page
    assert "/hosts/default/ui/networks/" in page
    assert "requests/verify" in page
    assert (await client.get("/ui/requests/3")).status_code == 404
    assert (await client.get("/ui/requests/x")).status_code == 404


async def test_the_journal_is_emptied_and_turned_off(client: httpx.AsyncClient) -> None:
    await recorded(client)
    await client.post("/ui/requests", data={"action": "clear"})
    assert "No call has come yet" in (await client.get("/ui/requests")).text
    await client.post("/ui/requests", data={"action": "off"})
    assert "journal of this host is off" in (await client.get("/ui/requests")).text
    assert (await client.post("/ui/requests", data={"action": "eat"})).status_code == 400
