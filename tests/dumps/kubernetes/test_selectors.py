"""Label selectors select as Kubernetes says."""

import pytest

from hnsemu.dumps.kubernetes.members import Members
from hnsemu.dumps.kubernetes.selectors import selector_of
from hnsemu.errors import HnsError
from tests.dumps.kubernetes.objects import Json

WEB = {"app": "web", "tier": "front"}


def _expression(operator: str, *values: str, key: str = "app") -> Json:
    found: Json = {"key": key, "operator": operator}
    return {"matchExpressions": [found | ({"values": list(values)} if values else {})]}


@pytest.mark.parametrize(
    ("selector", "is_selected"),
    [
        ({}, True),
        ({"matchLabels": {}}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "web", "tier": "back"}}, False),
        ({"matchLabels": {"zone": "web"}}, False),
        (_expression("In", "api", "web"), True),
        (_expression("In", "api"), False),
        (_expression("In", "web", key="zone"), False),
        (_expression("NotIn", "api"), True),
        (_expression("NotIn", "web"), False),
        (_expression("NotIn", "web", key="zone"), True),
        (_expression("Exists"), True),
        (_expression("Exists", key="zone"), False),
        (_expression("DoesNotExist"), False),
        (_expression("DoesNotExist", key="zone"), True),
        ({"matchLabels": {"app": "web"}, **_expression("Exists", key="zone")}, False),
    ],
)
def test_labels_are_selected(selector: Json, is_selected: bool) -> None:  # noqa: FBT001
    assert selector_of(Members.of(selector, "spec")).selects(WEB) == is_selected


@pytest.mark.parametrize(
    ("selector", "sentence"),
    [
        ({"matchLabels": []}, "spec.matchLabels: must be an object, not []"),
        ({"matchLabels": {"app": 1}}, "spec.matchLabels.app: must be text, not 1"),
        (_expression("Equals", "web"), 'spec.matchExpressions[0].operator: "Equals" is unknown'),
        (_expression("In"), "spec.matchExpressions[0].values: are missing"),
        (_expression("Exists", "web"), "spec.matchExpressions[0].values: do not belong to Exists"),
        (_expression("Exists", key=""), "spec.matchExpressions[0].key: is missing"),
    ],
)
def test_a_wrong_member_is_named(selector: Json, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        selector_of(Members.of(selector, "spec"))
    assert refusal.value.detail.startswith(sentence)
