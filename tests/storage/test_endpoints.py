"""Endpoints that are looked up by their names."""

import pytest
from sqlalchemy import text

from hnsemu.storage import endpoints, networks
from hnsemu.storage.database import Database
from hnsemu.storage.prepared import Answer, Prepared
from hnsemu.storage.transaction import Hns
from tests.services.vnics import asked, create, private


def test_an_endpoint_is_found_by_its_name_on_its_network(database: Database, hns: Hns) -> None:
    here, there = private(hns, "10.0.0.0/24"), private(hns, "10.1.0.0/24")
    create(hns, there, asked(Name="web"))
    oldest = create(hns, here, asked(Name="web"))
    create(hns, here, asked(Name="web"))
    create(hns, here, asked(Name="db"))
    with database.reading() as connection:
        tx = hns.transaction(connection, writing=False)
        network = networks.find(tx, here)
        assert network is not None
        assert endpoints.id_of_name(tx, network.key, "web") == oldest.id
        assert endpoints.id_of_name(tx, network.key, "Web") == ""
        assert endpoints.id_of_name(tx, network.key, "") == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_endpoints_of_the_name_are_read(
    database: Database, hns: Hns, monkeypatch: pytest.MonkeyPatch
) -> None:
    network_id = private(hns, "10.0.0.0/24")
    plans: list[str] = []
    with database.reading() as connection:
        tx = hns.transaction(connection, writing=False)
        network = networks.find(tx, network_id)
        assert network is not None
        ask = Prepared.ask

        def explained(self: Prepared, *args: object) -> Answer:
            plan = text(f"EXPLAIN QUERY PLAN {self.sql(connection.dialect)}")
            plans.extend(row[-1] for row in connection.exec_driver_sql(str(plan), (1, "web", 1)))
            return ask(self, *args)  # type: ignore[arg-type]

        monkeypatch.setattr(Prepared, "ask", explained)
        endpoints.id_of_name(tx, network.key, "web")
    assert any("ix_endpoints_host_key_name (host_key=? AND name=?)" in plan for plan in plans)
