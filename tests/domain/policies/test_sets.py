"""IP sets: plain sets first, nested ones after, and none removed while it is named."""

import pytest

from hnsemu.domain.policies.sets import IpSet, check_set, check_unused
from hnsemu.errors import HnsError, Hr

WEB = IpSet("web", nested=False, values=("10.0.0.1", "10.1.0.0/16"))
ALL = IpSet("all", nested=True, values=("web",))


def test_sets_of_addresses_and_of_sets_are_taken() -> None:
    check_set(WEB, ())
    check_set(ALL, (WEB,))
    check_set(IpSet("empty", nested=False, values=()), ())


@pytest.mark.parametrize(
    ("wanted", "existing", "hr"),
    [
        pytest.param(ALL, (), Hr.HCN_E_POLICY_NOT_FOUND, id="unknown member"),
        pytest.param(
            IpSet("more", nested=True, values=("all",)),
            (WEB, ALL),
            Hr.HCN_E_POLICY_NOT_FOUND,
            id="a nested set as member",
        ),
        pytest.param(
            IpSet("bad", nested=False, values=("web",)),
            (WEB,),
            Hr.HCN_E_INVALID_POLICY,
            id="no address",
        ),
        pytest.param(IpSet("", nested=False, values=()), (), Hr.HCN_E_INVALID_POLICY, id="no id"),
    ],
)
def test_a_malformed_set_is_refused(wanted: IpSet, existing: tuple[IpSet, ...], hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        check_set(wanted, existing)
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("existing", "named"), [((WEB, ALL), frozenset()), ((WEB,), frozenset({"web"}))]
)
def test_a_set_in_use_stays(existing: tuple[IpSet, ...], named: frozenset[str]) -> None:
    with pytest.raises(HnsError) as refusal:
        check_unused("web", existing, named)
    assert refusal.value.hr is Hr.HCN_E_ENTITY_HAS_REFERENCES


def test_an_unused_set_may_go() -> None:
    check_unused("all", (WEB, ALL), frozenset({"web"}))
