"""The page with the picture."""

import httpx


async def test_what_is_drawn_leads_to_its_page(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology")).text
    (endpoint, *_) = (await world.get("/v2/endpoints")).json()
    assert f'href="/hosts/default/ui/endpoints/{endpoint["ID"]}"' in page
    assert 'role="tree"' in page
    assert "The same as a table" in page


async def test_a_closed_network_opens(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology?open=")).text
    assert 'aria-expanded="false"' in page
    assert "?open=" in page


async def test_the_document_is_that_of_the_same_picture(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology?where=Name%3Dnat&layers=")).text
    assert "/hosts/default/host/topology?where=Name%3Dnat&amp;layers=" in page
