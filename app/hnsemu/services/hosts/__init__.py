"""Use cases of emulated hosts: define, list, restart, reboot, reset and delete them.

The state of hosts, their snapshots and their views are modules of their own.
"""

from hnsemu.services.hosts.bulk import create_objects
from hnsemu.services.hosts.creation import define_host, ensure_host, reset_host, reset_hosts
from hnsemu.services.hosts.deletion import delete_host, list_leftovers, remove_host
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns
from hnsemu.services.hosts.queries import get_host, host_names, list_hosts, release_of_host

__all__ = [
    "create_objects",
    "define_host",
    "delete_host",
    "ensure_host",
    "get_host",
    "host_names",
    "list_hosts",
    "list_leftovers",
    "reboot_host",
    "release_of_host",
    "remove_host",
    "reset_host",
    "reset_hosts",
    "restart_hns",
]
