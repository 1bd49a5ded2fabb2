"""Every form of dump in public issues and samples is taken, or refused with what to type."""

import ipaddress
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hnsemu.domain.file_text import decoded
from hnsemu.dumps.anonymity import anonymised
from hnsemu.dumps.comparing import compare_host
from hnsemu.dumps.importing import import_host
from hnsemu.dumps.powershell import opened
from hnsemu.dumps.reading import Kind, read_documents, values_in
from hnsemu.errors import HnsError
from hnsemu.host import SeededSource
from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES
from tests.dumps import texts
from tests.dumps.texts import ENDPOINT, NETWORK, POLICY_LIST, shallow

TESTS = Path(__file__).resolve().parents[1]
SAMPLES = {file.stem: file.read_bytes() for file in (TESTS / "samples").glob("*.json")}
CASES = {
    f"{file.stem}-{number}": json.dumps(request["body"]).encode()
    for file in (TESTS / "reports").rglob("*.json")
    for number, request in enumerate(json.loads(file.read_bytes()).get("requests", ()))
    if request.get("body")
}
BOTH = json.dumps([NETWORK, ENDPOINT])
Json = Any


@pytest.fixture
def real(database: Database) -> Hns:
    """Return the service of a host that is not there yet."""
    return Hns(database, "real", SeededSource())


def taken(hns: Hns, text: str) -> tuple[list[tuple[Kind, str]], list[str]]:
    """Import a text; return what is taken, and why the rest is not. No finding may be left."""
    documents = read_documents(text)
    done = import_host(hns, documents)
    left = {id(entry.document) for entry in done.left}
    known = [document for document in documents if id(document) not in left]
    assert [found for found in compare_host(hns, known) if not found[1].reason] == []
    hosts.delete_host(hns)
    return (
        [(document.kind, document.name) for document in done.taken],
        [entry.reason for entry in done.left],
    )


