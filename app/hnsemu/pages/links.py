"""Where a thing that something else names is shown."""

from urllib.parse import quote

from hnsemu.pages.visit import Visit

_OWNERS = {
    "Endpoint": "endpoints",
    "Network": "networks",
    "LoadBalancer": "loadbalancers",
    "RouteList": "sdnroutes",
}


def policy_page(visit: Visit, owner: str, owner_id: str, position: int) -> str:
    """Return where a policy is shown: at its owner, by its position; "" where nothing is known."""
    word = _OWNERS.get(owner)
    if word is None:
        return ""
    return f"{visit.here}/{word}/{quote(owner_id)}#policy-{position}"


def rule_anchor(layer: str, group: str, rule: str) -> str:
    """Return the id of a rule on the page of its port."""
    return f"rule-{quote(f'{layer}/{group}/{rule}', safe='')}".replace("%", ".")
