"""What can be done with emulated hosts: define, list, restart, reboot, reset and remove them."""

from hnsemu.services.hosts.definition import (
    define_host,
    delete_host,
    ensure_host,
    get_host,
    list_hosts,
    release_of_host,
    reset_host,
)
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns

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
