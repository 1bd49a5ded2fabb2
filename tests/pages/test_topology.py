"""The page with the picture."""

import httpx


async def test_what_is_drawn_leads_to_its_page(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology")).text
    (endpoint, *_) = (await world.get("/v2/endpoints")).json()
    assert f'href="/hosts/default/ui/endpoints/{endpoint["ID"]}"' in page
    assert 'role="tree"' in page
    table = (await world.get("/ui/topology?as=table")).text
    assert f'href="/hosts/default/ui/endpoints/{endpoint["ID"]}"' in table
    assert "<svg" not in table
    assert "As a picture" in table


async def test_a_closed_network_opens(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology?open=")).text
    assert 'aria-expanded="false"' in page
    assert "?open=" in page


async def test_the_document_is_that_of_the_same_picture(world: httpx.AsyncClient) -> None:
    page = (await world.get("/ui/topology?where=Name%3Dnat&layers=")).text
    assert "/hosts/default/host/topology?where=Name%3Dnat&amp;layers=" in page


async def test_only_what_is_cut_is_said_on_hover(world: httpx.AsyncClient) -> None:
    long = "n" * 200
    await world.post("/v2/networks", json={"Name": long, "Type": "Private"})
    page = (await world.get("/ui/topology")).text
    picture = page[page.index("<svg") : page.index("</svg>")]
    titles = picture.count("<title>")
    assert f"{long} Private</title>" in picture
    assert titles < picture.count('role="treeitem"') / 2
