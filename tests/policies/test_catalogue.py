"""Every type of policy has a row, and every row is filled in."""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from hnsemu.domain.dataplane import PlumbedNetwork, PlumbedPolicies
from hnsemu.domain.releases import FEATURES
from hnsemu.policies import interface
from hnsemu.policies.catalogue import CATALOGUE, ENDPOINT, NETWORK, SUBNET
from hnsemu.policies.model import (
    ALWAYS,
    AnyPolicyType,
    Changes,
    Fact,
    Facts,
    Needs,
    NoEffect,
    Owner,
    PolicyType,
    Shapes,
)
from hnsemu.schema import enums, flat_policies
from hnsemu.schema.v2.policies.interface import QosPolicySetting

FACTS = json.loads((Path(__file__).parents[1] / "facts" / "hcn-schema.json").read_text())
FIDELITY = (Path(__file__).parents[2] / "docs" / "fidelity.md").read_text()

TYPES: dict[Owner, Any] = {
    Owner.ENDPOINT: enums.EndpointPolicyType,
    Owner.NETWORK: enums.NetworkPolicyType,
    Owner.SUBNET: enums.SubnetPolicyType,
}
ROWS = {Owner.ENDPOINT: ENDPOINT, Owner.NETWORK: NETWORK, Owner.SUBNET: SUBNET}
VIEWS = {
    Owner.ENDPOINT: PlumbedPolicies,
    Owner.NETWORK: PlumbedNetwork,
    Owner.SUBNET: PlumbedNetwork,
}
MEMBERS = {
    Owner.ENDPOINT: flat_policies.ENDPOINT_MEMBERS,
    Owner.NETWORK: flat_policies.NETWORK_MEMBERS,
    Owner.SUBNET: {},
}
PUBLISHED = [
    (owner, member["value"])
    for owner, enum in TYPES.items()
    for member in FACTS["enums"][enum.__name__]
]

COMPLETE: dict[str, Any] = {
    "name": "QOS",
    "owner": Owner.ENDPOINT,
    "settings": QosPolicySetting,
    "since": ALWAYS,
    "needs": Needs.NOTHING,
    "changes": Changes.BY_REQUEST,
    "check": None,
    "effect": NoEffect("it has none"),
    "prefixes": (),
    "flat": flat_policies.SAME,
}


def gaps(row: AnyPolicyType) -> Iterator[str]:
    """Yield a sentence for each column that does not say what it should."""
    who = f"{row.owner} policy {row.name}"
    if row.name not in list(TYPES[row.owner]):
        yield f"{who}: `name` is no member of enums.{TYPES[row.owner].__name__}; add it there"
    if isinstance(row.since, str) and row.since not in FEATURES:
        yield f"{who}: `since` names {row.since!r}, which is no key of releases.FEATURES"
    if row.owner is not Owner.NETWORK and row.needs is not Needs.NOTHING:
        yield f"{who}: `needs` is for policies of networks"
    if row.changes not in CHANGES[row.owner]:
        yield f"{who}: `changes` cannot be {row.changes.name} there"
    for name in row.prefixes:
        if name not in row.settings.model_fields:
            yield f"{who}: `prefixes` names {name!r}, which {row.settings.__name__} does not have"
    form = MEMBERS[row.owner].get(row.name) or flat_policies.IN_LISTS.get(row.name)
    if row.flat is not (form or flat_policies.SAME):
        yield f"{who}: `flat` is not the form that schema/flat_policies.py lists for it"
    yield from (f"{who}: {gap}" for gap in _gaps_of_effect(row))


CHANGES = {
    Owner.ENDPOINT: {Changes.BY_REQUEST, Changes.BY_UPDATE, Changes.AS_PROXY},
    Owner.NETWORK: {Changes.BY_REQUEST, Changes.AS_PROXY, Changes.AT_CREATION},
    Owner.SUBNET: {Changes.AT_CREATION},
}


def _gaps_of_effect(row: AnyPolicyType) -> Iterator[str]:
    effect = row.effect
    if isinstance(effect, NoEffect) and not effect.reason:
        yield "`effect` gives no reason why it has none"
    view = VIEWS[row.owner]
    if isinstance(effect, Fact | Facts) and effect.field not in {f.name for f in fields(view)}:
        yield f"`effect` fills {effect.field!r}, which {view.__name__} does not have"


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: f"{row.owner} {row.name}")
def test_a_row_is_filled_in(row: AnyPolicyType) -> None:
    assert list(gaps(row)) == []


@pytest.mark.parametrize(("owner", "name"), PUBLISHED)
def test_every_published_type_is_checked_read_or_declared_without_effect(
    owner: Owner, name: str
) -> None:
    row = ROWS[owner][name]
    assert row.check or isinstance(row.effect, Fact | Facts | Shapes | NoEffect)


@pytest.mark.parametrize("owner", Owner)
def test_the_catalogue_has_the_types_that_documents_may_name(owner: Owner) -> None:
    assert list(ROWS[owner]) == [member.value for member in TYPES[owner]]


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: f"{row.owner} {row.name}")
def test_the_page_says_which_types_have_no_effect(row: AnyPolicyType) -> None:
    lines = [line.split(" | ") for line in FIDELITY.splitlines() if line.startswith("| ")]
    said = [
        cells[2]
        for cells in lines
        if cells[0] == f"| {row.name}" and row.owner.lower() in cells[1].split(", ")
    ]
    assert len(said) == 1, f"docs/fidelity.md has no row for {row.owner} policies {row.name}"
    (becomes,) = said
    if isinstance(row.effect, NoEffect):
        assert row.effect.reason in becomes
    else:
        assert "no effect" not in becomes


@pytest.mark.parametrize("column", [column.name for column in fields(PolicyType)])
def test_a_forgotten_column_is_named(column: str) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != column}
    with pytest.raises(TypeError, match=rf"missing 1 required keyword-only argument: '{column}'"):
        PolicyType(**given)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("name", "Mirror", "Endpoint policy Mirror: `name` is no member of enums.Endpoint"),
        ("since", "Mirroring", "Endpoint policy QOS: `since` names 'Mirroring'"),
        ("needs", Needs.VFP, "Endpoint policy QOS: `needs` is for policies of networks"),
        ("changes", Changes.AT_CREATION, "Endpoint policy QOS: `changes` cannot be AT_CREATION"),
        ("prefixes", ("to",), "Endpoint policy QOS: `prefixes` names 'to', which QosPolicySetting"),
        ("flat", flat_policies.NAT, "Endpoint policy QOS: `flat` is not the form"),
        ("effect", NoEffect(""), "Endpoint policy QOS: `effect` gives no reason"),
        (
            "effect",
            Fact("speed", interface.bandwidth),
            "Endpoint policy QOS: `effect` fills 'speed', which PlumbedPolicies",
        ),
    ],
)
def test_a_column_that_says_nonsense_is_named(column: str, value: object, sentence: str) -> None:
    row: AnyPolicyType = PolicyType(**COMPLETE | {column: value})
    assert [found[: len(sentence)] for found in gaps(row)] == [sentence]
