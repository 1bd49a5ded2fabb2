"""No body and no query makes the service fail, and a refused request changes nothing."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hnsemu.errors import Hr
from hnsemu.storage.database import Database
from hnsemu.storage.tables import metadata
from tests import contract

_V2 = '"SchemaVersion":{"Major":2}'

BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b"[" * 5000,
    b'{"Name":"\\u0000"}',
    b'{"ID":"\\ud800"}',
    b'{"Name":{"a":1}}',
    b'{"SchemaVersion":"x"}',
    b'{"SchemaVersion":{"Major":99999999999999999999}}',
    b'{"Policies":[null]}',
    b'{"Policies":{"Type":"NAT"}}',
    b'{"Policies":[{"Type":{"x":1}}],"References":["/endpoints/zz"]}',
    b'{"Policies":[{"Type":"NAT","Protocol":{},"InternalPort":[]}],"VirtualNetworkName":"nat"}',
    b'{"References":["/endpoints/zz"],"Policies":[{"Type":"ELB","VIPs":[5],"Protocol":[]}]}',
    b'{"References":[5],"Policies":[{"Type":"ELB","VIPs":"x"}]}',
    b'{"Type":"Overlay","Subnets":[{"AddressPrefix":"10.0.0.0/8","Policies":[{"Type":"VSID","VSID":"x"}]}]}',
    b'{"Type":"l2bridge","Subnets":[{"AddressPrefix":5,"GatewayAddress":"x"}]}',
    b'{"Type":"l2bridge","Subnets":[{"AddressPrefix":"10.0.0.0/8","IpSubnets":[{"IpAddressPrefix":"zz"}]}]}',
    b'{"Type":"Private","MacPools":[{"StartMacAddress":"x"}]}',
    b'{"Type":"Data","SystemType":5,"CompartmentId":-1}',
    b'{"Type":"Endpoint","Data":{"Id":{}}}',
    b'{"ResourceType":"Policy","RequestType":"Add","Settings":5}',
    b'{"ResourceType":"Policy","RequestType":"Add","Settings":{"Policies":[{"Type":"SetPolicy","Settings":"x"}]}}',
    b'{"ResourceType":"Subnet","RequestType":"Add","Settings":{"Subnets":[{}]}}',
    b'{"ResourceType":"IPSubnet","RequestType":"Add","Settings":{"IpSubnets":[{}]}}',
    b'{"ResourceType":"Extension","RequestType":"Update","Settings":{}}',
    b'{"ResourceType":"DNS","RequestType":"Update","Settings":{"Search":5}}',
    b'{"ResourceType":"Port","RequestType":"Add","Settings":{"PortId":5}}',
    b'{"ResourceType":"Container","RequestType":"Add","Settings":{"ContainerId":{}}}',
    b'{"RequestType":"Update","Settings":{"PortMappings":5}}',
    b'{"IPAddress":"172.16.5.5/16","VirtualNetworkName":"nat"}',
    b'{"MacAddress":"x","VirtualNetworkName":"nat"}',
    b'{"Extensions":[{}]}',
    b'{"DNSServerList":["x"]}',
    b'{"IsDefault":5}',
    b'{"release":5}',
    b'{"adapters":[{"name":5}]}',
    *(
        f"{{{members},{_V2}}}".encode()
        for members in (
            '"Policies":[5]',
            '"Policies":[{"Type":"ACL","Settings":[1]}]',
            '"AdditionalParams":"x"',
            '"Health":5',
            '"IpConfigurations":[{"IpAddress":"172.16.0.300"}]',
            '"IpConfigurations":[{"IpAddress":"fe80::1%eth0"}]',
            '"HostComputeEndpoints":[{}]',
            '"HostComputeEndpoints":["a"],"FrontendVIPs":[null],"PortMappings":[null]',
            '"Flags":4294967296',
            '"Routes":[{"DestinationPrefix":{}}]',
        )
    ),
]

FILTERS: list[dict[str, object]] = [
    {"State": "abc"},
    {"State": 10**20},
    {"Flags": None},
    {"Flags": [1]},
    {"Name": {}},
    {"Name": "\0"},
    {"ID": 5},
    {"VirtualNetwork": True},
]

QUERIES = [
    "{",
    "[]",
    '{"Filter":"{"}',
    '{"Name":"\\u0000"}',
    '{"SchemaVersion":5}',
    '{"Flags":"Detailed","SchemaVersion":{"Major":1}}',
    *(json.dumps({"Filter": json.dumps(members)}) for members in FILTERS),
]

IDS = ["zz", "%00", "%ff", "11111111-1111-1111-1111-111111111111"]


def operations() -> Iterator[tuple[str, str]]:
    """Yield method and path of every operation that is documented."""
    for path, methods in contract.document()["paths"].items():
        yield from ((method.upper(), path) for method in methods if method != "parameters")


def rows(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


class Kept:
    """What a database holds, which is read again only when something was committed."""

    def __init__(self, database: Database) -> None:
        """Read it."""
        self._database = database
        self.learn()

    def learn(self) -> None:
        """Read it again, as something was allowed to change it."""
        self._commit, self._rows = self._last_commit(), rows(self._database)

    def check(self, what: object) -> None:
        """Fail, and show what was tried, unless each table has the rows it had."""
        commit = self._last_commit()
        if commit != self._commit:
            assert rows(self._database) == self._rows, what
            self._commit = commit

    def _last_commit(self) -> object:
        """Return what differs behind each commit, on PostgreSQL behind those of others, too."""
        query = "PRAGMA data_version"
        if not self._database.is_sqlite:
            query = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
        with self._database.reading() as connection:
            return connection.exec_driver_sql(query).scalar_one()


async def known_ids(client: httpx.AsyncClient) -> list[str]:
    """Return the ids of existing objects; each is tried on every path."""
    network = (await client.get("/v2/networks")).json()[0]["ID"]
    path = f"/v2/networks/{network}/endpoints"
    endpoint = (await client.post(path, content=f"{{{_V2}}}")).json()["ID"]
    namespace = (await client.get("/v2/namespaces")).json()[0]["ID"]
    return [network, endpoint, namespace]


WRITING = [call for call in operations() if call[0] in {"POST", "PATCH", "PUT"}]
# A stream that is not refused does not end; tests/e2e/test_notifications.py tests those.
STREAMS = [path for _, path in operations() if path.endswith("/notifications")]
ENDLESS = [*STREAMS, "/emulator/hosts/{name}/requests/events"]
READING = [call for call in operations() if call[0] == "GET" and call[1] not in ENDLESS]


@pytest.mark.parametrize(("method", "path"), WRITING, ids=lambda part: part)
async def test_bad_bodies_are_refused_and_change_nothing(
    client: httpx.AsyncClient, service: FastAPI, method: str, path: str
) -> None:
    ids = [*await known_ids(client), *IDS] if "{id}" in path else [""]
    kept = Kept(service.state.service.database)
    for object_id in ids:
        for content in BODIES:
            url = path.replace("{id}", object_id).replace("{name}", "default")
            answer = await client.request(method, url, content=content)
            assert answer.status_code < 500, (url, content, answer.text)
            if answer.is_success:
                kept.learn()
                continue
            assert answer.json()["Success"] is False
            kept.check((url, content))


@pytest.mark.parametrize(("method", "path"), READING, ids=lambda part: part)
async def test_bad_queries_are_refused(
    lasting_client: httpx.AsyncClient, method: str, path: str
) -> None:
    ids = [*await known_ids(lasting_client), *IDS] if "{id}" in path else [""]
    for object_id in ids:
        for query in QUERIES:
            url = path.replace("{id}", object_id).replace("{name}", "default")
            answer = await lasting_client.request(method, f"{url}?query={quote(query)}")
            assert answer.status_code < 500, (url, query, answer.text)


async def test_what_a_query_of_the_emulator_does_not_have_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, service: FastAPI
) -> None:
    hints = {"operation": "write op", "mn": "write min", "nonsense": "there are hresult, min, op"}
    kept = Kept(service.state.service.database)
    for method, path in operations():
        if path.startswith("/emulator"):
            url = re.sub(r"\{\w+\}", "default", path)
            answer = await client.request(method, f"{url}?nonsense=1", content="{}")
            assert answer.status_code == 400, (method, url, answer.text)
            assert answer.json()["Detail"].startswith("nonsense: unknown in the query; ")
    kept.check("an unknown parameter")
    for name, hint in hints.items():
        answer = await client.get("/emulator/hosts/default/requests", params={name: "x"})
        assert hint in answer.json()["Detail"]


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "٣", "1 ", "9" * 19, "%00", "0x1", "%F0"])
@pytest.mark.parametrize("path", STREAMS)
async def test_a_text_that_is_no_number_is_refused(
    lasting_client: httpx.AsyncClient, path: str, number: str
) -> None:
    url = path.replace("{id}", "404947ac-fc8f-4229-a4b5-595b9161f3a8")
    answer = await lasting_client.get(f"{url}?after={number}")
    assert answer.status_code == 400
    assert answer.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult
    assert "after" in answer.json()["Detail"]


@pytest.mark.parametrize("path", [path for path in STREAMS if "{" in path])
@pytest.mark.parametrize("object_id", IDS)
async def test_there_is_no_stream_of_an_unknown_object(
    lasting_client: httpx.AsyncClient, path: str, object_id: str
) -> None:
    answer = await lasting_client.get(path.replace("{id}", object_id))
    assert answer.status_code in {400, 404}
    assert answer.json()["Success"] is False


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "ID",
                    "Name",
                    "Type",
                    "Policies",
                    "Settings",
                    "Ipams",
                    "Subnets",
                    "SchemaVersion",
                    "Major",
                    "IpConfigurations",
                    "VirtualNetworkName",
                    "References",
                    "PortMappings",
                    "ResourceType",
                    "RequestType",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operation=st.sampled_from(WRITING), document=ANYTHING)
async def test_no_document_makes_it_fail(
    client: httpx.AsyncClient, operation: tuple[str, str], document: object
) -> None:
    method, path = operation
    url = path.replace("{id}", "11111111-1111-1111-1111-111111111111").replace("{name}", "h1")
    answer = await client.request(method, url, content=json.dumps(document))
    assert answer.status_code < 500, (url, document, answer.text)
