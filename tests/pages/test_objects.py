"""Lists of objects, and one object."""

import httpx
import pytest

from hnsemu.pages.objects.nouns import NOUNS, Noun

SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
async def test_an_object_is_shown_in_both_dialects(world: httpx.AsyncClient, noun: Noun) -> None:
    word = noun.word
    (first, *_) = (await world.get(f"/v2/{word}")).json()
    page = (await world.get(f"/ui/{word}/{first['ID']}")).text
    assert "HCN 2" in page
    assert "HNS 1" in page
    assert first["ID"] in page


async def test_a_long_list_has_pages(client: httpx.AsyncClient) -> None:
    (network,) = (await client.get("/v2/networks")).json()
    for number in range(101):
        body = {**SCHEMA, "Name": f"e-{number}", "HostComputeNetwork": network["ID"]}
        await client.post("/v2/endpoints", json=body)
    page = (await client.get("/ui/endpoints")).text
    assert "e-99</bdi>" in page
    assert "e-100</bdi>" not in page
    (following,) = [part.split('"')[0] for part in page.split('rel="next" href="')[1:]]
    assert "e-100</bdi>" in (await client.get(f"/ui/endpoints{following}")).text


@pytest.mark.parametrize(
    ("text", "found"), [("nat", True), ("Name=nat", True), ("Type=Overlay", False)]
)
async def test_a_search_is_the_filter_of_hcn(
    client: httpx.AsyncClient,
    text: str,
    found: bool,  # noqa: FBT001
) -> None:
    page = (await client.get("/ui/networks", params={"q": text})).text
    assert ("<bdi>nat</bdi></a>" in page) is found
    assert ("No networks match" in page) is not found
