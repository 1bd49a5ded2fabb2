"""Documents are found in whatever the tools of Windows print."""

import json

import pytest

from hnsemu.dumps.reading import Kind, read_documents
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
        ("nothing", "the text has no object; pipe what PowerShell shows through ConvertTo-Json"),
        ("", "the text has no object"),
        ('Networks\n{"ID": "1",\n', "line 3: the document is not complete JSON; take it again"),
        ("[" * 200 + "]" * 200, "a document is nested more than 64 deep"),
    ],
)
def test_a_text_without_whole_documents_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_documents(text)
    assert refusal.value.detail.startswith(sentence)


def padded(members: int) -> dict[str, object]:
    """Return a document that is longer than what is decoded in one call."""
    return {"Subnets": [{"n": number, "text": 'a"}' * 30} for number in range(members)], "e": {}}


@pytest.mark.parametrize("indent", [None, 4])
def test_a_large_document_is_read_part_by_part_as_a_small_one(indent: int | None) -> None:
    documents = [padded(1), padded(9_000), {"Subnets": []}]
    text = "\n".join(["a heading", *(json.dumps(one, indent=indent) for one in documents), "end"])
    assert [found.members for found in read_documents(text)] == documents


@pytest.mark.parametrize("broken", ['"n"', '"n":1 "m"', "1", ""])
def test_a_large_document_that_breaks_off_is_refused_with_its_line(broken: str) -> None:
    text = json.dumps(padded(9_000), indent=1)[:-1] + f',\n"last": {{{broken}'
    line = text.count("\n") + 1
    with pytest.raises(HnsError, match=f"line {line}: the document is not complete"):
        read_documents(text)


def test_many_documents_take_time_in_proportion() -> None:
    """Looking through the whole rest of the text for each of them took hours."""
    assert len(read_documents('{"Subnets":[]}\n' * 30_000)) == 30_000


def test_more_members_than_any_list_has_are_refused() -> None:
    with pytest.raises(HnsError, match="more than 100000 members"):
        read_documents("[" + "[]," * 500_000 + "[]]")
