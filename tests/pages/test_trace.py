"""The page of a trace."""

import html
import json
import re
from collections.abc import Callable

import httpx
import pytest

from tests.pages.conftest import BLOCK, NETWORK, SCHEMA


async def test_a_packet_that_arrives_leads_to_its_receiver(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "web:80"})).text
    assert '<p class="verdict passed">DELIVERED</p>' in page
    assert ">the receiver</a>" in page
    assert "Reply: TCP" in page


async def test_a_lost_packet_names_the_policy_that_lost_it(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "db:80"})).text
    assert "BLOCKED (BlockedByRule)" in page
    beside_the_verdict, at_the_rule = re.findall(r'href="([^"]*#policy-0)"', page)
    assert beside_the_verdict == at_the_rule
    address, _, anchor = at_the_rule.partition("#")
    assert f'id="{anchor}"' in (await pods.get(address)).text


async def test_a_policy_of_another_host_is_shown_there(pods: httpx.AsyncClient) -> None:
    await pods.put("/emulator/hosts/other")
    network = (await pods.post("/hosts/other/v2/networks", json=NETWORK)).json()["ID"]
    body = {
        "Name": "far",
        "HostComputeNetwork": network,
        "IpConfigurations": [{"IpAddress": "10.1.77.7"}],
        "Policies": [BLOCK],
        **SCHEMA,
    }
    far = (await pods.post("/hosts/other/v2/endpoints", json=body)).json()["ID"]
    space = (await pods.post("/hosts/other/v2/namespaces", json={"Type": "Guest", **SCHEMA})).json()
    added = {"ResourceType": "Endpoint", "RequestType": "Add", "Settings": {"EndpointId": far}}
    await pods.patch(f"/hosts/other/v2/namespaces/{space['ID']}", json=added)
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "10.1.77.7:80"})).text
    assert "BLOCKED (BlockedByRule)" in page
    links = re.findall(r'href="([^"]*)#policy-0"', page)
    assert set(links) == {f"/hosts/other/ui/endpoints/{far}"}
    assert (await pods.get(links[0])).status_code == 200


async def test_an_empty_page_says_what_to_type(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace")).text
    assert "Name a sender and a receiver" in page
    assert '<option value="web">' in page


@pytest.mark.parametrize(
    ("sender", "to", "says"),
    [
        ("nobody", "web:80", "nobody"),
        ("client", "", "To is missing"),
        ("external", "web:80", "Packet.Source is missing"),
        ("client", "10.0.0.1:99999", "DestinationPort"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    pods: httpx.AsyncClient, sender: str, to: str, says: str
) -> None:
    answer = await pods.get("/ui/trace", params={"from": sender, "to": to})
    assert answer.status_code == 400
    assert says in answer.text


async def test_the_same_is_asked_elsewhere(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "web:80"})).text
    assert "hnsemu trace web:80 --from client --host default" in page
    link = "http://localhost/hosts/default/ui/trace?from=client&amp;to=web%3A80"
    assert f">{link}<" in page
    assert "DELIVERED" in (await pods.get(html.unescape(link))).text
    assert "/hosts/default/host/trace?format=text" in page


@pytest.mark.parametrize(("to", "verdict"), [("web:80", "Delivered"), ("db:80", "Blocked")])
async def test_the_test_that_is_copied_holds_now(
    pods: httpx.AsyncClient, to: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": to})).text
    found = re.search(r"<summary>pytest</summary><pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert found is not None
    posted = re.search(r"httpx\.post\('([^']*)', content='([^']*)'\)", html.unescape(found[1]))
    assert posted is not None
    answer = await pods.post(posted[1], content=posted[2])
    assert answer.json()["Verdict"] == verdict
    monkeypatch.setattr(httpx, "post", lambda *_, **__: answer)
    module: dict[str, Callable[[], None]] = {}
    exec(html.unescape(found[1]), module)  # noqa: S102 (as somebody does who copies it)
    module["test_the_packet"]()


async def test_a_command_says_where_the_service_is_unless_commands_look_there(
    pods: httpx.AsyncClient,
) -> None:
    asked = {"from": "client", "to": "web:80"}
    page = (await pods.get("http://127.0.0.1:8420/ui/trace", params=asked)).text
    assert "hnsemu trace web:80 --from client --host default</pre>" in page
    page = (await pods.get("http://localhost:8716/ui/trace", params=asked)).text
    assert "--host default --url http://localhost:8716</pre>" in page


async def with_policies(pods: httpx.AsyncClient, policies: str) -> httpx.Response:
    """Return the trace from client to db with other policies of db."""
    db = next(e["ID"] for e in (await pods.get("/v2/endpoints")).json() if e["Name"] == "db")
    form = {"from": "client", "to": "db:80", "edited": db, "policies": policies}
    return await pods.post("/ui/trace", data=form)


async def test_a_trace_is_compared_with_edited_policies(pods: httpx.AsyncClient) -> None:
    before = (await pods.get("/v2/endpoints")).text
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "db:80"})).text
    assert "&#34;LocalPorts&#34;: &#34;80&#34;" in page  # the policies of db, to edit
    edited = await with_policies(pods, "[]")
    assert "DELIVERED instead of BLOCKED (BlockedByRule)" in edited.text
    same = await with_policies(pods, json.dumps([BLOCK]))
    assert "BLOCKED (BlockedByRule) as now" in same.text
    assert (await pods.get("/v2/endpoints")).text == before


