"""Any sequence of calls to a server, beside a model of what HNS allows, on both databases."""

import itertools
from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hnsemu.errors import Hr
from tests.e2e.servers import serving
from tests.property.model import (
    BalancerModel,
    EndpointModel,
    Frontend,
    HostModel,
    NetworkModel,
    Published,
)
from tests.waiting import PATIENCE

V2 = {"SchemaVersion": {"Major": 2, "Minor": 0}}
UNKNOWN = "11111111-2222-3333-4444-555555555555"
PROTOCOLS = {"TCP": 6, "UDP": 17}

names = st.sampled_from(["blue", "green", ""])
types = st.sampled_from(["NAT", "L2Bridge", "Internal", "Private"])
prefixes = st.sampled_from(
    [ip_network(f"10.{each}") for each in ("1.0.0/29", "1.0.0/28", "2.0.0/29")]
)
protocols = st.sampled_from(sorted(PROTOCOLS.values()))
published_ports = st.none() | st.tuples(protocols, st.integers(8080, 8082))
frontends = st.tuples(st.sampled_from(["10.96.0.1", "10.96.0.2"]), protocols, st.integers(80, 81))

_hosts = itertools.count()


class HnsMachine(RuleBasedStateMachine):
    """The calls of a client to an emulated host of its own."""

    client: httpx.Client

    @initialize()
    def make_host(self) -> None:
        """Make a fresh host, and the model of one."""
        self.model = HostModel()
        self.host = f"machine-{next(_hosts)}"
        assert self.client.put(f"/emulator/hosts/{self.host}").status_code == 201
        for network in self.get("/v2/networks"):
            prefix = IPv4Network(network["Ipams"][0]["Subnets"][0]["IpAddressPrefix"])
            self.model.networks[network["ID"]] = NetworkModel(network["Name"], "NAT", prefix)
        self.model.namespaces = self.get("/v2/namespaces?view=ids")

    def teardown(self) -> None:
        """Remove the host."""
        self.client.delete(f"/emulator/hosts/{self.host}")

    def get(self, path: str) -> Any:
        """Return what a path of the host answers."""
        answer = self.client.get(f"/hosts/{self.host}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def call(self, method: str, path: str, json: object, refusals: set[Hr]) -> Any:
        """Make a call that HNS takes, or else refuses for one of these reasons; then None."""
        answer = self.client.request(method, f"/hosts/{self.host}{path}", json=json)
        if refusals:
            assert answer.is_client_error, answer.text
            assert answer.json()["ErrorCode"] in {hr.hresult for hr in refusals}, answer.text
            return None
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    @rule(name=names, kind=types, prefix=prefixes)
    def create_network(self, name: str, kind: str, prefix: IPv4Network) -> None:
        """Make a network; l2bridge networks share one adapter."""
        asked = NetworkModel(name, kind, prefix)
        route = {"NextHop": asked.gateway, "DestinationPrefix": "0.0.0.0/0"}
        subnet = {"IpAddressPrefix": str(prefix), "Routes": [route]}
        document = {"Name": name, "Type": kind, "Ipams": [{"Subnets": [subnet]}], **V2}
        if kind == "L2Bridge":
            adapter = {"NetworkAdapterName": "Ethernet"}
            document["Policies"] = [{"Type": "NetAdapterName", "Settings": adapter}]
        made = self.call("POST", "/v2/networks", document, self.model.against_network(asked))
        if made is not None:
            self.model.networks[made["ID"]] = asked

    @rule(data=st.data())
    def delete_network(self, data: st.DataObject) -> None:
        """Delete a network with all its endpoints, or one that is not there."""
        network = data.draw(st.sampled_from([*self.model.networks, UNKNOWN]))
        refusals = {Hr.HCN_E_NETWORK_NOT_FOUND} if network == UNKNOWN else set()
        if self.call("DELETE", f"/v2/networks/{network}", None, refusals) is not None:
            self.model.drop_networks({network})

    @precondition(lambda self: self.model.networks)
    @rule(data=st.data(), host_part=st.none() | st.integers(0, 16), published=published_ports)
    def create_endpoint(
        self, data: st.DataObject, host_part: int | None, published: Published | None
    ) -> None:
        """Make an endpoint with any address or a certain one, publishing a port or none."""
        network_id = data.draw(st.sampled_from(list(self.model.networks)))
        network = self.model.networks[network_id]
        asked: dict[str, Any] = {"Name": "pod", **V2}
        if host_part is not None:
            address = str(network.prefix.network_address + host_part)
            asked["IpConfigurations"] = [{"IpAddress": address}]
        if published is not None:
            protocol, port = published
            mapping = {"Protocol": protocol, "ExternalPort": port, "InternalPort": 80}
            asked["Policies"] = [{"Type": "PortMapping", "Settings": mapping}]
        refusals = self.model.against_endpoint(network_id, host_part, published)
        made = self.call("POST", f"/v2/networks/{network_id}/endpoints", asked, refusals)
        if made is not None:
            given = made["IpConfigurations"][0]["IpAddress"]
            assert given not in self.model.used(network_id) | {network.gateway}
            self.model.endpoints[made["ID"]] = EndpointModel(network_id, given, published)

    @rule(data=st.data())
    def delete_endpoint(self, data: st.DataObject) -> None:
        """Delete an endpoint, or one that is not there."""
        endpoint = data.draw(st.sampled_from([*self.model.endpoints, UNKNOWN]))
        refusals = {Hr.HCN_E_ENDPOINT_NOT_FOUND} if endpoint == UNKNOWN else set()
        if self.call("DELETE", f"/v2/endpoints/{endpoint}", None, refusals) is not None:
            self.model.drop_endpoints({endpoint})

    @precondition(lambda self: len(self.model.namespaces) < 4)
    @rule()
    def create_namespace(self) -> None:
        """Make a namespace."""
        made = self.call("POST", "/v2/namespaces", {"Type": "Host", **V2}, set())
        self.model.namespaces.append(made["ID"])

    @precondition(lambda self: self.model.endpoints)
    @rule(data=st.data(), asked=st.sampled_from(["Add", "Remove"]))
    def move_endpoint(self, data: st.DataObject, asked: str) -> None:
        """Add an endpoint to a namespace, or remove it, whether it fits or not."""
        namespace = data.draw(st.sampled_from(self.model.namespaces))
        endpoint = data.draw(st.sampled_from([*self.model.endpoints, UNKNOWN]))
        member = {"EndpointId": endpoint}
        document = {"ResourceType": "Endpoint", "RequestType": asked, "Settings": member}
        refusals = self.model.against_move(asked, endpoint, namespace)
        if self.call("PATCH", f"/v2/namespaces/{namespace}", document, refusals) is not None:
            self.model.endpoints[endpoint].namespace = namespace if asked == "Add" else ""

    @precondition(lambda self: self.model.endpoints)
    @rule(data=st.data(), frontend=frontends)
    def create_load_balancer(self, data: st.DataObject, frontend: Frontend) -> None:
        """Balance over some endpoints, one of them perhaps unknown."""
        candidates = st.sampled_from([*self.model.endpoints, UNKNOWN])
        backends = data.draw(st.lists(candidates, min_size=1, max_size=3, unique=True))
        asked = BalancerModel(frontend, set(backends))
        vip, protocol, port = frontend
        mapping = {"Protocol": protocol, "InternalPort": 8080, "ExternalPort": port}
        document = {
            "HostComputeEndpoints": backends,
            "FrontendVIPs": [vip],
            "PortMappings": [mapping],
            **V2,
        }
        made = self.call("POST", "/v2/loadbalancers", document, self.model.against_balancer(asked))
        if made is not None:
            self.model.balancers[made["ID"]] = asked

    @rule(data=st.data())
    def delete_load_balancer(self, data: st.DataObject) -> None:
        """Delete a load balancer, or one that is not there."""
        balancer = data.draw(st.sampled_from([*self.model.balancers, UNKNOWN]))
        refusals = {Hr.E_ELEMENT_NOT_FOUND} if balancer == UNKNOWN else set()
        if self.call("DELETE", f"/v2/loadbalancers/{balancer}", None, refusals) is not None:
            del self.model.balancers[balancer]

    @rule()
    def restart_hns(self) -> None:
        """Restart HNS."""
        assert self.client.post(f"/emulator/hosts/{self.host}/restart").status_code == 200
        self.model.restart()

    @invariant()
    def both_apis_show_what_there_is(self) -> None:
        """Compare every list with the model."""
        model = self.model
        assert self.get("/v2/networks?view=ids") == list(model.networks)
        assert self.get("/v2/namespaces?view=ids") == model.namespaces
        shown = {
            each["ID"]: (
                each["IpConfigurations"][0]["IpAddress"],
                each.get("HostComputeNamespace", ""),
            )
            for each in self.get("/v2/endpoints")
        }
        assert shown == {
            id_: (each.address, each.namespace) for id_, each in model.endpoints.items()
        }
        balancers = self.get("/v2/loadbalancers")
        assert {each["ID"]: set(each.get("HostComputeEndpoints", ())) for each in balancers} == {
            id_: each.backends for id_, each in model.balancers.items()
        }
        listed = self.get("/v1/endpoints/")["Output"]
        assert [each["ID"].lower() for each in listed] == list(model.endpoints)

    @invariant()
    def winnat_maps_what_nat_networks_publish(self) -> None:
        """Compare WinNAT's static mappings with the model."""
        model = self.model
        mappings = self.get("/host/nat")["StaticMappings"]
        assert sorted((PROTOCOLS[each["Protocol"]], each["ExternalPort"]) for each in mappings) == (
            sorted(
                each.published
                for each in model.endpoints.values()
                if each.published and model.networks[each.network].type == "NAT"
            )
        )


@pytest.fixture
def machine(database_url: str) -> Iterator[type[HnsMachine]]:
    """Return the machine, its calls made to a server on a database of its own."""
    with (
        serving(database_url, HNSEMU_SEED="1") as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as client,
    ):
        yield type("HnsMachine", (HnsMachine,), {"client": client})


def test_no_sequence_of_calls_surprises_the_model(machine: type[HnsMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            phases=[Phase.generate],  # shrinking takes minutes; what failed is short enough
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
