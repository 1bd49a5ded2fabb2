"""Which networks a list shows, and which prune removes.

Source: moby daemon/network/filter.go and daemon/prune.go [C].
"""

from collections.abc import Collection, Sequence

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.networks import DockerNetwork, is_predefined
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

LISTED_BY = frozenset({"dangling", "driver", "id", "label", "name", "scope", "type"})
PRUNED_BY = frozenset({"label", "label!", "until"})


def selected(networks: Sequence[DockerNetwork], filters: Filters) -> list[DockerNetwork]:
    """Return the networks that the filters let pass.

    The daemon filters before it looks for containers: for it, every network of its users dangles.
    Raises: DockerError 400 for an unknown filter or a bad value, 500 for an unknown type.
    """
    filters.check(LISTED_BY)
    found = [network for network in networks if _passes(network, filters)]
    dangling = _dangling(filters)
    if dangling is not None:
        found = [network for network in found if dangling != is_predefined(network.name)]
    return _of_types(found, filters)


def prunable(
    networks: Sequence[DockerNetwork], filters: Filters, used: Collection[str], until: int
) -> list[DockerNetwork]:
    """Return the networks that prune removes: unused ones that Docker made.

    until: FILETIME; younger networks stay. 0 for no such filter.
    """
    return [
        network
        for network in networks
        if network.is_prunable
        and network.id not in used
        and (not until or network.created <= until)
        and filters.labels(network.labels)
        and filters.without_labels(network.labels)
    ]


def _passes(network: DockerNetwork, filters: Filters) -> bool:
    return (
        filters.exact("driver", network.driver)
        and filters.matches("name", network.name)
        and filters.matches("id", network.id)
        and filters.labels(network.labels)
        and filters.exact("scope", network.scope)
    )


def _dangling(filters: Filters) -> bool | None:
    values = filters.of("dangling")
    if not values:
        return None
    if len(values) > 1:
        raise DockerError(BAD_REQUEST, 'got more than one value for filter key "dangling"')
    if values[0] not in {"0", "false", "1", "true"}:
        raise DockerError(
            BAD_REQUEST,
            'invalid value for filter \'dangling\', must be "true" (or "1"), or "false" (or "0")',
        )
    return values[0] in {"1", "true"}


def _of_types(networks: list[DockerNetwork], filters: Filters) -> list[DockerNetwork]:
    types = filters.of("type")
    if not types:
        return networks
    for kind in types:
        if kind not in {"builtin", "custom"}:
            raise DockerError(FAILED, f"invalid filter: 'type'='{kind}'")
    return [
        network
        for kind in types
        for network in networks
        if is_predefined(network.name) == (kind == "builtin")
    ]
