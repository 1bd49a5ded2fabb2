"""VFP ports, and the way between rules and policies."""

import re

import httpx
import pytest

from hnsemu.pages import ports

RULE = re.compile(r'href="(/hosts/default/ui/ports/[^"#]+)#([^"]+)"')


async def of(client: httpx.AsyncClient, name: str) -> str:
    found = (await client.get("/v2/endpoints")).json()
    return str(next(item["ID"] for item in found if item.get("Name") == name))


async def test_a_policy_leads_to_its_rules_and_a_rule_to_its_policy(
    pods: httpx.AsyncClient,
) -> None:
    db = await of(pods, "db")
    page = (await pods.get(f"/ui/endpoints/{db}")).text
    assert "Blocks incoming TCP to port 80, priority 200" in page
    assert "2 VFP rules at the port of" in page
    rules = RULE.findall(page)
    assert len(rules) == 2
    for address, anchor in rules:
        port = (await pods.get(address)).text
        assert f'id="{anchor}"' in port
        assert f'href="/hosts/default/ui/endpoints/{db}#policy-0">ACL of endpoint</a>' in port


async def test_a_port_shows_layers_groups_and_counters(pods: httpx.AsyncClient) -> None:
    db, client = await of(pods, "db"), await of(pods, "client")
    (address,) = (await pods.get(f"/v2/endpoints/{db}")).json()["IpConfigurations"]
    packet = {"Destination": address["IpAddress"], "Protocol": "TCP", "DestinationPort": 80}
    await pods.post(
        "/host/trace", json={"From": {"Endpoint": client}, "Packet": packet, "Count": True}
    )
    page = (await pods.get(f"/ui/ports/{db}")).text
    for words in ("ACL_ENDPOINT_LAYER", "ACL_ENDPOINT_GROUP_IPV4_IN", "Protocols : 6"):
        assert words in page
    assert '<td class="number">1, 1 dropped</td>' in page


async def test_the_ports_of_a_host_are_listed_in_pages(
    pods: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (await pods.get("/ui/ports")).text
    names = re.findall(r'<th scope="row".*?<bdi[^>]*>(.*?)</bdi>', page)
    assert {"client", "web", "db"} <= set(names)
    for address in re.findall(r'href="(/hosts/default/ui/ports/[^"]+)"', page):
        assert (await pods.get(address)).status_code == 200
    assert 'rel="next"' not in page
    monkeypatch.setattr(ports, "_PAGE", 2)
    following, found = [""], []
    while following:
        page = (await pods.get(f"/ui/ports{following[0]}")).text
        found += re.findall(r'<th scope="row".*?<bdi[^>]*>(.*?)</bdi>', page)
        following = re.findall(r'rel="next" href="([^"]+)"', page)
    assert found == names


async def test_a_port_that_is_none_is_refused(pods: httpx.AsyncClient) -> None:
    answer = await pods.get("/ui/ports/nobody")
    assert answer.status_code == 404
    assert "no switch port" in answer.text


async def test_a_policy_without_rules_says_where_it_acts(world: httpx.AsyncClient) -> None:
    for endpoint in (await world.get("/v2/endpoints")).json():
        page = (await world.get(f"/ui/endpoints/{endpoint['ID']}")).text
        count = len(endpoint.get("Policies", []))
        assert page.count('<li id="policy-') == count


async def test_a_load_balancer_is_told_in_words(world: httpx.AsyncClient) -> None:
    (balancer, *_) = (await world.get("/v2/loadbalancers")).json()
    page = (await world.get(f"/ui/loadbalancers/{balancer['ID']}")).text
    assert "Spreads what arrives at" in page
    assert "VFP rules at the port of" in page or "No VFP rule of this host" in page


async def test_a_decision_in_a_trace_leads_to_its_rule(pods: httpx.AsyncClient) -> None:
    trace = (await pods.get("/ui/trace?from=client&to=db:80")).text
    block = trace.partition('<li class="block">')[2].partition("</li>")[0]
    (page, anchor) = re.findall(r'href="(/hosts/default/ui/ports/[^"#]+)#([^"]+)"', block)[0]
    port = (await pods.get(page)).text
    assert f'id="{anchor}"' in port
    assert f'href="/hosts/default/ui/endpoints/{await of(pods, "db")}' in block
