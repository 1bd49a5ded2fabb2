"""Policy lists come back as they were stored, and a frontend has one holder."""

from dataclasses import replace

import pytest

from hnsemu.domain.loadbalancers import Frontend
from hnsemu.domain.policylist_placement import Neighbours, PlacedPolicyList
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import policylists
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, writes

HTTP = Frontend("10.96.0.10", 6, 80)
EVERYTHING = PolicyList(
    key=0,
    id="a335d997-4160-44f9-9f72-1087a2cba45e",
    kind=PolicyListKind.LOAD_BALANCER,
    name="web",
    owner="kube-proxy",
    network="93c59a4b-f5c0-42aa-be09-e7480de1ff3d",
    source_vip="100.244.206.66",
    frontend_vips=("10.96.0.10", "FD00::1"),
    port_mappings=(PortMapping(6, 8080, 80, 2, 28), PortMapping()),
    routes=(SdnRoute("10.96.0.0/12", "", need_encap=True, automatic_endpoint_monitor=True),),
    policies=('{"Type": "ELB"}',),
    flags=3,
    version=64424509444,
    schema_version=(2, 2),
    additional_params='{"a": 1}',
    activity_id="3b27b61e-0b57-4185-9acc-4d7d23aa7580",
    created=133590635864554881,
    updated=133590635864554882,
)
OTHER = replace(EVERYTHING, id="f4f6a3db-f234-49b2-960b-f0c45c25208b")


ANSWERING = PlacedPolicyList(EVERYTHING, frontends=(HTTP,))


def holder(tx: Transaction, frontend: Frontend) -> str:
    """Return the id of a load balancer that answers on a frontend."""
    mapping = PortMapping(frontend.protocol, 80, frontend.external_port)
    other = replace(OTHER, frontend_vips=(frontend.vip,), port_mappings=(mapping,))
    return policylists.neighbours(tx, other).frontend_holder


def test_a_policy_list_comes_back_as_stored(hns: Hns) -> None:
    @writes
    def keep(tx: Transaction) -> list[PolicyList | None]:
        return [
            policylists.create(tx, PlacedPolicyList(EVERYTHING)),
            policylists.find(tx, EVERYTHING.id),
        ]

    created, kept = keep(hns)
    assert created == kept
    assert kept is not None
    assert replace(kept, key=0) == EVERYTHING


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_frontends_of_the_same_addresses_are_read(database: Database, hns: Hns) -> None:
    plans: list[str] = []
    balancer = replace(EVERYTHING, port_mappings=(PortMapping(6, 80, 80), PortMapping(6, 80, 81)))
    with database.reading() as connection:
        tx = hns.transaction(connection, writing=False)
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_trace_callback(plans.append)
        policylists.neighbours(tx, balancer)
        driver.set_trace_callback(None)
        (asked,) = (sql for sql in plans if "in_use" in sql)
        plan = [str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    assert any("(host_key=? AND vip=?)" in step for step in plan)


def test_a_change_leaves_identity_and_creation_alone(hns: Hns) -> None:
    @writes
    def change(tx: Transaction) -> PolicyList | None:
        created = policylists.create(tx, PlacedPolicyList(EVERYTHING))
        wanted = replace(created, created=1, version=1, activity_id="", flags=0, source_vip="")
        policylists.change(tx, PlacedPolicyList(wanted))
        return policylists.find(tx, EVERYTHING.id)

    changed = change(hns)
    assert changed is not None
    assert replace(changed, key=0) == replace(EVERYTHING, flags=0, source_vip="")


def test_a_frontend_has_one_holder_until_it_is_given_up(hns: Hns) -> None:
    @writes
    def claim(tx: Transaction) -> list[str]:
        created = policylists.create(tx, ANSWERING)
        seen = [holder(tx, HTTP), holder(tx, replace(HTTP, protocol=17))]
        policylists.change(tx, PlacedPolicyList(created))
        return [*seen, holder(tx, HTTP)]

    assert claim(hns) == [EVERYTHING.id, "", ""]


def test_a_policy_list_is_not_in_its_own_way(hns: Hns) -> None:
    @writes
    def look(tx: Transaction) -> Neighbours:
        created = policylists.create(tx, ANSWERING)
        return policylists.neighbours(tx, replace(created, port_mappings=(PortMapping(6, 80, 80),)))

    seen = look(hns)
    assert (seen.id_is_taken, seen.frontend_holder) == (False, "")


def test_the_database_refuses_a_second_holder(hns: Hns) -> None:
    @writes
    def claim_twice(tx: Transaction) -> None:
        policylists.create(tx, ANSWERING)
        policylists.create(tx, replace(ANSWERING, policy_list=OTHER))

    with pytest.raises(HnsError) as refusal:
        claim_twice(hns)
    assert refusal.value.hr is Hr.E_ALREADY_EXISTS


def test_deleting_a_policy_list_frees_its_frontends(hns: Hns) -> None:
    @writes
    def claim_and_delete(tx: Transaction) -> str:
        policylists.remove(tx, policylists.create(tx, ANSWERING))
        return holder(tx, HTTP)

    assert claim_and_delete(hns) == ""


def test_a_hundred_thousand_frontends_and_references_are_looked_up(hns: Hns) -> None:
    last = Frontend("10.0.3.231", 6, 100)

    @writes
    def meet(tx: Transaction) -> Neighbours:
        policylists.create(tx, PlacedPolicyList(EVERYTHING, frontends=(last,)))
        return policylists.neighbours(
            tx,
            replace(
                OTHER,
                frontend_vips=tuple(f"10.0.{vip // 256}.{vip % 256}" for vip in range(1000)),
                port_mappings=tuple(PortMapping(6, 80, port) for port in range(1, 101)),
                references=tuple(f"00000000-0000-0000-0000-{n:012d}" for n in range(70_000)),
            ),
        )

    assert meet(hns).frontend_holder == EVERYTHING.id
