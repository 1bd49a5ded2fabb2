"""Policy lists of every kind have flat policies, as the captured ones show them."""

from dataclasses import replace

import orjson
import pytest

from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.schema.kept_policies import kept_policies

EMPTY = PolicyList(
    key=1, id="a335d997-4160-44f9-9f72-1087a2cba45e", kind=PolicyListKind.LOAD_BALANCER
)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        pytest.param(
            replace(
                EMPTY,
                source_vip="100.244.206.66",
                frontend_vips=("10.99.234.145",),
                port_mappings=(PortMapping(6, 8080, 80),),
            ),
            b'[{"ExternalPort":80,"InternalPort":8080,"Protocol":6,'
            b'"SourceVIP":"100.244.206.66","Type":"ELB","VIPs":["10.99.234.145"]}]',
            id="as captured from HNS 9.2",
        ),
        pytest.param(
            replace(
                EMPTY,
                source_vip="10.244.178.2",
                flags=1,
                port_mappings=(PortMapping(6, 55680, 55680, flags=16),),
            ),
            b'[{"ExternalPort":55680,"InternalPort":55680,"IsDSR":true,"Protocol":6,'
            b'"SourceVIP":"10.244.178.2","Type":"ELB"}]',
            id="as captured from HNS 15.0, direct return",
        ),
        pytest.param(
            replace(EMPTY, port_mappings=(PortMapping(6, 80, 31416, flags=2),)),
            b'[{"ExternalPort":31416,"InternalPort":80,"LocalRoutedVip":true,"Protocol":6,'
            b'"Type":"ELB"}]',
            id="a node port is told by LocalRoutedVip",
        ),
        pytest.param(
            replace(
                EMPTY,
                frontend_vips=("10.0.1.2",),
                port_mappings=(PortMapping(flags=1), PortMapping(17, 53, 53)),
            ),
            b'[{"ExternalPort":0,"ILB":true,"InternalPort":0,"Type":"ELB","VIPs":["10.0.1.2"]},'
            b'{"ExternalPort":53,"InternalPort":53,"Protocol":17,"Type":"ELB","VIPs":["10.0.1.2"]}]',
            id="one policy per port mapping",
        ),
        pytest.param(
            replace(
                EMPTY,
                kind=PolicyListKind.ROUTE,
                routes=(
                    SdnRoute("10.96.0.0/12", need_encap=True),
                    SdnRoute("169.254.169.254/24", "127.10.0.34"),
                ),
            ),
            b'[{"DestinationPrefix":"10.96.0.0/12","NeedEncap":true,"Type":"ROUTE"},'
            b'{"DestinationPrefix":"169.254.169.254/24","NextHop":"127.10.0.34","Type":"ROUTE"}]',
            id="routes",
        ),
        pytest.param(
            replace(
                EMPTY, kind=PolicyListKind.OTHER, policies=('{ "Type":"QOS" }', '{"Type":"ELB"}')
            ),
            b'[{ "Type":"QOS" },{"Type":"ELB"}]',
            id="plain lists keep the bytes that came",
        ),
    ],
)
def test_policies_are_flat_and_sorted(kept: PolicyList, expected: bytes) -> None:
    assert orjson.dumps(kept_policies(kept)) == expected
