"""What pages share about policies and rules: where they are shown, and their text to edit."""

import json
from urllib.parse import quote

from hnsemu.pages.visit import Visit
from hnsemu.services.dataplane.compiled import Compilation

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


def policies_text(compilation: Compilation) -> str:
    """Return the policies of an endpoint as a text to edit."""
    found = [
        {"Type": policy.type, "Settings": json.loads(policy.settings)}
        for policy in compilation.policies
    ]
    return json.dumps(found, indent=2)
