"""What a list of SDN routes may say."""

from dataclasses import replace

import pytest

from hnsemu.domain.policylists import PolicyList, PolicyListKind, SdnRoute
from hnsemu.domain.routes import check_sdn_routes
from hnsemu.errors import HnsError, Hr

SERVICES = SdnRoute(destination_prefix="10.96.0.0/12", need_encap=True)
ROUTES = PolicyList(
    key=0,
    id="",
    kind=PolicyListKind.ROUTE,
    references=("0d7e0000-0000-4000-8000-000000000001",),
    routes=(SERVICES,),
)


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(SERVICES, id="no next hop"),
        pytest.param(SdnRoute("169.254.169.254/24", "127.10.0.34"), id="host bits in the prefix"),
        pytest.param(SdnRoute("169.254.169.254", "127.10.0.34"), id="a single address"),
        pytest.param(SdnRoute("::/0", "fd00::1"), id="IPv6"),
        pytest.param(SdnRoute("0.0.0.0/0", "0.0.0.0"), id="a next hop of zeros"),
    ],
)
def test_what_clients_send_is_valid(route: SdnRoute) -> None:
    check_sdn_routes(replace(ROUTES, routes=(SERVICES, route)))


def test_a_list_may_be_without_routes() -> None:
    check_sdn_routes(replace(ROUTES, routes=()))


@pytest.mark.parametrize(
    ("routes", "hr", "named"),
    [
        pytest.param(
            replace(ROUTES, references=()),
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "HostComputeEndpoints",
            id="no endpoint",
        ),
        pytest.param(
            replace(ROUTES, routes=(SERVICES, SdnRoute("<your service cidr>"))),
            Hr.HCN_E_INVALID_PREFIX,
            "Routes[1].DestinationPrefix '<your service cidr>'",
            id="no prefix",
        ),
        pytest.param(
            replace(ROUTES, routes=(SdnRoute(""),)),
            Hr.HCN_E_INVALID_PREFIX,
            "Routes[0].DestinationPrefix",
            id="empty prefix",
        ),
        pytest.param(
            replace(ROUTES, routes=(replace(SERVICES, next_hop="10.0.0.0/8"),)),
            Hr.HCN_E_INVALID_POLICY,
            "Routes[0].NextHop '10.0.0.0/8'",
            id="next hop with a prefix",
        ),
        pytest.param(
            replace(ROUTES, routes=(replace(SERVICES, next_hop="fd00::1"),)),
            Hr.HCN_E_INVALID_POLICY,
            "of the family of 10.96.0.0/12",
            id="next hop of the other family",
        ),
    ],
)
def test_malformed_routes_are_refused_by_name(routes: PolicyList, hr: Hr, named: str) -> None:
    with pytest.raises(HnsError) as refusal:
        check_sdn_routes(routes)
    assert refusal.value.hr is hr
    assert named in refusal.value.detail