WHOLE = [(Kind.NETWORK, "lan-of-acme"), (Kind.ENDPOINT, "web-of-acme")]
IN_PART = (
    "only in part: Subnets[0].Policies: PowerShell cut it; take it again with "
    "Get-HnsNetwork | ConvertTo-Json -Depth 10"
)
FORMS: list[tuple[str, list[tuple[Kind, str]], list[str]]] = [
    (BOTH, WHOLE, []),
    (BOTH + BOTH, [WHOLE[0], WHOLE[0], WHOLE[1], WHOLE[1]], []),
    (f"{json.dumps(NETWORK)}\n{json.dumps(ENDPOINT)}", WHOLE, []),
    (json.dumps({"value": [NETWORK, ENDPOINT], "Count": 2}), WHOLE, []),
    (json.dumps({**NETWORK, "Subnets": texts.SUBNET}), WHOLE[:1], []),
    (json.dumps({**NETWORK, "Subnets": {"value": [texts.SUBNET], "Count": 1}}), WHOLE[:1], []),
    (json.dumps({**NETWORK, "Policies": None, "MacPools": None}), WHOLE[:1], []),
    (texts.LOG, WHOLE[:1], []),
    (f"VERBOSE: Result :\n{json.dumps({'Output': NETWORK, 'Success': True})}", WHOLE[:1], []),
    (shallow(NETWORK) + "\n" + shallow(ENDPOINT), WHOLE, []),
    (texts.LIST_VIEW, WHOLE, [IN_PART]),
    (texts.LIST_VIEW.replace("\n", "\r\n"), WHOLE, ["only in part: Subnets[0].Policies"]),
    (f"{BOTH}\n{shallow(POLICY_LIST)}", WHOLE,
     ["Policies[0].VIPs: PowerShell cut it; take it again with Get-HnsPolicyList | ConvertTo-"]),
    (f"{json.dumps(NETWORK)}\n{texts.ADAPTER}", [WHOLE[0], (Kind.ADAPTER, "LAN")], []),
    (json.dumps([texts.DOCKER_NETWORK]), [(Kind.DOCKER_NETWORK, "lan-of-acme")], []),
    (json.dumps([texts.UNKNOWN_DOCKER]), [(Kind.DOCKER_NETWORK, "lan-of-acme")], []),
    (json.dumps([{**texts.DOCKER_NETWORK, "Driver": "transparent"}]),
     [(Kind.DOCKER_NETWORK, "lan-of-acme")], []),
    (json.dumps([NETWORK, {**texts.DOCKER_NETWORK, "Driver": "null"}]), WHOLE[:1],
     ["Docker has it without HNS"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "reasons"), FORMS)
def test_each_form_is_taken(
    real: Hns, text: str, expected: list[tuple[Kind, str]], reasons: list[str]
) -> None:
    found, left = taken(real, text)
    assert found == expected
    assert [said[: len(reason)] for said, reason in zip(left, reasons, strict=True)] == reasons


REFUSED = [
    (texts.HNSDIAG_TABLE, "the text has names and ids only; type hnsdiag list all -d"),
    (texts.DOCKER_TABLE, "the text has names and ids only; type docker network inspect"),
    ("<Objs Version='1.1.0.1'><Obj/></Objs>", "the text is XML; take it again with ConvertTo-Json"),
    (texts.WRAPPED, "line 1: the line ends within a text, as a console wraps what is copied"),
    ("", "the text has no object; pipe what PowerShell shows through ConvertTo-Json -Depth 10"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_no_host_can_be_made_of_says_what_to_type(text: str, sentence: str) -> None:
    for use in (read_documents, lambda known: anonymised([known], b"key")):
        with pytest.raises(HnsError) as refusal:
            use(text)
        assert refusal.value.detail.startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_redirected_files_are_read(encoding: str) -> None:
    assert len(read_documents(decoded(BOTH.encode(encoding)))) == 2


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
@pytest.mark.parametrize("name", sorted(CASES))
def test_each_request_of_a_report_compares_or_says_why_not(real: Hns, name: str) -> None:
    documents = read_documents(CASES[name].decode())
    try:
        done = import_host(real, documents)
    except HnsError as refusal:
        assert refusal.detail.startswith("no document ")  # noqa: PT017 (it need not be refused)
        return
    assert all(entry.reason for entry in done.left)
    if not done.left:
        assert [found for found in compare_host(real, documents) if not found[1].reason] == []


NAMED = {"Name", "VirtualNetworkName", "NetworkAdapterName", "SystemName", "Owner", "DNSSuffix"}
KEPT = {"", "nat", "default switch", "none", "ethernet", "wsl", "external", "icsnat"}
PATTERNS = [
    re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    re.compile(r"\b[0-9a-f]{2}(?:[-:][0-9a-f]{2}){5}\b"),
    re.compile(r"\b[0-9a-f]{64}\b"),
    re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
]


def strings(value: Json, member: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a document with the member that it is in."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield "", name
            yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, member)
    elif isinstance(value, str):
        yield member, value


def is_telling(part: str) -> bool:
    """Tell whether an address, MAC or id is of somebody."""
    if not part.strip("0-:."):
        return False
    try:
        address = ipaddress.ip_address(part)
    except ValueError:
        return True
    return (address.is_private or address.is_global) and not (
        address.is_loopback or address.is_link_local or address.is_multicast or address.is_reserved
        or part.startswith("0.") or part == "168.63.129.16"
    )  # fmt: skip


def names_in(values: list[Json]) -> set[str]:
    """Return the names in documents that are no words of HNS, either."""
    said = [(member, text) for value in values for member, text in strings(value)]
    words = {text for member, text in said if member in {"Type", "Driver"}}
    return {text for member, text in said if member in NAMED and text.lower() not in KEPT} - words


def parts_of(values: list[Json]) -> set[str]:
    """Return the addresses, MACs and ids in documents."""
    said = [text.lower() for value in values for _, text in strings(value)]
    parts = {part for text in said for pattern in PATTERNS for part in pattern.findall(text)}
    return {part for part in parts if is_telling(part) and not part.endswith(".0.0.0")}


OWN = {
    "list-view": texts.LIST_VIEW,
    "adapter": texts.ADAPTER,
    "docker": json.dumps([texts.DOCKER_NETWORK]),
    "shallow": shallow(POLICY_LIST) + shallow(NETWORK) + shallow(ENDPOINT),
}
ALL = OWN | {name: text.decode() for name, text in {**SAMPLES, **CASES}.items()}


@pytest.mark.parametrize("name", sorted(ALL))
def test_an_anonymised_dump_has_nothing_of_its_machine(name: str) -> None:
    values = [opened(value) for value in values_in(ALL[name])]
    names, parts = names_in(values), parts_of(values)
    for key in (b"one", b"another"):
        (hidden,) = anonymised([ALL[name]], key)
        said = [text for value in hidden for _, text in strings(value)]
        assert names.isdisjoint(said)
        assert parts.isdisjoint(parts_of(hidden))
        assert "acme" not in "".join(said).lower()
        assert len(hidden) == len(values)
