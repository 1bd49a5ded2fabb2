"""One file per client, with a `HOST` (the definition of its Windows host) and a `play`.

The order of the calls is the client's own. Source: clients.md, sections named in each file.
"""

from demo.scenarios import (
    azure_cni,
    calico,
    docker,
    flannel,
    kube_proxy,
    win_bridge,
    win_overlay,
)

SCENARIOS = {
    "docker": docker,
    "win-bridge": win_bridge,
    "win-overlay": win_overlay,
    "flannel": flannel,
    "calico": calico,
    "azure-cni": azure_cni,
    "kube-proxy": kube_proxy,
}
