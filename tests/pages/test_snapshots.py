"""Saved states as pages."""

import httpx


async def test_a_host_is_saved_compared_and_restored(client: httpx.AsyncClient) -> None:
    assert "Nothing is saved" in (await client.get("/ui/snapshots")).text
    await client.post("/ui/snapshots", data={"name": "clean", "action": "save"})
    await client.post("/v2/networks", json={"Name": "late", "Type": "Private"})
    page = (await client.get("/ui/snapshots/clean")).text
    assert "late" in page
    assert 'class="added"' in page
    await client.post("/ui/snapshots", data={"name": "clean", "action": "restore"})
    assert "Nothing differs" in (await client.get("/ui/snapshots/clean")).text
    await client.post("/ui/snapshots", data={"name": "clean", "action": "delete"})
    assert (await client.get("/ui/snapshots/clean")).status_code == 404


async def test_a_form_that_makes_no_sense_is_refused(client: httpx.AsyncClient) -> None:
    for form in ({"name": "clean"}, {"action": "save"}, {"name": "../x", "action": "save"}):
        answer = await client.post("/ui/snapshots", data=form)
        assert answer.status_code == 400, form


async def test_two_snapshots_are_compared(client: httpx.AsyncClient) -> None:
    for name in ("one", "two"):
        await client.post("/ui/snapshots", data={"name": name, "action": "save"})
        await client.post("/v2/networks", json={"Name": name, "Type": "Private"})
    page = (await client.get("/ui/snapshots/one?with=two")).text
    assert 'class="added"' in page
    assert page.count('<li class="added">') == (await _added(client, "one", "two"))


async def _added(client: httpx.AsyncClient, one: str, other: str) -> int:
    path = f"/emulator/hosts/default/snapshots/{one}/diff?with={other}"
    return sum(change["change"] == "added" for change in (await client.get(path)).json())
