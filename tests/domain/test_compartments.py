"""A compartment exists for the host, and for each namespace in which something runs."""

from hnsemu.domain.compartments import Compartment, compartments
from hnsemu.domain.namespaces import HOST_COMPARTMENT_GUID, Namespace, NamespaceType

HOST = Compartment(1, HOST_COMPARTMENT_GUID, "Default Compartment")


def test_the_host_always_has_its_own() -> None:
    assert compartments([]) == [HOST]


def test_a_namespace_nothing_runs_in_has_none() -> None:
    assert compartments([Namespace(1, "idle", NamespaceType.HOST)]) == [HOST]


def test_compartments_come_by_number_with_their_namespaces() -> None:
    found = compartments(
        [
            Namespace(1, "late", NamespaceType.HOST, compartment_id=7, compartment_guid="g7"),
            Namespace(2, "default", NamespaceType.HOST_DEFAULT, compartment_id=1),
            Namespace(3, "early", NamespaceType.HOST, compartment_id=2, compartment_guid="g2"),
            Namespace(4, "second", NamespaceType.HOST_DEFAULT, compartment_id=1),
        ]
    )
    assert [(compartment.id, compartment.namespace_ids) for compartment in found] == [
        (1, ("default", "second")),
        (2, ("early",)),
        (7, ("late",)),
    ]
    assert found[1].guid == "g2"
