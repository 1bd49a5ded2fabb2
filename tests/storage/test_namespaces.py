"""Namespaces come back as they were stored, with what they hold in the order it came."""

from hnsemu.domain.namespace_creation import NewNamespace
from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.storage import namespaces
from hnsemu.storage.transaction import Hns, Transaction, writes

POD = Namespace(
    key=0,
    id="7cb720c0-ac4c-4266-92e1-dc277b2a9b94",
    type=NamespaceType.HOST,
    name="pod",
    owner="containerd",
    allocator_id="cd46223c-7c6d-4ac2-bd1e-9d040b1ec3c5",
    built_in=True,
    version=64424509444,
    schema_version=(0, 0),
    additional_params='{"a": 1}',
    activity_id="3b27b61e-0b57-4185-9acc-4d7d23aa7580",
    created=133590635864554881,
    updated=133590635864554882,
)


@writes
def keep(tx: Transaction, namespace: Namespace) -> Namespace | None:
    """Store and read back."""
    namespaces.create(tx, NewNamespace(namespace, ()))
    return namespaces.find(tx, namespace.id)


def test_a_namespace_comes_back_as_stored(hns: Hns) -> None:
    kept = keep(hns, POD)
    assert kept is not None
    for member in Namespace.__dataclass_fields__:
        if member != "key":
            assert getattr(kept, member) == getattr(POD, member), member


def test_removing_a_container_takes_one_of_its_entries(hns: Hns) -> None:
    @writes
    def fill(tx: Transaction) -> list[tuple[str, ...]]:
        key = namespaces.create(tx, NewNamespace(POD, ())).key
        for container in ("a", "b", "a"):
            namespaces.add_container(tx, key, container)
        seen = []
        for container in ("a", "absent"):
            namespaces.remove_container(tx, key, container)
            found = namespaces.find(tx, POD.id)
            assert found is not None
            seen.append(found.containers)
        return seen

    assert fill(hns) == [("a", "b"), ("a", "b")]
