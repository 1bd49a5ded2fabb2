"""Load balancers are whole or not there, and no two answer on the same."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify_loadbalancers import read_load_balancer_change
from hnsemu.schema.v2.query import EVERYTHING, read_query
from hnsemu.services import endpoints, hosts, loadbalancers, policylists, routes
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.racing import racing
from tests.services.pods import host_of, overlay, pod, remote

CHOSEN = "1a2b3c4d-0003-4000-8000-00000000c001"
NOWHERE = "5f0b1190-63be-4e0c-b974-bd0f55675a42"
HTTP = {"Protocol": 6, "InternalPort": 8080, "ExternalPort": 80}


def document(*backends: str, **members: object) -> dict[str, object]:
    """Return what kube-proxy sends for a cluster address, with other members as given."""
    return {
        "HostComputeEndpoints": list(backends),
        "SourceVIP": "192.168.1.2",
        "FrontendVIPs": ["11.0.0.1"],
        "PortMappings": [HTTP],
        "SchemaVersion": {"Major": 2, "Minor": 0},
        "Flags": 1,
        **members,
    }


def create(hns: Hns, *backends: str, **members: object) -> PolicyList:
    balancer = parse(HostComputeLoadBalancer, document(*backends, **members))
    return loadbalancers.create_load_balancer(hns, balancer)


def modify(hns: Hns, load_balancer_id: str, data: Mapping[str, object]) -> PolicyList:
    change = read_load_balancer_change(data)
    return loadbalancers.modify_load_balancer(hns, load_balancer_id, change)


def every(hns: Hns) -> list[PolicyList]:
    return loadbalancers.list_load_balancers(hns, EVERYTHING)


@pytest.fixture
def hns(database: Database) -> Hns:
    """Return the HNS service of a host that changes load balancers: ws2025's HNS does not."""
    service = Hns(database, "default", SeededSource())
    hosts.ensure_host(service, HostDefinition(hns_version=(15, 5)))
    return service


@pytest.fixture
def network(hns: Hns) -> Network:
    """Return the network the backends are on."""
    return overlay(hns)


@pytest.fixture
def backends(hns: Hns, network: Network) -> tuple[str, str]:
    """Return the ids of a local and a remote backend."""
    return pod(hns, network).id, remote(hns, network).id


def test_what_was_asked_for_is_kept(hns: Hns, network: Network, backends: tuple[str, str]) -> None:
    kept = create(hns, *backends, Name="web", Owner="kube-proxy")
    assert kept.references == backends
    assert kept.network == network.id
    assert (kept.name, kept.owner) == ("web", "kube-proxy")
    assert (kept.source_vip, kept.frontend_vips, kept.flags) == ("192.168.1.2", ("11.0.0.1",), 1)
    assert kept.port_mappings == (PortMapping(6, 8080, 80),)
    assert loadbalancers.get_load_balancer(hns, kept.id) == kept
    assert every(hns) == [kept]


def test_it_is_a_policy_list_but_no_route(hns: Hns, backends: tuple[str, str]) -> None:
    kept = create(hns, *backends)
    assert policylists.list_policy_lists(hns, EVERYTHING) == [kept]
    assert policylists.get_policy_list(hns, kept.id) == kept
    assert routes.list_sdn_routes(hns, EVERYTHING) == []
    with pytest.raises(HnsError) as refusal:
        routes.get_sdn_route(hns, kept.id)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_an_id_is_honoured_and_comes_back_after_delete_and_create(
    hns: Hns, backends: tuple[str, str]
) -> None:
    assert create(hns, backends[0], ID=CHOSEN.upper()).id == CHOSEN
    loadbalancers.delete_load_balancer(hns, CHOSEN)
    assert create(hns, *backends, ID=CHOSEN).id == CHOSEN


def test_an_id_of_zeros_asks_for_a_new_one(hns: Hns, backends: tuple[str, str]) -> None:
    zeros = "00000000-0000-0000-0000-000000000000"
    assert create(hns, *backends, ID=zeros).id != zeros


def test_backends_are_echoed_in_the_case_they_came_in(hns: Hns, backends: tuple[str, str]) -> None:
    shouted = tuple(backend.upper() for backend in backends)
    kept = create(hns, *shouted)
    assert loadbalancers.get_load_balancer(hns, kept.id).references == shouted


def test_an_empty_address_is_none(hns: Hns, backends: tuple[str, str]) -> None:
    assert create(hns, *backends, FrontendVIPs=[""], SourceVIP="").frontend_vips == ()


@pytest.mark.parametrize(("release", "tells"), [("ws2022", False), ("win11", True)])
def test_the_network_is_told_from_hns_15_on(
    database: Database, release: str, *, tells: bool
) -> None:
    hns = host_of(database, release)
    network = overlay(hns)
    kept = create(hns, pod(hns, network).id)
    assert kept.network == (network.id if tells else "")


