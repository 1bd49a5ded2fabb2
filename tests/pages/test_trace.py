"""The page of a trace."""

import httpx
import pytest


async def test_a_packet_that_arrives_leads_to_its_receiver(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "web:80"})).text
    assert '<p class="verdict passed">DELIVERED</p>' in page
    assert ">the receiver</a>" in page
    assert "Reply: TCP" in page


async def test_a_lost_packet_names_the_policy_that_lost_it(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "db:80"})).text
    assert "BLOCKED (BlockedByRule)" in page
    (owner,) = [
        word for word in page.split('href="') if word.startswith("/hosts") and "#pol" in word
    ]
    address, _, anchor = owner.split('"')[0].partition("#")
    assert f'id="{anchor}"' in (await pods.get(address)).text


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
    assert "/hosts/default/host/trace?format=text" in page
