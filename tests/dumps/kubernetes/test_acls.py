"""Calico on Windows makes these ACLs of NetworkPolicies; so would one who skips nothing."""

import pytest

from hnsemu.dumps.kubernetes.acls import parts_of
from hnsemu.dumps.kubernetes.options import Options, PolicyStyle
from hnsemu.dumps.kubernetes.policies import policy_of
from tests.dumps.kubernetes.objects import Json, left, node, plan, pod, policy, resources

HTTP = [{"name": "http", "containerPort": 8080}]
OTHER_HTTP = [{"name": "http", "containerPort": 9090}]
PODS = (
    pod("web", "10.244.1.10", ports=HTTP),
    pod("api", "10.244.1.11", ports=OTHER_HTTP),
    pod("probe", "10.244.1.30", namespace="ops", labels={"app": "probe"}),
    pod("dns", "10.244.3.2", "linux-1", namespace="sys", labels={"app": "dns"}, ports=HTTP),
    pod("agent", "10.0.0.11", namespace="ops", labels={"app": "probe"}, hostNetwork=True),
)
NAMESPACES = tuple(
    {"kind": "Namespace", "metadata": {"name": name, "labels": {"team": team}}}
    for name, team in (("shop", "sales"), ("ops", "ops"), ("sys", "ops"))
)
CLUSTER = (node("win-1", 1), node("linux-1", 3, "linux"), *PODS, *NAMESPACES)
WEB = {"app": "web"}


def acls(*policies: Json, of: str = "web", style: str = "calico") -> list[Json]:
    """Return the settings of the ACLs of a pod."""
    options = Options(policies=PolicyStyle(style))
    made = plan(*CLUSTER, *policies, options=options).hosts[0].pods
    documents = {one.of.name: one.document for one in made}
    return [one["Settings"] for one in documents[of]["Policies"] if one["Type"] == "ACL"]


def allowed(direction: str, *policies: Json, style: str = "calico") -> list[tuple[str, str, str]]:
    """Return protocol, remote addresses and ports of what policies allow the pod `web`."""
    return [
        (one["Protocols"], one.get("RemoteAddresses", ""),
         one.get("LocalPorts", "") + one.get("RemotePorts", ""))
        for one in acls(*policies, style=style)
        if one["Direction"] == direction and one.get("Priority") == 1000
    ]  # fmt: skip


def _selector(**labels: str) -> Json:
    return {"matchLabels": labels}


