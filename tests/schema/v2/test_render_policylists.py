"""Policy lists are answered in schema order, empty members left out, numbers as numbers."""

from dataclasses import replace

import orjson

from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.v2.render_policylists import (
    load_balancer_document,
    policy_list_document,
    sdn_route_document,
)

WS2025 = RELEASES["ws2025"]
BALANCER = PolicyList(
    key=1,
    id="a335d997-4160-44f9-9f72-1087a2cba45e",
    kind=PolicyListKind.LOAD_BALANCER,
    references=("028abaed-7ff6-4fdc-992c-d3b004936be0", "E84BAD42-A6EE-40A8-8145-C9F084654774"),
    source_vip="100.244.206.66",
    frontend_vips=("10.99.234.145",),
    port_mappings=(PortMapping(6, 8080, 80),),
    version=64424509444,
    activity_id="ff1908a9-9b2c-4d07-af3e-865688b344dd",
    updated=132844046714528311,
)


def without_health(document: dict[str, object]) -> bytes:
    assert list(document)[:3] == ["ID", "Version", "Health"]
    return orjson.dumps({key: value for key, value in document.items() if key != "Health"})


def test_a_load_balancer_as_captured_from_hns_9_2() -> None:
    assert without_health(load_balancer_document(BALANCER, WS2025)) == (
        b'{"ID":"a335d997-4160-44f9-9f72-1087a2cba45e","Version":64424509444,'
        b'"SchemaVersion":{"Major":2,"Minor":0},'
        b'"HostComputeEndpoints":["028abaed-7ff6-4fdc-992c-d3b004936be0",'
        b'"E84BAD42-A6EE-40A8-8145-C9F084654774"],'
        b'"SourceVIP":"100.244.206.66","FrontendVIPs":["10.99.234.145"],'
        b'"PortMappings":[{"Protocol":6,"InternalPort":8080,"ExternalPort":80}]}'
    )


def test_what_only_some_load_balancers_have() -> None:
    balancer = replace(
        BALANCER,
        network="93c59a4b-f5c0-42aa-be09-e7480de1ff3d",
        references=(),
        source_vip="",
        frontend_vips=(),
        port_mappings=(PortMapping(), PortMapping(17, 53, 53, 2, 18)),
        flags=3,
    )
    assert without_health(load_balancer_document(balancer, WS2025)) == (
        b'{"ID":"a335d997-4160-44f9-9f72-1087a2cba45e","Version":64424509444,'
        b'"SchemaVersion":{"Major":2,"Minor":0},'
        b'"HostComputeNetwork":"93c59a4b-f5c0-42aa-be09-e7480de1ff3d",'
        b'"PortMappings":[{},{"Protocol":17,"InternalPort":53,"ExternalPort":53,'
        b'"DistributionType":2,"Flags":18}],"Flags":3}'
    )


def test_routes() -> None:
    routes = replace(
        BALANCER,
        kind=PolicyListKind.ROUTE,
        references=BALANCER.references[:1],
        routes=(
            SdnRoute("169.254.169.254/24", "127.10.0.34"),
            SdnRoute("10.96.0.0/12", need_encap=True, automatic_endpoint_monitor=True),
        ),
    )
    assert without_health(sdn_route_document(routes, WS2025)) == (
        b'{"ID":"a335d997-4160-44f9-9f72-1087a2cba45e","Version":64424509444,'
        b'"SchemaVersion":{"Major":2,"Minor":0},'
        b'"HostComputeEndpoints":["028abaed-7ff6-4fdc-992c-d3b004936be0"],'
        b'"Routes":[{"DestinationPrefix":"169.254.169.254/24","NextHop":"127.10.0.34"},'
        b'{"DestinationPrefix":"10.96.0.0/12","NeedEncap":true,"AutomaticEndpointMonitor":true}]}'
    )


def test_a_policy_list_of_any_kind_shows_flat_policies() -> None:
    assert without_health(policy_list_document(BALANCER, WS2025)) == (
        b'{"ID":"a335d997-4160-44f9-9f72-1087a2cba45e","Version":64424509444,'
        b'"SchemaVersion":{"Major":2,"Minor":0},'
        b'"References":["/endpoints/028abaed-7ff6-4fdc-992c-d3b004936be0",'
        b'"/endpoints/E84BAD42-A6EE-40A8-8145-C9F084654774"],'
        b'"Policies":[{"ExternalPort":80,"InternalPort":8080,"Protocol":6,'
        b'"SourceVIP":"100.244.206.66","Type":"ELB","VIPs":["10.99.234.145"]}]}'
    )


def test_the_resources_are_under_health() -> None:
    document = orjson.loads(orjson.dumps(load_balancer_document(BALANCER, WS2025)))
    resources = document["Health"]["Extra"]["Resources"]
    assert resources["ID"] == "FF1908A9-9B2C-4D07-AF3E-865688B344DD"
    assert resources["AllocationOrder"] == 1
