"""A plan that does more than it may is refused, with the place and a sentence."""

from typing import Any

import pytest

from hnsemu.errors import HnsError
from hnsemu.parity.plans import check_plan

NETWORK = {"name": "net", "call": "HcnCreateNetwork", "document": {"Name": "hnsemu-parity-a"}}


def plan(*steps: Any, risk: str = "own", **members: Any) -> dict[str, Any]:
    """Return a plan with one case."""
    case = {"section": "Networks", "row": "a row", "risk": risk, "steps": list(steps)}
    return {"kind": "hnsemu-parity-plan", "format": 1, "cases": [case], **members}


def hns(method: str, path: str, **members: Any) -> dict[str, Any]:
    """Return a step that calls HNSCall."""
    return {"call": "HNSCall", "method": method, "path": path, **members}


def deep() -> Any:
    """Return a document that is nested deeper than any of HNS."""
    value: Any = "end"
    for _ in range(250):
        value = [value]
    return value


REFUSED = [
    ([], "this is no plan: its `kind` is not hnsemu-parity-plan"),
    (plan(NETWORK, format="1"), "`format` of the plan is no number"),
    (plan(NETWORK, format=2), "the plan has format 2, this hnsemu reads 1"),
    (plan(NETWORK, cases={}), "`cases` is no list"),
    (plan(NETWORK, cases=["case"]), "case 1: a case has the members"),
    (plan(NETWORK, risk="all"), "case 1: `risk` is none of read, own, host"),
    (plan(), "case 1: `steps` is no list"),
    (plan("step"), "case 1, step 1: a step has the members"),
    (plan({"call": "HcnCloseNetwork"}), "no plan may call 'HcnCloseNetwork'"),
    (plan(NETWORK, NETWORK), "case 1, step 2: an earlier step is named net"),
    (plan(NETWORK | {"name": "unknown"}), "an earlier step is named unknown"),
    (plan(NETWORK | {"name": "A b"}), "a name has small letters, digits and hyphens"),
    (plan({"call": "HcnDeleteNetwork"}), "HcnDeleteNetwork needs `of`"),
    (plan(NETWORK | {"of": "unknown"}), "HcnCreateNetwork has no `of`"),
    (
        plan({"call": "HcnDeleteNetwork", "of": "net"}, NETWORK),
        "case 1, step 1: no earlier step makes an object named 'net'",
    ),
    (plan(hns("GET", "/networks/${net}")), "no earlier step makes an object named 'net'"),
    (plan(hns("PUT", "/networks/")), "HNSCall needs `method`"),
    (plan(hns("GET", "networks")), "HNSCall needs `method`"),
    (plan(hns("DELETE", "/networks/1234")), "a plan changes only what it made"),
    (plan(hns("POST", "/networks/", document={"Name": "nat"})), "begins with hnsemu-parity-"),
    (plan(NETWORK | {"document": {"Name": "nat"}}), "begins with hnsemu-parity-"),
    (plan(NETWORK | {"document": "{}"}), "begins with hnsemu-parity-"),
    (
        plan(hns("POST", "/endpoints/", document={"VirtualNetwork": "1234"})),
        "the VirtualNetwork of an endpoint of a plan is a step",
    ),
    (plan(*[hns("GET", "/globals")] * 65), "`steps` is no list of 1 to 64 steps"),
    (plan(NETWORK, risk="read"), "case 1, step 1: a case of risk read only reads"),
    (plan(NETWORK, hns("GET", "/x", document=deep())), "nested more than 64 deep"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED)
def test_a_plan_that_is_none_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        check_plan(document)
    assert sentence in refusal.value.detail


def test_a_plan_may_change_and_remove_what_it_made() -> None:
    check_plan(
        plan(
            NETWORK,
            {"call": "HcnDeleteNetwork", "of": "net"},
            {"call": "HcnOpenEndpoint", "of": "unknown"},
            hns("DELETE", "/networks/${net}"),
        )
    )
