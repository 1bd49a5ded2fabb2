"""A fault that real hosts have proves that a program tries again.

Source: hcsshim#95, an endpoint created right after another was deleted: `Unspecified error`, once.
"""

from collections.abc import Callable

from hnsemu.testing import Api, Host, Refusal, host

_ENDPOINT = {"Name": "pod", "SchemaVersion": {"Major": 2, "Minor": 0}}
_NETWORK = {**_ENDPOINT, "Name": "pods", "Type": "L2Bridge"}
_UNSPECIFIED = 0x80004005
_TRIES = 3


def play(url: str, show: Callable[[str, str], None]) -> None:
    """Replace an endpoint on a host that refuses the first creation after a deletion."""
    for name, replace in (("once", replace_once), (f"up to {_TRIES} times", replace_patiently)):
        with host(url=url, label="retried") as hns:
            network = hns.v2.post("/networks", _NETWORK)["ID"]
            endpoints = f"/networks/{network}/endpoints"
            old = hns.v2.post(endpoints, _ENDPOINT)["ID"]
            fault = hns.fault("create-after-delete")
            outcome = _outcome(hns, replace, endpoints, old)
            show(f"replace an endpoint, trying {name}", outcome)
            assert fault.hits == 1
            assert (outcome == "replaced") == (replace is replace_patiently)
    show("verify: refused, created", "in this order")


def replace_once(v2: Api, endpoints: str, old: str) -> None:
    """Delete an endpoint and create it again."""
    v2.delete(f"/endpoints/{old}")
    v2.post(endpoints, _ENDPOINT)


def replace_patiently(v2: Api, endpoints: str, old: str) -> None:
    """Do the same, and try again after `Unspecified error`."""
    v2.delete(f"/endpoints/{old}")
    for left in reversed(range(_TRIES)):
        try:
            v2.post(endpoints, _ENDPOINT)
        except Refusal as refusal:
            if refusal.hresult != _UNSPECIFIED or not left:
                raise
        else:
            return


def _outcome(hns: Host, replace: Callable[[Api, str, str], None], endpoints: str, old: str) -> str:
    """Let a program replace the endpoint; say how it ended, and verify the order of its calls."""
    creation = {"operation": "HcnCreateEndpoint"}
    refused, created = {**creation, "hresult": _UNSPECIFIED}, {**creation, "status": 201}
    hns.requests.clear()
    try:
        replace(hns.v2, endpoints, old)
    except Refusal as refusal:
        hns.verify("HcnCreateEndpoint", count=1)
        return f"failed: {refusal.hresult:#010x}"
    hns.verify(sequence=["HcnDeleteEndpoint", refused, created])
    return "replaced"
