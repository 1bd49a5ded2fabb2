"""What pages share about policies and rules: where they are shown, and their text to edit."""

import json
from urllib.parse import quote

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.tracing.model import Step
from hnsemu.pages.visit import Visit, pages_of
from hnsemu.services.dataplane.compiled import Compilation

_OWNERS = {
    "Endpoint": "endpoints",
    "Network": "networks",
    "LoadBalancer": "loadbalancers",
    "RouteList": "sdnroutes",
}


def policy_page(visit: Visit, policy: PolicyRef, host: str = "") -> str:
    """Return where a policy is shown: at its owner, by its position; "" where nothing is known.

    host: of the owner, "" for the one of the visit; a packet meets rules of several.
    """
    word = _OWNERS.get(policy.owner)
    if word is None:
        return ""
    here = f"{visit.base}{pages_of(host)}" if host else visit.here
    return f"{here}/{word}/{quote(policy.owner_id)}#policy-{policy.position}"


def rule_page(visit: Visit, step: Step) -> str:
    """Return where the rule of a decision is shown: at its port; "" for one of no VFP port."""
    if step.stage != "VFP" or not step.port or not step.rule:
        return ""
    ports = f"{visit.base}{pages_of(step.host)}/ports"
    return f"{ports}/{quote(step.port, safe='')}#{rule_anchor(step.layer, step.group, step.rule)}"


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
