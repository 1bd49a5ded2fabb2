"""IP sets: plain sets first, nested ones after, and none removed while it is named."""

import pytest

from hnsemu.domain.policies.sets import IpSet, IpSets, check_set, check_unused
from hnsemu.errors import HnsError, Hr

WEB = IpSet("web", nested=False, values=("10.0.0.1", "10.1.0.0/16"))
ALL = IpSet("all", nested=True, values=("web",))


def test_sets_of_addresses_and_of_sets_are_taken() -> None:
    check_set(WEB, IpSets())
    check_set(ALL, IpSets([WEB]))
    check_set(IpSet("empty", nested=False, values=()), IpSets())


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
        check_set(wanted, IpSets(existing))
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("existing", "named"), [((WEB, ALL), frozenset()), ((WEB,), frozenset({"web"}))]
)
def test_a_set_in_use_stays(existing: tuple[IpSet, ...], named: frozenset[str]) -> None:
    with pytest.raises(HnsError) as refusal:
        check_unused("web", IpSets(existing), named)
    assert refusal.value.hr is Hr.HCN_E_ENTITY_HAS_REFERENCES


def test_an_unused_set_may_go() -> None:
    check_unused("all", IpSets([WEB, ALL]), frozenset({"web"}))


def test_a_set_is_no_member_of_itself() -> None:
    with pytest.raises(HnsError, match="no plain set"):
        check_set(IpSet("web", nested=True, values=("web",)), IpSets([WEB]))


def test_a_nested_set_that_is_gone_or_changed_holds_nothing() -> None:
    sets = IpSets([WEB, ALL])
    sets.put(IpSet("all", nested=True, values=()))
    check_unused("web", sets, frozenset())
    sets.put(ALL)
    sets.remove("all")
    check_unused("web", sets, frozenset())
