"""Networks that several clients want at once, on both databases."""

from dataclasses import replace

from hnsemu.docker.domain.network_creation import NetworkRequest
from hnsemu.docker.domain.networks import Pool
from hnsemu.docker.errors import DockerError
from hnsemu.docker.services import daemon, networks
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import networks as hns_networks
from hnsemu.storage.transaction import Hns
from tests.racing import racing


def test_one_of_many_clients_gets_a_name(hns: Hns) -> None:
    daemon.start_at_first_request(hns)
    outcomes = racing(lambda _: networks.create_network(hns, NetworkRequest("web")))
    losers = [error for error in outcomes if isinstance(error, DockerError)]
    assert (len(outcomes), len(losers)) == (16, 15)
    assert {(error.status, error.message) for error in losers} == {
        (409, "network with name web already exists")
    }
    assert len(hns_networks.list_networks(hns, EVERYTHING)) == 2


def test_one_of_many_clients_starts_the_daemon(hns: Hns) -> None:
    standings = racing(lambda _: daemon.start_at_first_request(hns))
    assert len(set(standings)) == 1
    assert networks.inspect_network(hns, "none")["Driver"] == "null"


def test_a_refused_network_leaves_nothing_in_hns(hns: Hns) -> None:
    daemon.start_at_first_request(hns)
    before = hns_networks.list_networks(hns, EVERYTHING)
    request = NetworkRequest("lan", driver="l2bridge", pools=(Pool("10.5.0.0/24"),))
    outcomes = racing(lambda _: networks.create_network(hns, replace(request)), racers=1)
    assert [str(outcome) for outcome in outcomes] == ["invalid CIDR address: /32"]
    assert hns_networks.list_networks(hns, EVERYTHING) == before


def test_a_full_id_means_more_than_the_same_text_as_a_name(hns: Hns) -> None:
    daemon.start_at_first_request(hns)
    first = networks.create_network(hns, NetworkRequest("web"))
    networks.create_network(hns, NetworkRequest(first))
    assert networks.inspect_network(hns, first)["Name"] == "web"
