"""Faults as a page."""

import httpx


async def test_a_fault_is_added_acts_and_is_removed(client: httpx.AsyncClient) -> None:
    assert "answered as it should be" in (await client.get("/ui/faults")).text
    added = await client.post(
        "/ui/faults", data={"preset": "access-denied", "times": "1", "action": "add"}
    )
    assert added.status_code == 303, added.text
    refused = await client.post("/v2/networks", json={"Name": "x", "Type": "Private"})
    assert refused.status_code == 403
    page = (await client.get("/ui/faults")).text
    assert '<td class="number">1 of 1</td>' in page
    await client.post("/ui/faults", data={"fault": "1", "action": "remove"})
    assert "answered as it should be" in (await client.get("/ui/faults")).text


async def test_every_preset_is_explained(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ui/faults")).text
    for preset in (await client.get("/emulator/faults")).json():
        assert f"<dt>{preset['name']}</dt>" in page


async def test_a_form_that_makes_no_sense_is_refused(client: httpx.AsyncClient) -> None:
    for form in (
        {"action": "add", "preset": "no-such"},
        {"action": "add", "preset": "access-denied", "times": "x"},
        {"action": "remove", "fault": "x"},
        {},
    ):
        answer = await client.post("/ui/faults", data=form)
        assert answer.status_code == 400, form


async def test_what_is_emulated_is_said(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ui/coverage")).text
    assert "inferred" in page
    assert '<table class="rows">' in page
    assert "](adr/" not in page
