"""Namespaces are answered as HNS 13.3 was seen to answer, empty members left out."""

from dataclasses import replace

import orjson
import pytest

from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.v2.render_namespaces import namespace_document

WS2022 = RELEASES["ws2022"]
EMPTY = Namespace(
    key=1,
    id="932331a3-b265-4fce-b4c8-079e70982379",
    type=NamespaceType.HOST,
    allocator_id="cd46223c-7c6d-4ac2-bd1e-9d040b1ec3c5",
    version=55834574851,
    schema_version=(0, 0),
    activity_id="776c0e9a-d1d9-43d4-a1c8-ca7ce377a521",
    updated=133578554337601682,
)
IN_USE = replace(EMPTY, compartment_id=51, compartment_guid="e569301b-7b5c-4554-b067-22a255632754")


def test_an_answer_begins_as_the_captured_one() -> None:
    text = orjson.dumps(namespace_document(IN_USE, WS2022)).decode()
    assert text.startswith(
        '{"ID":"932331a3-b265-4fce-b4c8-079e70982379","Version":55834574851,'
        '"Health":{"Extra":{"Resources":{"AdditionalParams":{},"AllocationOrder":1,"Allocators":[{'
    )


def test_a_compartment_shows_in_the_answer_and_among_the_allocators() -> None:
    document = orjson.loads(orjson.dumps(namespace_document(IN_USE, WS2022)))
    assert document["NamespaceId"] == 51
    assert document["NamespaceGuid"] == "e569301b-7b5c-4554-b067-22a255632754"
    [allocator] = document["Health"]["Extra"]["Resources"]["Allocators"]
    assert allocator["Tag"] == "Network Compartment"
    assert allocator["CompartmentGuid"] == "E569301B-7B5C-4554-B067-22A255632754"


def test_what_is_zero_or_empty_is_left_out() -> None:
    assert list(namespace_document(EMPTY, WS2022)) == ["ID", "Version", "Health", "SchemaVersion"]


@pytest.mark.parametrize(
    ("namespace_type", "shown"),
    [
        (NamespaceType.HOST, None),
        (NamespaceType.HOST_DEFAULT, "HostDefault"),
        (NamespaceType.GUEST, "Guest"),
        (NamespaceType.GUEST_DEFAULT, "GuestDefault"),
    ],
)
def test_types_are_names_and_the_first_is_left_out(
    namespace_type: NamespaceType, shown: str | None
) -> None:
    document = namespace_document(replace(EMPTY, type=namespace_type), WS2022)
    assert document.get("Type") == shown


def test_endpoints_are_upper_case_and_containers_as_sent() -> None:
    namespace = replace(
        EMPTY,
        name="pod",
        owner="containerd",
        additional_params='{"a": 1}',
        resources=(
            ("Endpoint", "7cc03af7-2978-449f-9968-595862b80f8b"),
            ("Container", "291cd4892b99"),
        ),
    )
    document = orjson.loads(orjson.dumps(namespace_document(namespace, WS2022)))
    assert document["Resources"] == [
        {"Type": "Endpoint", "Data": {"Id": "7CC03AF7-2978-449F-9968-595862B80F8B"}},
        {"Type": "Container", "Data": {"Id": "291cd4892b99"}},
    ]
    assert list(document)[:5] == ["ID", "Owner", "Name", "Version", "AdditionalParams"]
    assert document["SchemaVersion"] == {"Major": 0, "Minor": 0}
