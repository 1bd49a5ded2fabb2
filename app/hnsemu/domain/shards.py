"""Hosts spread over several services: which one has a host, and a front that knows it.

No row refers to a row of another host, so a service and its database can have any group of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hnsemu.errors import HnsError, Hr

_DEFAULT = "default"  # the host that every service has; the first one's is meant
_STREAMS = "1h"
_MEANT_OTHERWISE = {_DEFAULT, "hostnames", "include", "volatile"}  # by nginx, in a map


@dataclass(frozen=True, slots=True)
class Shard:
    """One service. name: "east"; address: "10.0.0.5:8420"; hosts: the names of those it has."""

    name: str
    address: str
    hosts: Sequence[str]


def places(shards: Sequence[Shard]) -> Mapping[str, Shard]:
    """Return which of the later shards has a host, by name; all else belongs to the first.

    Raises: E_ALREADY_EXISTS for a host that two of them have.
    """
    found: dict[str, Shard] = {}
    for shard in shards:
        for host in shard.hosts:
            if host == _DEFAULT:
                continue
            if host in found:
                raise HnsError(
                    Hr.E_ALREADY_EXISTS,
                    f"host {host!r} is on {found[host].name} and on {shard.name}; "
                    "delete it from the one that it has left",
                )
            found[host] = shard
    return {host: shard for host, shard in found.items() if shard is not shards[0]}


def nginx(shards: Sequence[Shard], listen: str) -> str:
    """Return a file for the `http` block of nginx.

    listen: where the front listens: "80", "127.0.0.1:8420", ….
    Raises: E_ALREADY_EXISTS for a host that two of them have.
    Source: documentation of ngx_http_map_module and ngx_http_upstream_module [D].
    """
    by_host = places(shards)
    lines = [
        "# Requests go to the service that has their host. Written by `hnsemu shards render`.",
        "map_hash_max_size 65536;",
        "map_hash_bucket_size 256;  # a name of 63 characters does not fit into the usual 64",
        "",
        "map $uri $hnsemu_host {",
        '    default "";',
        '    "~^/(?:emulator/)?hosts/(?<hnsemu_named>[^/]+)" $hnsemu_named;',
        "}",
        "",
        "map $hnsemu_host $hnsemu_shard {",
        f"    default hnsemu_{shards[0].name};",
        *(f"    {_key(host)} hnsemu_{by_host[host].name};" for host in sorted(by_host)),
        "}",
        "",
        "map $http_upgrade $hnsemu_connection {  # Docker's clients upgrade theirs",
        '    default "";',
        "    ~. upgrade;",
        "}",
        "",
    ]
    for shard in shards:
        lines += [
            f"upstream hnsemu_{shard.name} {{",
            f"    server {shard.address};",
            "    keepalive 32;",
            "}",
            "",
        ]
    return "\n".join([*lines, *_server(listen)])


def haproxy(shards: Sequence[Shard], listen: str) -> str:
    """Return a file for HAProxy 2.4 or later, behind one with its `global` section, if any.

    listen: as for `nginx`.
    Raises: E_ALREADY_EXISTS for a host that two of them have.
    Source: HAProxy's configuration manual, sections 4 and 7 [D].
    """
    by_host = places(shards)
    lines = [
        "# Requests go to the service that has their host. Written by `hnsemu shards render`.",
        "frontend hnsemu",
        f"    bind {listen if ':' in listen else f':{listen}'}",
        "    mode http",
        f"    timeout client {_STREAMS}",
        *(
            f"    http-request set-var(txn.hnsemu_host) path,url_dec,field({place},/) "
            f"if {{ path_beg {prefix} }}"
            for prefix, place in (("/hosts/", 3), ("/emulator/hosts/", 4))
        ),
        *(
            f"    acl hnsemu_is_on_{by_host[host].name} var(txn.hnsemu_host) -m str -- {host}"
            for host in sorted(by_host)
        ),
        *(
            f"    use_backend hnsemu_{name} if hnsemu_is_on_{name}"
            for name in sorted({shard.name for shard in by_host.values()})
        ),
        f"    default_backend hnsemu_{shards[0].name}",
        "",
    ]
    for shard in shards:
        lines += [
            f"backend hnsemu_{shard.name}",
            "    mode http",
            "    timeout connect 5s",
            f"    timeout server {_STREAMS}",
            f"    timeout tunnel {_STREAMS}",
            f"    server {shard.name} {_with_port(shard.address)}",
            "",
        ]
    return "\n".join(lines)


def _with_port(address: str) -> str:
    """Return an address with its port: 80 where none is written, or HAProxy takes the front's."""
    return address if address.rpartition(":")[2].isdecimal() else f"{address}:80"


def _key(host: str) -> str:
    return f"\\{host}" if host in _MEANT_OTHERWISE else host


def _server(listen: str) -> list[str]:
    return [
        "server {",
        f"    listen {listen};",
        "    client_max_body_size 16m;",
        "",
        "    location / {",
        "        proxy_pass http://$hnsemu_shard;",
        "        proxy_http_version 1.1;",
        "        proxy_set_header Host $http_host;  # the services' HNSEMU_ALLOWED_HOSTS has it",
        "        proxy_set_header Upgrade $http_upgrade;",
        "        proxy_set_header Connection $hnsemu_connection;",
        f"        proxy_read_timeout {_STREAMS};  # streams say something every HNSEMU_KEEP_ALIVE",
        "    }",
        "}",
        "",
    ]