async def test_edited_policies_that_are_none_are_refused(pods: httpx.AsyncClient) -> None:
    answer = await with_policies(pods, "[")
    assert answer.status_code == 400
    assert "this is no JSON" in answer.text
    assert "BLOCKED (BlockedByRule)" in answer.text  # the walk as things are stays


async def test_any_endpoint_may_be_edited_by_its_name(pods: httpx.AsyncClient) -> None:
    question = {"from": "client", "to": "198.51.100.1:80"}
    page = (await pods.get("/ui/trace", params=question)).text
    assert "<textarea" not in page  # no endpoint decided it
    page = (await pods.get("/ui/trace", params={**question, "edited": "db"})).text
    assert "&#34;LocalPorts&#34;: &#34;80&#34;" in page
    unknown = await pods.get("/ui/trace", params={**question, "edited": "nobody"})
    assert (unknown.status_code, "nobody" in unknown.text) == (400, True)


async def test_what_was_typed_stays_when_the_packet_is_refused(pods: httpx.AsyncClient) -> None:
    form = {"from": "gone", "to": "db:80", "edited": "db", "policies": '["half'}
    answer = await pods.post("/ui/trace", data=form)
    assert answer.status_code == 400
    assert "[&#34;half</textarea>" in answer.text


async def test_a_trace_is_compared_with_a_snapshot(pods: httpx.AsyncClient) -> None:
    await pods.post("/ui/snapshots", data={"name": "clean", "action": "save"})
    db = next(e["ID"] for e in (await pods.get("/v2/endpoints")).json() if e["Name"] == "db")
    lifted = {"ResourceType": "Policy", "RequestType": "Reset", "Settings": {"Policies": []}}
    assert (await pods.patch(f"/v2/endpoints/{db}", json=lifted)).status_code == 200
    question = {"from": "client", "to": "db:80", "since": "clean"}
    page = (await pods.get("/ui/trace", params=question)).text
    assert '<p class="verdict passed">DELIVERED</p>' in page
    assert "BLOCKED (BlockedByRule) then, now DELIVERED" in page
    again = (await pods.get("/ui/trace", params=question)).text
    assert '<p class="verdict passed">DELIVERED</p>' in again  # nothing of the snapshot stayed


async def test_a_snapshot_without_the_sender_says_so(pods: httpx.AsyncClient) -> None:
    question = {"from": "client", "to": "web:80"}
    unknown = await pods.get("/ui/trace", params={**question, "since": "none"})
    assert "no snapshot" in unknown.text
    assert unknown.status_code == 400
    await pods.post("/ui/snapshots", data={"name": "full", "action": "save"})
    client = next(
        e["ID"] for e in (await pods.get("/v2/endpoints")).json() if e["Name"] == "client"
    )
    await pods.delete(f"/v2/endpoints/{client}")
    page = await pods.get("/ui/trace", params={**question, "since": "full"})
    assert "DELIVERED" in page.text  # as it was then


async def test_the_json_of_a_trace_is_what_the_api_answers(pods: httpx.AsyncClient) -> None:
    question = {"from": "client", "to": "db:80", "protocol": "TCP"}
    page = (await pods.get("/ui/trace", params=question)).text
    (link,) = re.findall(r'<a class="json" href="([^"]+)"', page)
    asked = re.search(r"curl -s .*? -d &#39;(.*?)&#39;", page)
    assert asked is not None
    answer = await pods.post("/host/trace", content=html.unescape(asked[1]))
    assert (await pods.get(html.unescape(link))).json() == answer.json()


async def test_a_name_that_nobody_has_leads_to_those_that_are_near(
    pods: httpx.AsyncClient,
) -> None:
    page = (await pods.get("/ui/trace", params={"from": "clien", "to": "wev:80"})).text
    near = re.findall(r'<a href="(\?from=[^"]+)"><bdi>(\w+)', page)
    assert near == [
        ("?from=client&amp;to=wev%3A80", "client"),
        ("?from=clien&amp;to=web%3A80", "web"),
    ]


async def test_half_a_question_is_completed_not_refused(pods: httpx.AsyncClient) -> None:
    answer = await pods.get("/ui/trace", params={"from": "client"})
    assert answer.status_code == 200
    assert 'value="client"' in answer.text
    assert "Name a sender and a receiver" in answer.text
