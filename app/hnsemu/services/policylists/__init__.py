"""Use cases of plain policy lists; load balancers and SDN routes are policy lists, too.

Their use cases are in `services.loadbalancers` and `services.routes`.
"""

from hnsemu.services.policylists.creation import create_policy_list
from hnsemu.services.policylists.deletion import delete_policy_list
from hnsemu.services.policylists.modification import modify_policy_list
from hnsemu.services.policylists.queries import get_policy_list, list_policy_lists

__all__ = [
    "create_policy_list",
    "delete_policy_list",
    "get_policy_list",
    "list_policy_lists",
    "modify_policy_list",
]
