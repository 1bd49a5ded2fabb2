"""What a namespace holds, when it gets a compartment, and what queries find it by."""

from dataclasses import replace

import pytest

from hnsemu.domain.namespaces import (
    Namespace,
    NamespaceType,
    ResourceType,
    properties,
    with_resource,
    without_resource,
)
from hnsemu.domain.query import matches

POD = Namespace(
    key=1,
    id="7cb720c0-ac4c-4266-92e1-dc277b2a9b94",
    type=NamespaceType.HOST,
    resources=(
        ("Container", "291cd4892b99"),
        ("Endpoint", "7cc03af7-2978-449f-9968-595862b80f8b"),
        ("Container", "291cd4892b99"),
        ("Container", "0f70f0bcccaf"),
    ),
)


def test_containers_may_repeat_and_keep_their_order() -> None:
    assert POD.containers == ("291cd4892b99", "291cd4892b99", "0f70f0bcccaf")
    assert POD.endpoint_ids == ("7cc03af7-2978-449f-9968-595862b80f8b",)


@pytest.mark.parametrize(
    ("namespace_type", "compartment", "expected"),
    [
        (NamespaceType.HOST, 0, True),
        (NamespaceType.HOST, 6, False),
        (NamespaceType.HOST_DEFAULT, 1, False),
        (NamespaceType.GUEST, 0, False),
        (NamespaceType.GUEST_DEFAULT, 0, False),
    ],
)
def test_only_a_host_namespace_awaits_a_compartment(
    namespace_type: NamespaceType, compartment: int, *, expected: bool
) -> None:
    namespace = replace(POD, type=namespace_type, compartment_id=compartment)
    assert namespace.awaits_compartment is expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({"ID": "{7CB720C0-AC4C-4266-92E1-DC277B2A9B94}"}, True, id="id, any spelling"),
        pytest.param({"ID": ""}, False, id="an empty id finds nothing"),
        pytest.param({"Type": "Host", "IsDefault": False}, True, id="names of both dialects"),
        pytest.param({"Type": "HostDefault"}, False, id="another type"),
        pytest.param({"CompartmentId": "0", "NamespaceId": 0}, True, id="numbers as text"),
        pytest.param({"Subnet": "Host"}, False, id="a name it lacks"),
    ],
)
def test_a_query_matches_by_the_names_of_both_dialects(
    wanted: dict[str, object], *, found: bool
) -> None:
    assert matches(wanted, properties(POD)) is found


def test_a_resource_comes_last_and_leaves_by_its_newest_entry() -> None:
    grown = with_resource(POD, ResourceType.CONTAINER, "0f70f0bcccaf")
    assert grown.containers == ("291cd4892b99", "291cd4892b99", "0f70f0bcccaf", "0f70f0bcccaf")
    shrunk = without_resource(grown, ResourceType.CONTAINER, "291cd4892b99")
    assert shrunk.resources == (
        ("Container", "291cd4892b99"),
        ("Endpoint", "7cc03af7-2978-449f-9968-595862b80f8b"),
        ("Container", "0f70f0bcccaf"),
        ("Container", "0f70f0bcccaf"),
    )
