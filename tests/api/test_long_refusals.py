"""What a refusal repeats of a request is cut, and long texts and forms are refused as such."""

import httpx

HOST = "/emulator/hosts/default"


async def test_a_refusal_repeats_only_the_ends_of_a_long_value(client: httpx.AsyncClient) -> None:
    name = "n" * 60_000
    refused = await client.post(f"{HOST}/faults", json={"then": {"hresult": name}})
    detail = refused.json()["Detail"]
    assert refused.status_code == 400
    assert len(detail) < 4100
    assert "hresult" in detail[:20]
    assert " … " in detail


async def test_a_text_that_nobody_writes_is_refused(client: httpx.AsyncClient) -> None:
    adapter = {"name": "a" * 100_000, "address": "10.0.0.1/8"}
    refused = await client.put("/emulator/hosts/other", json={"adapters": [adapter]})
    assert refused.status_code == 400
    assert "adapters[0].name: must have at most 65536 characters" in refused.text


async def test_a_form_that_no_page_has_is_refused(client: httpx.AsyncClient) -> None:
    for form in ("a=" + "b" * 1_100_000, "a=b&" * 1_001):
        assert (await client.post("/ui/policy", content=form)).status_code == 400


async def test_more_documents_than_a_host_has_are_refused(client: httpx.AsyncClient) -> None:
    text = '{"Subnets":[]}\n' * 2_001
    for path in ("import", "compare"):
        refused = await client.post(f"{HOST}/{path}", content=text)
        assert refused.status_code == 400
        assert "at most 2000" in refused.json()["Detail"]
