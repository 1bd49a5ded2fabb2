"""What a policy would do, on a page."""

import html
import json
import re

import httpx
import pytest

from hnsemu.services.dataplane import trials
from tests.pages.conftest import BLOCK, NETWORK, SCHEMA

ALLOW_ALL = {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In", "Priority": 1}}


async def trial(client: httpx.AsyncClient, document: object, **form: str) -> httpx.Response:
    text = document if isinstance(document, str) else json.dumps(document)
    return await client.post("/ui/policy", data={"document": text, "port": "80", **form})


async def state(client: httpx.AsyncClient) -> list[str]:
    """Return every document of the host."""
    paths = ("networks", "endpoints", "namespaces", "loadbalancers")
    return [(await client.get(f"/v2/{path}")).text for path in paths]


async def test_a_policy_is_told_compiled_and_tried(pods: httpx.AsyncClient) -> None:
    before = await state(pods)
    answer = await trial(pods, BLOCK, endpoint="web")
    assert answer.status_code == 200, answer.text
    assert "Blocks incoming TCP to port 80, priority 200" in answer.text
    assert "2 VFP rules at the port of" in answer.text
    assert "Of 5 cells that could change, 2 do" in answer.text
    assert "ACL (policy 0) of endpoint web" in answer.text
    assert await state(pods) == before


async def test_policies_come_beside_or_instead_of_the_others(pods: httpx.AsyncClient) -> None:
    beside = (await trial(pods, ALLOW_ALL, endpoint="db")).text
    assert "ACL (policy 1) of endpoint db" in beside
    instead = (await trial(pods, ALLOW_ALL, endpoint="db", how="replace")).text
    assert "ACL (policy 0) of endpoint db" in instead
    nothing = (await trial(pods, [], endpoint="db", how="replace")).text
    assert "Of 5 cells that could change, 2 do" in nothing


async def test_an_endpoint_is_tried_by_its_own_name(pods: httpx.AsyncClient) -> None:
    document = {"Name": "web", "Policies": [BLOCK]}
    assert "of endpoint web" in (await trial(pods, document)).text
    new = {"Name": "not-there-yet", "Policies": [BLOCK]}
    assert "of endpoint client" in (await trial(pods, new, endpoint="client")).text
    unknown = await trial(pods, new)
    assert (unknown.status_code, "not-there-yet" in unknown.text) == (400, True)


async def test_a_policy_of_a_network_is_tried_on_that_of_the_endpoint(
    pods: httpx.AsyncClient,
) -> None:
    document = {**BLOCK, "Type": "NetworkACL"}
    page = (await trial(pods, document, endpoint="web")).text
    assert "For every endpoint: blocks incoming TCP to port 80" in page
    assert "NetworkACL (policy 0) of network pods" in page


async def test_a_load_balancer_is_tried_on_its_own_ports(pods: httpx.AsyncClient) -> None:
    web = next(e for e in (await pods.get("/v2/endpoints")).json() if e["Name"] == "web")
    document = {
        "HostComputeEndpoints": [web["ID"]],
        "FrontendVIPs": ["10.96.0.10"],
        "Flags": 1,
        "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}],
        **SCHEMA,
    }
    page = (await trial(pods, document)).text
    assert "Spreads what arrives at 10.96.0.10 over 1 backend: TCP port 8080 to port 80" in page
    assert "10.96.0.10</bdi>" in page
    assert "tcp/8080" in page
    assert (await pods.get("/v2/loadbalancers")).json() == []


@pytest.mark.parametrize(
    ("document", "form", "says"),
    [
        ("{", {"endpoint": "web"}, "this is no JSON"),
        ('{"Type": "ACL", "Settings": {"Priority": NaN}}', {"endpoint": "web"}, "this is no JSON"),
        ("[1]", {"endpoint": "web"}, "paste a policy"),
        ({"Type": "Nonsense"}, {"endpoint": "web"}, "paste a policy"),
        ({"Type": ["ACL"]}, {"endpoint": "web"}, "paste a policy"),
        (BLOCK, {}, "name the endpoint"),
        (BLOCK, {"endpoint": "nobody"}, "nobody"),
        (BLOCK, {"endpoint": "web", "port": "http"}, "http"),
        ({"Type": "ACL", "Settings": {"Priority": "x"}}, {"endpoint": "web"}, "Priority"),
        ({"PortMappings": "x"}, {}, "PortMappings"),
        ({"FrontendVIPs": ["x"]}, {}, "FrontendVIPs"),
        ("[" * 50_000, {"endpoint": "web"}, "this is no JSON"),
        ("[" * 200_000, {"endpoint": "web"}, "more than 100000 characters"),
    ],
)
async def test_what_cannot_be_tried_is_refused(
    pods: httpx.AsyncClient, document: object, form: dict[str, str], says: str
) -> None:
    answer = await trial(pods, document, **form)
    assert answer.status_code == 400
    told = re.findall(r'<p class="verdict lost"><bdi[^>]*>(.*?)</bdi>', answer.text)
    assert says in told[0]


async def test_the_page_begins_with_what_an_endpoint_has(pods: httpx.AsyncClient) -> None:
    db = next(e for e in (await pods.get("/v2/endpoints")).json() if e["Name"] == "db")
    link = f"/hosts/default/ui/policy?endpoint={db['ID']}&amp;how=replace"
    assert link in (await pods.get(f"/ui/endpoints/{db['ID']}")).text
    page = (await pods.get(link.replace("&amp;", "&"))).text
    assert "&#34;LocalPorts&#34;: &#34;80&#34;" in page
    assert '<option value="replace" selected>' in page


async def test_pages_that_are_to_look_at_may_ask(reading: httpx.AsyncClient) -> None:
    await reading.post("/v2/networks", json=NETWORK)
    answer = await trial(reading, BLOCK, endpoint="nobody")
    assert answer.status_code == 400
    assert "HNSEMU_UI" not in answer.text


async def crowded(pods: httpx.AsyncClient, count: int) -> None:
    """Fill the host up to `count` endpoints; all are attached."""
    network = next(n["ID"] for n in (await pods.get("/v2/networks")).json() if n["Name"] == "pods")
    namespace = (await pods.post("/v2/namespaces", json={"Type": "Guest", **SCHEMA})).json()["ID"]
    for number in range(count - 3):
        body = {"Name": f"pod-{number}", "HostComputeNetwork": network,
                "HostComputeNamespace": namespace, **SCHEMA}  # fmt: skip
        assert (await pods.post("/v2/endpoints", json=body)).is_success


async def test_every_cell_that_can_change_is_compared_on_a_host_of_any_size(
    pods: httpx.AsyncClient,
) -> None:
    await crowded(pods, 60)
    page = (await trial(pods, BLOCK, endpoint="web")).text
    assert "Of 119 cells that could change, 59 do" in page  # 60 to web, 59 from it
    assert "Compared:" not in page
    last = (await trial(pods, BLOCK, endpoint="pod-56")).text
    assert "Of 119 cells that could change, 59 do" in last


async def test_a_trial_says_which_endpoints_it_leaves_out_and_compares_others(
    pods: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "MOST_PEERS", 2)
    page = (await trial(pods, BLOCK, endpoint="db")).text
    assert "Compared: 3 endpoints, the first ones. There are more" in page
    chosen = (await trial(pods, BLOCK, endpoint="web", among="client")).text
    assert "Of 3 cells that could change, 1 does" in chosen
    assert "Compared:" not in chosen
    refused = await trial(pods, BLOCK, endpoint="web", among="a b")
    assert refused.status_code == 400


async def test_a_policy_of_a_network_is_compared_where_one_side_is_on_it(
    pods: httpx.AsyncClient,
) -> None:
    other = {**NETWORK, "Name": "other",
             "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.9.0.0/16"}]}]}  # fmt: skip
    on = (await pods.post("/v2/networks", json=other)).json()["ID"]
    for name in ("one", "two"):
        await pods.post("/v2/endpoints", json={"Name": name, "HostComputeNetwork": on, **SCHEMA})
    page = (await trial(pods, {**BLOCK, "Type": "NetworkACL"}, endpoint="web")).text
    assert "Of 21 cells that could change" in page  # 15 to it, 6 from it