def test_equal_load_balancers_cannot_be_two_and_nothing_is_left_behind(
    hns: Hns, backends: tuple[str, str]
) -> None:
    kept = create(hns, *backends)
    with pytest.raises(HnsError) as refusal:
        create(hns, backends[0], FrontendVIPs=["11.0.0.2", "11.0.0.1"])
    assert refusal.value.hr is Hr.E_ALREADY_EXISTS
    assert kept.id in refusal.value.detail
    assert every(hns) == [kept]
    create(hns, backends[0], FrontendVIPs=["11.0.0.2"])


@pytest.mark.parametrize(
    "difference",
    [
        pytest.param({"FrontendVIPs": ["11.0.0.2"]}, id="address"),
        pytest.param({"FrontendVIPs": []}, id="node port"),
        pytest.param({"FrontendVIPs": [], "Flags": 3}, id="IPv6 node port"),
        pytest.param({"PortMappings": [{**HTTP, "Protocol": 17}]}, id="protocol"),
        pytest.param({"PortMappings": [{**HTTP, "ExternalPort": 81}]}, id="external port"),
    ],
)
def test_one_difference_is_enough(
    hns: Hns, backends: tuple[str, str], difference: dict[str, object]
) -> None:
    first = create(hns, *backends)
    second = create(hns, *backends, **difference)
    assert every(hns) == [first, second]


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        pytest.param(
            {"HostComputeEndpoints": []}, Hr.HCN_E_INVALID_JSON_REFERENCE, id="no backend"
        ),
        pytest.param(
            {"HostComputeEndpoints": [NOWHERE]}, Hr.HCN_E_ENDPOINT_NOT_FOUND, id="unknown backend"
        ),
        pytest.param(
            {"HostComputeEndpoints": ["pod"]},
            Hr.HCN_E_GUID_CONVERSION_FAILURE,
            id="backend without a GUID",
        ),
        pytest.param(
            {"HostComputeNetwork": NOWHERE}, Hr.HCN_E_NETWORK_NOT_FOUND, id="unknown network"
        ),
        pytest.param({"PortMappings": None}, Hr.HCN_E_INVALID_POLICY, id="no port mapping"),
        pytest.param({"FrontendVIPs": ["web"]}, Hr.HCN_E_INVALID_POLICY, id="no address"),
    ],
)
def test_a_refused_load_balancer_leaves_nothing(
    hns: Hns, backends: tuple[str, str], members: dict[str, object], hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        create(hns, *backends, **members)
    assert refusal.value.hr is hr
    assert every(hns) == []


def test_a_taken_id_is_refused(hns: Hns, backends: tuple[str, str]) -> None:
    kept = create(hns, *backends)
    with pytest.raises(HnsError) as refusal:
        create(hns, *backends, ID=kept.id, FrontendVIPs=["11.0.0.2"])
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS
    assert every(hns) == [kept]


def test_a_deleted_load_balancer_frees_what_it_answered_on(
    hns: Hns, backends: tuple[str, str]
) -> None:
    loadbalancers.delete_load_balancer(hns, create(hns, *backends).id)
    assert every(hns) == []
    create(hns, *backends)


def test_what_does_not_exist_is_not_found(hns: Hns) -> None:
    for work in (
        loadbalancers.get_load_balancer,
        loadbalancers.delete_load_balancer,
        policylists.delete_policy_list,
    ):
        with pytest.raises(HnsError) as refusal:
            work(hns, NOWHERE)
        assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND
    with pytest.raises(HnsError) as refusal:
        modify(hns, NOWHERE, document())
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_a_query_selects(hns: Hns, backends: tuple[str, str]) -> None:
    first = create(hns, *backends)
    second = create(hns, *backends, FrontendVIPs=["11.0.0.2"], Flags=0)
    for text, expected in (
        (f'{{"Filter": "{{\\"ID\\":\\"{second.id.upper()}\\"}}"}}', [second]),
        (f'{{"Filter": "{{\\"ID\\":\\"{NOWHERE}\\"}}"}}', []),
        ('{"Filter": "{\\"Flags\\":1}"}', [first]),
        ("{}", [first, second]),
    ):
        assert loadbalancers.list_load_balancers(hns, read_query(text)) == expected
    assert loadbalancers.list_load_balancers(hns, EVERYTHING, 1) == [first]
    assert loadbalancers.list_load_balancers(hns, EVERYTHING, 1, first.id) == [second]


def test_a_whole_document_replaces_everything_but_identity(
    hns: Hns, network: Network, backends: tuple[str, str]
) -> None:
    kept = create(hns, *backends, Name="web")
    third = pod(hns, network).id
    changed = modify(
        hns,
        kept.id,
        {
            "HostComputeEndpoints": [*backends, third],
            "PortMappings": [{**HTTP, "DistributionType": 2}],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
    assert changed == replace(
        kept,
        references=(*backends, third),
        source_vip="",
        frontend_vips=(),
        port_mappings=(PortMapping(6, 8080, 80, distribution_type=2),),
        flags=0,
        updated=changed.updated,
    )
    assert changed.updated > kept.updated
    assert loadbalancers.get_load_balancer(hns, kept.id) == changed
    create(hns, *backends)  # what it answered on before is free


@pytest.mark.parametrize("request_type", ["Update", 2])
def test_an_update_request_replaces_what_it_names(
    hns: Hns, backends: tuple[str, str], request_type: object
) -> None:
    kept = create(hns, backends[0])
    settings = {"HostComputeEndpoints": [backends[1]], "SourceVIP": "192.168.1.3"}
    changed = modify(hns, kept.id, {"RequestType": request_type, "Settings": settings})
    assert changed == replace(
        kept, references=(backends[1],), source_vip="192.168.1.3", updated=changed.updated
    )


def test_an_add_request_adds_the_backends_that_are_missing(
    hns: Hns, backends: tuple[str, str]
) -> None:
    kept = create(hns, backends[0])
    settings = {"HostComputeEndpoints": [backends[1], backends[0].upper()]}
    changed = modify(hns, kept.id, {"RequestType": "Add", "Settings": settings})
    assert changed == replace(kept, references=backends, updated=changed.updated)


def test_a_request_removes_backends_but_not_the_last(hns: Hns, backends: tuple[str, str]) -> None:
    kept = create(hns, *backends)
    gone = {"RequestType": "Remove", "Settings": {"HostComputeEndpoints": [backends[0].upper()]}}
    assert modify(hns, kept.id, gone).references == (backends[1],)
    gone = {"RequestType": "Remove", "Settings": {"HostComputeEndpoints": [backends[1]]}}
    with pytest.raises(HnsError) as refusal:
        modify(hns, kept.id, gone)
    assert refusal.value.hr is Hr.HCN_E_INVALID_JSON_REFERENCE


@pytest.mark.parametrize("request_type", ["Refresh", "Reset", None])
def test_other_requests_are_unsupported(
    hns: Hns, backends: tuple[str, str], request_type: str | None
) -> None:
    kept = create(hns, *backends)
    with pytest.raises(HnsError) as refusal:
        modify(hns, kept.id, {"RequestType": request_type, "Settings": {}})
    assert refusal.value.hr is Hr.HCN_E_REQUEST_UNSUPPORTED


def test_a_change_that_another_load_balancer_bars_changes_nothing(
    hns: Hns, backends: tuple[str, str]
) -> None:
    first = create(hns, *backends)
    second = create(hns, *backends, FrontendVIPs=["11.0.0.2"])
    with pytest.raises(HnsError) as refusal:
        modify(hns, second.id, document(*backends))
    assert refusal.value.hr is Hr.E_ALREADY_EXISTS
    assert every(hns) == [first, second]
    with pytest.raises(HnsError):
        create(hns, *backends, FrontendVIPs=["11.0.0.2"])


@pytest.mark.parametrize("vip", ["11.0.0.1", "11.0.0.9"])
def test_15_4_says_that_it_changed_one_and_does_not(database: Database, vip: str) -> None:
    hns = host_of(database, "ws2025")
    network = overlay(hns)
    first, second = pod(hns, network).id, pod(hns, network).id
    kept = create(hns, first)
    assert modify(hns, kept.id, document(first, second, FrontendVIPs=[vip])) == kept
    assert every(hns) == [kept]


def test_a_release_before_15_4_cannot_change_one(database: Database) -> None:
    hns = host_of(database, "ws2022")
    backend = pod(hns, overlay(hns)).id
    kept = create(hns, backend)
    with pytest.raises(HnsError) as refusal:
        modify(hns, kept.id, document(backend, SourceVIP="192.168.1.3"))
    assert refusal.value.hr is Hr.E_NOTIMPL
    assert every(hns) == [kept]


def test_a_deleted_endpoint_is_no_backend_any_more(hns: Hns, backends: tuple[str, str]) -> None:
    kept = create(hns, *backends)
    endpoints.delete_endpoint(hns, backends[0])
    assert loadbalancers.get_load_balancer(hns, kept.id).references == (backends[1],)


def test_of_sixteen_equal_ones_at_once_exactly_one_wins(
    hns: Hns, backends: tuple[str, str]
) -> None:
    outcomes = racing(lambda _: create(hns, *backends))
    winners = [outcome for outcome in outcomes if isinstance(outcome, PolicyList)]
    losers = [outcome for outcome in outcomes if not isinstance(outcome, PolicyList)]
    assert every(hns) == winners
    assert len(winners) == 1
    assert losers == [Hr.E_ALREADY_EXISTS] * 15
    assert winners[0].kind is PolicyListKind.LOAD_BALANCER
