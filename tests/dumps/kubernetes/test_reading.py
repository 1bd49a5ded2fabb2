"""Objects are found in whatever kubectl prints, and what is none is refused with its place."""

import json

import pytest

from hnsemu.dumps.kubernetes.reading import read_resources
from hnsemu.errors import HnsError

NODE = {"kind": "Node", "metadata": {"name": "win-1"}}
POD = {"kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}
NODE_KEY, POD_KEY = ("Node", "", "win-1"), ("Pod", "shop", "web")
YAML_POD = "kind: Pod\nmetadata:\n  name: web\n  namespace: shop\n"


def test_more_values_than_a_cluster_has_are_refused_before_they_are_read() -> None:
    text = "[" + json.dumps(NODE) + ',{"kind":"Pod"}' * 100_000 + "]"
    with pytest.raises(HnsError, match="more than 100000 members"):
        read_resources(text)


TEXTS = [
    (json.dumps(NODE), [NODE_KEY]),
    (json.dumps(NODE) + json.dumps(POD, indent=4), [NODE_KEY, POD_KEY]),
    (f"{json.dumps(NODE)}\n---\n{json.dumps(POD)}", [NODE_KEY, POD_KEY]),
    (json.dumps({"kind": "List", "items": [NODE, POD]}), [NODE_KEY, POD_KEY]),
    ('{"kind": "PodList", "items": [{"metadata": {"name": "web", "namespace": "shop"}}]}',
     [POD_KEY]),
    (YAML_POD, [POD_KEY]),
    (f"---\n{YAML_POD}---\nkind: Node\nmetadata: {{name: win-1}}\n---\n", [POD_KEY, NODE_KEY]),
    (f"# a comment\nkind: List\nitems:\n- {json.dumps(NODE)}\n", [NODE_KEY]),
    (f"{json.dumps(NODE)}\n---\n{YAML_POD}", [NODE_KEY, POD_KEY]),
    (f"{YAML_POD}---\n{json.dumps(NODE)}", [POD_KEY, NODE_KEY]),
    (f"{json.dumps(POD)}\n---\n{YAML_POD}", [POD_KEY]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keys"), TEXTS)
def test_objects_are_found(text: str, keys: list[tuple[str, str, str]]) -> None:
    assert [resource.key for resource in read_resources(text)] == keys


def test_the_last_object_of_a_name_counts() -> None:
    later = {**POD, "spec": {"nodeName": "win-2"}}
    (found,) = read_resources(json.dumps(POD) + json.dumps(later))
    assert found.members.members("spec").text("nodeName") == "win-2"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the text has no object; take them with kubectl get nodes,pods,services"),
        ("---\n", "the text has no object"),
        ('{"kind": "List", "items": []}', "the text has no object"),
        ('{"kind": "Pod",\n', "line 2: the document is not complete JSON; take it again"),
        (f"{json.dumps(NODE)}\n\n{{", "line 3: the document is not complete JSON"),
        ("[" * 5000, "line 1: the document is nested too deep"),
        ("kind: Pod\nmetadata: [\n", "the body is not valid YAML: "),
        (f"{YAML_POD}---\nkind: &here Pod\n", "line 6: an anchor or alias; write it out"),
        ("kind: Pod\nname: !!binary x\n", "line 2: the tag 'tag:yaml.org,2002:binary'"),
        ("kind: Pod\nsince: 2024-13-45\n", "the body has a value that YAML cannot read; quote"),
        ("kind: Pod\nname: =\n", "the body is not valid YAML: "),
        ("just text\n", 'line 1: must be an object, not "just text"'),
        ('{"metadata": {}}', "line 1: kind: is missing, so this is no object of Kubernetes"),
        ("{}\n\n{}", "the text has no object"),
        (f"{YAML_POD}---\nkind: 5\n", "line 6: kind: must be text, not 5"),
        ('{"kind": "List", "items": {}}', "line 1: items: must be a list, not {}"),
        ('{"kind": "List", "items": [1]}', "line 1: items[0]: must be an object, not 1"),
        ('{"kind": "List", "items": [{}]}', "line 1: items[0].kind: is missing"),
        ('{"kind": "List", "items": [{"kind": "List", "items": []}]}',
         "line 1: items[0].metadata.name: is missing"),
        ('{"kind": "Pod", "metadata": {"name": ""}}', "line 1: metadata.name: is missing"),
        ('{"kind": "Pod", "metadata": {"name": ["web"]}}', "line 1: metadata.name: must be text"),
    ],
)  # fmt: skip
def test_what_is_no_object_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_resources(text)
    assert refusal.value.detail.startswith(sentence)
