"""Whatever a query or a form says, there is a page: with a sentence where it makes no sense."""

import re
from urllib.parse import quote

import httpx
import pytest

from hnsemu.api.examples import ENDPOINT

TEXTS = [
    "",
    "-1",
    "٣",
    "9" * 400,
    str(2**63),
    "x" * 10_000,
    "*a" * 5_000,
    "<script>alert(1)</script>",
    "a\r\nX: 1",
    "a\0b",
    "\u202egnp",
    "DEFAULT",
]
RAW = ["%ff", "%ed%a0%80", "1&{name}=2"]
"""Texts that are no UTF-8, and a member that is there twice."""

MEMBERS = {
    "/": ["after"],
    "/ui/topology": ["open", "where", "layers", "hosts", "group"],
    "/ui/matrix": ["port", "since", "q", "senders", "receivers"],
    "/ui/matrix/svg": ["port", "q", "senders", "receivers"],
    "/ui/requests": ["q"],
    "/ui/snapshots/fresh": ["with"],
    "/ui/policy": ["endpoint", "port", "among", "how", "document"],
    "/ui/ports": ["after"],
    "/ui/windows/published": ["after"],
    "/ui/windows/firewall": ["after"],
    "/ui/windows/pools": ["start"],
    "/ui/networks": ["q", "after"],
    "/ui/endpoints": ["q", "after", "unknown"],
    f"/ui/trace?from=endpoint:{ENDPOINT}&to=10.96.0.10:80": [
        "from", "to", "protocol", "source", "since", "edited",
    ],
}  # fmt: skip
PATHS = ["requests", "docker", "ports", "windows", "snapshots", "endpoints", "networks"]
FORMS = {
    "/ui/faults": ["action", "action=add&preset", "action=add&preset=access-denied&times",
                   "action=remove&fault"],
    "/ui/requests": ["action"],
    "/ui/snapshots": ["action", "action=restore&name", "action=delete&name"],
    "/ui/policy": ["document", f"endpoint={ENDPOINT}&document", f"endpoint={ENDPOINT}&port"],
    "/ui/trace": [f"from=endpoint:{ENDPOINT}&to=1.1.1.1&edited={ENDPOINT}&policies"],
}  # fmt: skip
OF_THE_LIBRARY = re.compile(r"Input should|pydantic|int_max_str|has no attribute")


def check(answer: httpx.Response, text: str) -> None:
    assert answer.status_code < 500, (answer.request.url.path, text[:80])
    if not answer.has_redirect_location:
        assert answer.headers["Content-Type"].startswith(("text/html", "image/svg+xml"))
    assert "<script>alert" not in answer.text
    assert not OF_THE_LIBRARY.search(answer.text)
    assert "X" not in answer.headers


async def test_every_query_gets_a_page(world: httpx.AsyncClient) -> None:
    assert (await world.put("/emulator/hosts/default/snapshots/fresh")).status_code == 201
    for path, names in MEMBERS.items():
        for name in names:
            for text in [*map(quote, TEXTS), *RAW]:
                sign = "&" if "?" in path else "?"
                check(await world.get(f"{path}{sign}{name}={text.format(name=name)}"), text)


async def test_every_name_in_a_path_gets_a_page(world: httpx.AsyncClient) -> None:
    for place in PATHS:
        for text in [*(quote(text, safe="") for text in TEXTS), *RAW[:2]]:
            check(await world.get(f"/ui/{place}/{text}"), text)


async def test_every_form_gets_a_page(world: httpx.AsyncClient) -> None:
    for path, members in FORMS.items():
        for member in members:
            for text in [*map(quote, TEXTS), *RAW[:2]]:
                check(await world.post(path, content=f"{member}={text}".encode()), text)


@pytest.mark.parametrize("path", ["/ui/windows/published?after", "/ui/windows/pools?start"])
async def test_a_place_that_no_table_has_is_refused(world: httpx.AsyncClient, path: str) -> None:
    for text in ("-1", "x", "1.5", "٣", str(2**63), "9" * 5000):
        answer = await world.get(f"{path}={text}")
        assert answer.status_code == 400, text
        assert "is no place in the table; follow the links below it" in answer.text


async def test_a_number_that_no_fault_has_is_refused(world: httpx.AsyncClient) -> None:
    for text in ("-1", "x", "٣", str(2**63), "9" * 5000):
        form = {"action": "remove", "fault": text}
        assert (await world.post("/ui/faults", data=form)).status_code == 400, text
