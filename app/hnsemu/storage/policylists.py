"""Rows of policy lists: load balancers, SDN routes and plain lists, with what they refer to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from hnsemu.domain.loadbalancers import Frontend
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.storage.identity import identity_of
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import (
    endpoints,
    load_balancer_frontends,
    networks,
    policy_list_references,
    policy_lists,
)
from hnsemu.storage.transaction import Transaction

_OF_HOST = select(policy_lists).where(policy_lists.c.host_key == bindparam("host_key"))
_BY_ID = _OF_HOST.where(policy_lists.c.id == bindparam("id"))
_BY_KEY = Prepared(select(policy_lists).where(policy_lists.c.key == bindparam("key")))
_ALL = _OF_HOST.order_by(policy_lists.c.key)
_REFERENCES = select(
    policy_list_references.c.policy_list_key, policy_list_references.c.reference
).order_by(policy_list_references.c.policy_list_key, policy_list_references.c.position)
_REFERENCES_OF = _REFERENCES.where(policy_list_references.c.policy_list_key == bindparam("key"))
_REFERENCES_OF_HOST = _REFERENCES.join(
    policy_lists, policy_lists.c.key == policy_list_references.c.policy_list_key
).where(policy_lists.c.host_key == bindparam("host_key"))


def find(tx: Transaction, policy_list_id: str) -> PolicyList | None:
    """Return the policy list of any kind."""
    row = tx.connection.execute(_BY_ID, {"host_key": tx.host.key, "id": policy_list_id}).first()
    if row is None:
        return None
    found = tx.connection.execute(_REFERENCES_OF, {"key": row.key})
    return _policy_list(row, [each.reference for each in found])


def all_of(tx: Transaction) -> list[PolicyList]:
    """Return the policy lists of the host, of every kind, in creation order."""
    references = defaultdict(list)
    for each in tx.connection.execute(_REFERENCES_OF_HOST, {"host_key": tx.host.key}):
        references[each.policy_list_key].append(each.reference)
    rows = tx.connection.execute(_ALL, {"host_key": tx.host.key})
    return [_policy_list(row, references[row.key]) for row in rows]


def with_keys(tx: Transaction, keys: Sequence[int]) -> list[PolicyList]:
    """Return the policy lists with these keys, without their references, oldest first."""
    if len(keys) == 1:
        return [_policy_list(row, ()) for row in _BY_KEY.rows(tx.connection, {"key": keys[0]})]
    query = select(policy_lists).where(policy_lists.c.key.in_(keys)).order_by(policy_lists.c.key)
    return [_policy_list(row, ()) for row in tx.connection.execute(query)]


def insert(tx: Transaction, policy_list: PolicyList, endpoint_keys: Sequence[int]) -> int:
    """Insert the policy list and return its key.

    endpoint_keys: the endpoints behind `references`, in the same order.
    """
    major, minor = policy_list.schema_version
    inserted = tx.connection.execute(
        policy_lists.insert()
        .values(
            host_key=tx.host.key,
            id=policy_list.id,
            kind=str(policy_list.kind),
            version=policy_list.version,
            schema_major=major,
            schema_minor=minor,
            activity_id=policy_list.activity_id,
            created=policy_list.created,
            **_content(policy_list),
        )
        .returning(policy_lists.c.key)
    )
    key = int(inserted.scalar_one())
    _insert_references(tx, key, policy_list.references, endpoint_keys)
    return key


def replace(tx: Transaction, policy_list: PolicyList, endpoint_keys: Sequence[int]) -> None:
    """Store everything of the policy list but its identity, kind and making."""
    tx.connection.execute(
        policy_lists.update()
        .where(policy_lists.c.key == policy_list.key)
        .values(**_content(policy_list))
    )
    tx.connection.execute(
        policy_list_references.delete().where(
            policy_list_references.c.policy_list_key == policy_list.key
        )
    )
    _insert_references(tx, policy_list.key, policy_list.references, endpoint_keys)


def delete(tx: Transaction, key: int) -> None:
    """Delete the policy list with its references and frontends."""
    tx.connection.execute(policy_lists.delete().where(policy_lists.c.key == key))


def referable(tx: Transaction, endpoint_ids: Iterable[str]) -> Mapping[str, tuple[int, str]]:
    """Return those of the endpoints that exist: id to (endpoint key, id of its network)."""
    found = tx.connection.execute(
        select(endpoints.c.id, endpoints.c.key, networks.c.id.label("network_id"))
        .join(networks, networks.c.key == endpoints.c.network_key)
        .where(endpoints.c.host_key == tx.host.key, endpoints.c.id.in_(set(endpoint_ids)))
    )
    return {row.id: (row.key, row.network_id) for row in found}


def holder(tx: Transaction, wanted: Sequence[Frontend]) -> str | None:
    """Return the id of a load balancer that answers on one of `wanted` already."""
    columns = load_balancer_frontends.c
    return tx.connection.execute(
        select(policy_lists.c.id)
        .join(load_balancer_frontends, columns.policy_list_key == policy_lists.c.key)
        .where(
            columns.host_key == tx.host.key,
            tuple_(columns.vip, columns.protocol, columns.external_port).in_(
                [astuple(frontend) for frontend in wanted]
            ),
        )
        .limit(1)
    ).scalar_one_or_none()


def claim(tx: Transaction, key: int, wanted: Sequence[Frontend]) -> None:
    """Let the load balancer answer on `wanted`, which nobody else does."""
    rows = [
        {
            "host_key": tx.host.key,
            "policy_list_key": key,
            "vip": frontend.vip,
            "protocol": frontend.protocol,
            "external_port": frontend.external_port,
        }
        for frontend in wanted
    ]
    if rows:
        tx.connection.execute(load_balancer_frontends.insert(), rows)


def release(tx: Transaction, key: int) -> None:
    """Let the load balancer answer on nothing."""
    tx.connection.execute(
        load_balancer_frontends.delete().where(load_balancer_frontends.c.policy_list_key == key)
    )


def _insert_references(
    tx: Transaction, key: int, references: Sequence[str], endpoint_keys: Sequence[int]
) -> None:
    rows = [
        {
            "policy_list_key": key,
            "position": position,
            "reference": reference,
            "endpoint_key": endpoint_key,
        }
        for position, (reference, endpoint_key) in enumerate(
            zip(references, endpoint_keys, strict=True)
        )
    ]
    if rows:
        tx.connection.execute(policy_list_references.insert(), rows)


def _content(policy_list: PolicyList) -> dict[str, object]:
    """Return the columns that a modification may change."""
    return {
        "name": policy_list.name,
        "owner": policy_list.owner,
        "additional_params": policy_list.additional_params,
        "updated": policy_list.updated,
        "network": policy_list.network,
        "source_vip": policy_list.source_vip,
        "frontend_vips": json.dumps(policy_list.frontend_vips),
        "port_mappings": json.dumps([astuple(each) for each in policy_list.port_mappings]),
        "routes": json.dumps([astuple(each) for each in policy_list.routes]),
        "policies": json.dumps(policy_list.policies),
        "flags": policy_list.flags,
    }


def _policy_list(row: Any, references: Sequence[str]) -> PolicyList:  # noqa: ANN401 (a row)
    return PolicyList(
        key=row.key,
        kind=PolicyListKind(row.kind),
        network=row.network,
        references=tuple(references),
        source_vip=row.source_vip,
        frontend_vips=tuple(json.loads(row.frontend_vips)),
        port_mappings=tuple(PortMapping(*each) for each in json.loads(row.port_mappings)),
        routes=tuple(SdnRoute(*each) for each in json.loads(row.routes)),
        policies=tuple(json.loads(row.policies)),
        flags=row.flags,
        **identity_of(row),
    )