async def test_an_answer_has_a_link_and_json(pods: httpx.AsyncClient) -> None:
    answer = (await trial(pods, BLOCK, endpoint="web")).text
    (document,) = re.findall(r'href="([^"]*/policy/json[?][^"]*)"', answer)
    (link,) = re.findall(r'href="([^"]*)">A link to this answer', answer)
    shown = (await pods.get(html.unescape(link))).text
    assert "Of 5 cells that could change, 2 do" in shown
    told = (await pods.get(html.unescape(document))).json()
    assert told["Policies"][0]["Sentence"] == "Blocks incoming TCP to port 80, priority 200"
    assert len(told["Policies"][0]["Rules"]) == 2
    assert [cell["Then"] for cell in told["Changed"]] == ["blocked", "blocked"]
    assert told["CellsCompared"] == 5


async def test_what_no_link_can_carry_has_none(pods: httpx.AsyncClient) -> None:
    long = json.dumps(BLOCK).replace('"Priority"', f'"Id": "{"x" * 5000}", "Priority"')
    answer = await trial(pods, long, endpoint="web")
    assert answer.status_code == 200, answer.text
    assert "A link to this answer" not in answer.text
    assert "policy/json" not in answer.text


async def test_a_link_to_nonsense_says_what_is_wrong(pods: httpx.AsyncClient) -> None:
    page = await pods.get("/ui/policy", params={"document": "[", "endpoint": "web"})
    assert (page.status_code, "this is no JSON" in page.text) == (400, True)
    document = await pods.get("/ui/policy/json", params={"document": "["})
    assert document.status_code == 400
