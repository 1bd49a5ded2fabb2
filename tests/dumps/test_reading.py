"""Documents are found in whatever the tools of Windows print."""

import json

import pytest

from hnsemu.dumps.reading import Kind, decoded, read_documents
from hnsemu.errors import HnsError

NETWORK = {"ID": "1", "Name": "nat", "Type": "nat", "Subnets": []}
ENDPOINT = {"ID": "2", "VirtualNetwork": "1"}

TEXTS = [
    (json.dumps(NETWORK), [Kind.NETWORK]),
    (json.dumps([NETWORK, ENDPOINT], indent=4), [Kind.NETWORK, Kind.ENDPOINT]),
    (json.dumps({"Success": True, "Output": [NETWORK]}), [Kind.NETWORK]),
    (json.dumps({"value": [NETWORK, NETWORK], "Count": 2}), [Kind.NETWORK, Kind.NETWORK]),
    (f"Networks : \n{json.dumps(NETWORK)}\n\nEndpoints : \n{json.dumps(ENDPOINT)}\n",
     [Kind.NETWORK, Kind.ENDPOINT]),
    ('{"Name": "Ethernet", "ifIndex": 4}', [Kind.ADAPTER]),
    ('{"ID": "3", "References": []}', [Kind.POLICY_LIST]),
    ('{"ID": "3", "HostComputeEndpoints": []}', [Kind.LOAD_BALANCER]),
    ('{"ID": "4", "IsDefault": true}', [Kind.NAMESPACE]),
    ('{"ID": "4", "Type": "HostDefault"}', [Kind.NAMESPACE]),
    ('[{"Name": "nat", "Driver": "nat", "IPAM": {}}]', [Kind.DOCKER_NETWORK]),
    ('{"Success": false, "Error": "no"}', [Kind.OTHER]),
    ('{"Type": "VSID"}', [Kind.OTHER]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds"), TEXTS)
def test_documents_are_told_apart(text: str, kinds: list[Kind]) -> None:
    found = read_documents(text)
    assert [document.kind for document in found] == kinds
    assert [not document.reason for document in found] == [kind is not Kind.OTHER for kind in kinds]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nothing", "the text has no JSON; pipe what PowerShell shows through ConvertTo-Json"),
        ("", "the text has no JSON"),
        ('Networks\n{"ID": "1",\n', "line 3: the document is not complete JSON; take it again"),
        ("[" * 200 + "]" * 200, "a document is nested more than 64 deep"),
    ],
)
def test_a_text_without_whole_documents_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_documents(text)
    assert refusal.value.detail.startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_powershell_are_decoded(encoding: str) -> None:
    assert decoded("[]é".encode(encoding)) == "[]é"


def test_a_file_of_another_encoding_is_refused() -> None:
    with pytest.raises(HnsError, match="neither UTF-8 nor UTF-16"):
        decoded(b"\xe9\xe9")