BOTH = "10.244.1.10/32,10.244.1.11/32"
RULES: list[tuple[Json, list[tuple[str, str, str]]]] = [
    ({}, [("256", "", "")]),
    ({"peers": [], "ports": []}, [("256", "", "")]),
    ({"ports": [{"port": 80}]}, [("6", "", "80")]),
    ({"ports": [{"port": 80}, {"port": 81}, {"port": 80}]}, [("6", "", "80,81")]),
    ({"ports": [{"port": 80, "endPort": 90}]}, [("6", "", "80-90")]),
    ({"ports": [{"protocol": "UDP", "port": 53}, {"port": 53}]},
     [("6", "", "53"), ("17", "", "53")]),
    ({"ports": [{"protocol": "SCTP"}]}, [("132", "", "")]),
    ({"ports": [{"port": 80}, {}]}, [("6", "", "")]),
    ({"peers": [{"podSelector": {}}]}, [("256", BOTH, "")]),
    ({"peers": [{"podSelector": _selector(app="api")}]}, [("256", "10.244.1.11/32", "")]),
    ({"peers": [{"podSelector": _selector(app="probe")}]}, []),
    ({"peers": [{"namespaceSelector": _selector(team="ops")}]},
     [("256", "10.244.1.30/32,10.244.3.2/32", "")]),
    ({"peers": [{"namespaceSelector": {}, "podSelector": _selector(app="dns")}]},
     [("256", "10.244.3.2/32", "")]),
    ({"peers": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ops"}}}]},
     [("256", "10.244.1.30/32", "")]),
    ({"peers": [{"namespaceSelector": _selector(team="none")}]}, []),
    ({"peers": [{"ipBlock": {"cidr": "192.0.2.7/24"}}]}, [("256", "192.0.2.0/24", "")]),
    ({"peers": [{"ipBlock": {"cidr": "2001:db8::/32"}}]}, []),
    ({"peers": [{"ipBlock": {"cidr": "192.0.2.0/24"}}, {"podSelector": _selector(app="api")}],
      "ports": [{"port": 80}]},
     [("6", "192.0.2.0/24", "80"), ("6", "10.244.1.11/32", "80")]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), RULES)
@pytest.mark.parametrize("style", PolicyStyle)
@pytest.mark.parametrize(("direction", "member"), [("In", "from"), ("Out", "to")])
def test_a_rule_allows(
    rule: Json, expected: list[tuple[str, str, str]], style: str, direction: str, member: str
) -> None:
    written = {member if name == "peers" else name: value for name, value in rule.items()}
    kind = "ingress" if direction == "In" else "egress"
    made_of = policy("web", WEB, policyTypes=[kind.title()], **{kind: [written]})
    assert allowed(direction, made_of, style=style) == expected


EXCEPT = {"ipBlock": {"cidr": "10.0.0.0/30", "except": ["10.0.0.1/32"]}}
SKIPPED: list[tuple[str, Json, list[tuple[str, str, str]], str]] = [
    ("In", {"from": [EXCEPT]}, [("256", "10.0.0.0/32,10.0.0.2/31", "")],
     "ingress[0].from[0]: Calico on Windows skips an ipBlock with except"),
    ("In", {"ports": [{"port": "http"}, {"port": 81}]}, [("6", "", "81,8080")],
     "ingress[0]: Calico on Windows skips TCP where a port has a name"),
    ("In", {"ports": [{"port": "other"}]}, [],
     "ingress[0]: Calico on Windows skips TCP where a port has a name"),
    ("Out", {"to": [{"namespaceSelector": {}}], "ports": [{"port": "http"}]},
     [("6", "10.244.1.10/32,10.244.3.2/32", "8080"), ("6", "10.244.1.11/32", "9090")],
     "egress[0]: Calico on Windows skips TCP where a port has a name"),
    ("Out", {"to": [{"ipBlock": {"cidr": "10.244.3.0/24"}}], "ports": [{"port": "http"}]},
     [("6", "10.244.3.2/32", "8080")],
     "egress[0]: Calico on Windows skips TCP where a port has a name"),
    ("Out", {"ports": [{"port": "http"}]},
     [("6", "10.244.1.10/32,10.244.3.2/32", "8080"), ("6", "10.244.1.11/32", "9090")],
     "egress[0]: Calico on Windows skips TCP where a port has a name"),
]  # fmt: skip


@pytest.mark.parametrize(("direction", "rule", "expected", "reason"), SKIPPED)
def test_what_calico_skips_is_named_and_the_other_style_makes_it(
    direction: str, rule: Json, expected: list[tuple[str, str, str]], reason: str
) -> None:
    kind = "ingress" if direction == "In" else "egress"
    made_of = policy("web", WEB, policyTypes=[kind.title()], **{kind: [rule]})
    assert allowed(direction, made_of) == []
    assert left(plan(*CLUSTER, made_of), "NetworkPolicy") == [("web", reason)]
    assert allowed(direction, made_of, style="kubernetes") == expected


def test_what_no_rule_allows_is_denied_in_the_name_of_the_policies() -> None:
    found = acls(policy("one", WEB), policy("two", WEB, policyTypes=["Ingress"]))
    (deny,) = [one for one in found if one["Action"] == "Block" and one["Direction"] == "In"]
    assert (deny["Id"], deny["Priority"], deny["Protocols"]) == (
        "deny-of-shop/one+shop/two", 1001, "256")  # fmt: skip


def test_four_policies_are_too_many_for_a_name() -> None:
    found = acls(*(policy(name, WEB) for name in "abcd"))
    names = [one["Id"] for one in found if one.get("Id", "").startswith("deny")]
    assert names == ["deny-of-shop/a+shop/b+shop/c+…"]


def test_rules_are_named_after_the_policy_and_its_rule() -> None:
    found = acls(policy("web", WEB, ingress=[{}, {"ports": [{"port": 80}]}]))
    names = [one["Id"] for one in found if one["Direction"] == "In" and one.get("Priority") == 1000]
    assert names == ["policy-shop/web-ingress[0]-0", "policy-shop/web-ingress[1]-0"]


def test_where_no_policy_acts_the_namespace_allows_everything() -> None:
    found = acls(policy("web", WEB), of="api")
    of_all = [one["Id"] for one in found if one.get("Priority") == 1000]
    assert of_all == ["profile-kns.shop", "profile-kns.shop"]


def test_the_host_reaches_its_pods_and_the_firewall_lets_everything_through() -> None:
    first, *others = acls(policy("web", WEB))
    assert (first["Id"], first["Priority"]) == ("allow-host-to-endpoint", 900)
    assert first["RemoteAddresses"] == "10.0.0.11/32,10.244.1.2/32"
    host_rules = [one for one in others if one["RuleType"] == "Host"]
    assert [(one["Direction"], one["Action"]) for one in host_rules] == [
        ("In", "Allow"), ("Out", "Allow")]  # fmt: skip


def test_a_cluster_without_policies_has_no_acls() -> None:
    assert acls() == []


def test_thousands_of_addresses_are_divided() -> None:
    many = [pod(f"p{n}", f"10.100.{n // 250}.{n % 250 + 1}", "linux-1") for n in range(4001)]
    made_of = policy("web", WEB, ingress=[{"from": [{"podSelector": {}}]}])
    sizes = [one["RemoteAddresses"].count(",") + 1 for one in acls(made_of, *many)
             if one["Direction"] == "In" and one.get("Priority") == 1000]  # fmt: skip
    assert sizes == [4000, 3]


def test_a_policy_that_selects_no_endpoint_is_left() -> None:
    made = plan(*CLUSTER, policy("dns", {"app": "dns"}))
    assert left(made, "NetworkPolicy") == [("dns", "it selects no pod that has an endpoint")]


def test_namespaces_that_are_missing_are_named() -> None:
    asking = policy("web", WEB, ingress=[{"from": [{"namespaceSelector": _selector(team="ops")}]}])
    made = plan(node("win-1", 1), *PODS, asking, *NAMESPACES[:2])
    assert left(made, "NetworkPolicy") == [
        ("web", "the files have no Namespace sys, so it has no labels")
    ]


@pytest.mark.parametrize(
    ("block", "excepted", "parts"),
    [
        ("10.0.0.0/30", [], ["10.0.0.0/30"]),
        ("10.0.0.0/30", ["10.0.0.0/30"], []),
        ("10.0.0.0/30", ["10.0.0.3"], ["10.0.0.0/31", "10.0.0.2/32"]),
        ("10.0.0.0/30", ["10.0.0.0/31", "10.0.0.0"], ["10.0.0.2/31"]),
        ("10.0.0.0/30", ["10.0.0.0", "10.0.0.2"], ["10.0.0.1/32", "10.0.0.3/32"]),
        ("fd00::/126", [], ["fd00::/126"]),
        ("fd00::/126", ["fd00::3"], ["fd00::/127", "fd00::2/128"]),
        ("fd00::/126", ["fd00::/126"], []),
    ],
)
def test_a_block_is_divided_around_what_it_excepts(
    block: str, excepted: list[str], parts: list[str]
) -> None:
    peer = {"ipBlock": {"cidr": block, "except": excepted}}
    (found,) = resources(policy("web", ingress=[{"from": [peer]}]))
    (rule,) = policy_of(found).ingress or ()
    assert [str(part) for part in parts_of(rule.peers[0])] == parts
