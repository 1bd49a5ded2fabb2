"""Use cases of containers."""

from hnsemu.docker.services.containers.changes import (
    pause_container,
    prune_containers,
    remove_container,
    rename_container,
    resize_console,
    update_container,
)
from hnsemu.docker.services.containers.connections import connect, disconnect
from hnsemu.docker.services.containers.creation import create_container
from hnsemu.docker.services.containers.execs import list_processes
from hnsemu.docker.services.containers.files import copy_from, copy_to, list_changes, look_at
from hnsemu.docker.services.containers.queries import get_container
from hnsemu.docker.services.containers.starting import ManyPorts, start_container
from hnsemu.docker.services.containers.stopping import (
    kill_container,
    restart_container,
    stop_container,
)
from hnsemu.docker.services.containers.views import (
    Selection,
    inspect_container,
    list_containers,
)

__all__ = [
    "ManyPorts",
    "Selection",
    "connect",
    "copy_from",
    "copy_to",
    "create_container",
    "disconnect",
    "get_container",
    "inspect_container",
    "kill_container",
    "list_changes",
    "list_containers",
    "list_processes",
    "look_at",
    "pause_container",
    "prune_containers",
    "remove_container",
    "rename_container",
    "resize_console",
    "restart_container",
    "start_container",
    "stop_container",
    "update_container",
]
