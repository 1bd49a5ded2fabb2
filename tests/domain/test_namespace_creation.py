"""A new namespace: in which compartment it is, and when it gets one of its own."""

import pytest

from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.namespace_creation import (
    NamespaceRequest,
    NamespaceSite,
    new_namespace,
    with_compartment,
)
from hnsemu.domain.namespaces import HOST_COMPARTMENT_GUID, NamespaceType
from hnsemu.domain.notifications import HcnNotification
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource

NAMED = IdentityRequest("mine", "pod")


def site(release: str = "ws2025", *, id_is_taken: bool = False) -> NamespaceSite:
    return NamespaceSite(RELEASES[release], 7, id_is_taken, next_compartment=6)


@pytest.mark.parametrize(
    ("request_", "release", "compartment"),
    [
        (NamespaceRequest(NAMED), "ws2025", 0),
        (NamespaceRequest(NAMED, NamespaceType.HOST_DEFAULT), "ws2025", 1),
        (NamespaceRequest(NAMED, NamespaceType.GUEST), "ws2025", 0),
        (NamespaceRequest(NAMED, with_compartment=True), "ws2016", 6),
        (NamespaceRequest(NAMED, ready_on_create=True), "ws2025", 6),
        (NamespaceRequest(NAMED, ready_on_create=True), "ws2022", 0),
        (NamespaceRequest(NAMED, NamespaceType.GUEST, with_compartment=True), "ws2025", 0),
    ],
    ids=["waiting", "of the host", "of a guest", "with one", "ready", "too old for ready",
         "inside the utility VM"],
)  # fmt: skip
def test_a_namespace_gets_the_compartment_of_its_type(
    request_: NamespaceRequest, release: str, compartment: int
) -> None:
    namespace = new_namespace(request_, site(release), SeededSource()).namespace
    assert namespace.compartment_id == compartment
    assert bool(namespace.compartment_guid) is bool(compartment)
    assert (namespace.compartment_guid == HOST_COMPARTMENT_GUID) is (compartment == 1)


def test_its_creation_is_told() -> None:
    (told,) = new_namespace(NamespaceRequest(NAMED), site(), SeededSource()).notifications
    assert (told.kind, told.object_id) == (HcnNotification.NAMESPACE_CREATE, "mine")


def test_a_taken_id_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        new_namespace(NamespaceRequest(NAMED), site(id_is_taken=True), SeededSource())
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS


def test_a_compartment_comes_once() -> None:
    namespace = new_namespace(NamespaceRequest(NAMED), site(), SeededSource()).namespace
    first = with_compartment(namespace, 6, SeededSource())
    assert first.compartment_id == 6
    assert with_compartment(first, 7, SeededSource()) is first
