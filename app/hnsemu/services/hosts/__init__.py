"""Use cases of emulated hosts: define, list, restart, reboot, reset and delete them."""

from hnsemu.services.hosts.creation import define_host, ensure_host, reset_host
from hnsemu.services.hosts.deletion import delete_host
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns
from hnsemu.services.hosts.queries import get_host, list_hosts, release_of_host

__all__ = [
    "define_host",
    "delete_host",
    "ensure_host",
    "get_host",
    "list_hosts",
    "reboot_host",
    "release_of_host",
    "reset_host",
    "restart_hns",
]
