"""Indexes over some of Docker's rows, see `hnsemu.storage.partial_indexes`."""

from hnsemu.docker.storage.tables import (
    ACTIVE,
    PROBED,
    STARTED,
    docker_containers,
    docker_endpoints,
)
from hnsemu.storage.partial_indexes import over

_containers, _endpoints = docker_containers.c, docker_endpoints.c

# Many containers have only been created, and few have a health check.
over(
    "ix_docker_containers_started",
    _containers.host_key,
    _containers.status,
    where=STARTED,
)
over("ix_docker_containers_probed", _containers.host_key, where=PROBED)

# Networks of a swarm are on several hosts, and each looks for those of all.
over(
    "ix_docker_endpoints_active",
    _endpoints.network_id,
    _endpoints.host_key,
    where=ACTIVE,
)
