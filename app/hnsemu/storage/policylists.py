"""Rows of policy lists: load balancers, SDN routes and plain lists, with what they refer to."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, astuple, replace
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select, tuple_

from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.domain.loadbalancers import Frontend, frontends
from hnsemu.domain.policylist_placement import Neighbours, PlacedPolicyList
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.storage.chunks import chunks
from hnsemu.storage.identity import identity_of
from hnsemu.storage.prepared import Prepared, PreparedInsert, are_few
from hnsemu.storage.tables import (
    endpoints,
    load_balancer_frontends,
    networks,
    policy_list_references,
    policy_lists,
)
from hnsemu.storage.transaction import Transaction

V = TypeVar("V")

_AT_ONCE = 1000
"""Values in one statement: databases bound the number of their parameters."""

_OF_HOST = select(policy_lists).where(policy_lists.c.host_key == bindparam("host_key"))
_BY_ID = Prepared(_OF_HOST.where(policy_lists.c.id == bindparam("id")))
_BY_KEY = Prepared(select(policy_lists).where(policy_lists.c.key == bindparam("key")))
_ALL = _OF_HOST.order_by(policy_lists.c.key)
_REFERENCES = select(
    policy_list_references.c.policy_list_key, policy_list_references.c.reference
).order_by(policy_list_references.c.policy_list_key, policy_list_references.c.position)
_REFERENCES_OF = Prepared(
    _REFERENCES.where(policy_list_references.c.policy_list_key == bindparam("key"))
)
_REFERENCES_OF_HOST = _REFERENCES.join(
    policy_lists, policy_lists.c.key == policy_list_references.c.policy_list_key
).where(policy_lists.c.host_key == bindparam("host_key"))
# What a policy list may not have in common with others, and the network it names.
_IN_USE = load_balancer_frontends.alias("in_use")
_HOLDERS = policy_lists.alias("holders")
_HOLDING = (
    select(_HOLDERS.c.id)
    .join(_IN_USE, _IN_USE.c.policy_list_key == _HOLDERS.c.key)
    .where(
        _IN_USE.c.host_key == bindparam("host_key"),
        _IN_USE.c.policy_list_key != bindparam("key"),
    )
    .limit(1)
)
_HOLDER_OF_ONE = Prepared(
    _HOLDING.where(
        _IN_USE.c.vip == bindparam("vip"),
        _IN_USE.c.protocol == bindparam("protocol"),
        _IN_USE.c.external_port == bindparam("external_port"),
    )
)
# The addresses lead to the index, which SQLite does not use for tuples.
_HOLDER_OF_MANY = _HOLDING.where(
    _IN_USE.c.vip.in_(bindparam("vips", expanding=True)),
    tuple_(_IN_USE.c.vip, _IN_USE.c.protocol, _IN_USE.c.external_port).in_(
        bindparam("frontends", expanding=True)
    ),
)
_MEETS = Prepared(
    select(
        select(policy_lists.c.key)
        .where(
            policy_lists.c.host_key == bindparam("host_key"),
            policy_lists.c.id == bindparam("id"),
            policy_lists.c.key != bindparam("key"),
        )
        .scalar_subquery()
        .label("taken"),
        select(networks.c.key)
        .where(
            networks.c.host_key == bindparam("host_key"), networks.c.id == bindparam("network_id")
        )
        .scalar_subquery()
        .label("network"),
    )
)
_REFERABLE = (
    select(endpoints.c.id, endpoints.c.key, networks.c.id.label("network_id"))
    .join(networks, networks.c.key == endpoints.c.network_key)
    .where(endpoints.c.host_key == bindparam("host_key"))
)
_REFERABLE_ONE = Prepared(_REFERABLE.where(endpoints.c.id == bindparam("id")))
_REFERABLE_MANY = _REFERABLE.where(endpoints.c.id.in_(bindparam("ids", expanding=True)))
_INSERT = PreparedInsert(policy_lists)
_INSERT_REFERENCE = Prepared(
    insert(policy_list_references), [column.name for column in policy_list_references.columns]
)
_INSERT_FRONTEND = Prepared(
    insert(load_balancer_frontends), [column.name for column in load_balancer_frontends.columns]
)

_KINDS = {PolicyListKind.LOAD_BALANCER: "loadbalancer", PolicyListKind.ROUTE: "sdnroute"}
"""What HCN calls a policy list of a kind."""


def find(tx: Transaction, policy_list_id: str) -> PolicyList | None:
    """Return the policy list of any kind."""
    row = _BY_ID.row(tx.connection, {"host_key": tx.host.key, "id": policy_list_id})
    if row is None:
        return None
    references = _REFERENCES_OF.rows(tx.connection, {"key": row.key})
    return _policy_list(row, [reference.reference for reference in references])


def all_of(tx: Transaction) -> list[PolicyList]:
    """Return the policy lists of the host, of every kind, in creation order."""
    references = defaultdict(list)
    for row in tx.connection.execute(_REFERENCES_OF_HOST, {"host_key": tx.host.key}):
        references[row.policy_list_key].append(row.reference)
    rows = tx.connection.execute(_ALL, {"host_key": tx.host.key})
    return [_policy_list(row, references[row.key]) for row in rows]


def with_keys(tx: Transaction, keys: Sequence[int]) -> list[PolicyList]:
    """Return the policy lists with these keys, without their references, oldest first."""
    if len(keys) == 1:
        return [_policy_list(row, ()) for row in _BY_KEY.rows(tx.connection, {"key": keys[0]})]
    found: list[Any] = []
    for chunk in chunks(sorted(keys)):
        query = select(policy_lists).where(policy_lists.c.key.in_(chunk))
        found += tx.connection.execute(query.order_by(policy_lists.c.key)).all()
    return [_policy_list(row, ()) for row in found]


def neighbours(tx: Transaction, policy_list: PolicyList) -> Neighbours:
    """Return what a policy list, new or changed, meets on the host."""
    named = [text for text in policy_list.references if is_guid(text)]
    network = policy_list.network
    found = _MEETS.row(
        tx.connection,
        {
            "host_key": tx.host.key,
            "key": policy_list.key,
            "id": policy_list.id,
            "network_id": parse_guid(network) if network and is_guid(network) else "",
        },
    )
    return Neighbours(
        release=tx.host.release,
        id_is_taken=found.taken is not None,
        endpoints=_referable(tx, {parse_guid(text) for text in named}),
        network_exists=found.network is not None,
        frontend_holder=_holder(tx, policy_list, frontends(policy_list)),
    )


def create(tx: Transaction, placed: PlacedPolicyList) -> PolicyList:
    """Write a new policy list with what it refers to and answers on; return it with its key."""
    policy_list = placed.policy_list
    major, minor = policy_list.schema_version
    row = {
        "host_key": tx.host.key,
        "id": policy_list.id,
        "kind": str(policy_list.kind),
        "version": policy_list.version,
        "schema_major": major,
        "schema_minor": minor,
        "activity_id": policy_list.activity_id,
        "created": policy_list.created,
        **_content(policy_list),
    }
    written = replace(policy_list, key=_INSERT.key(tx.connection, row))
    _insert_references(tx, written, placed.endpoint_keys)
    _insert_frontends(tx, written, placed.frontends)
    tx.note_created(_KINDS.get(policy_list.kind, "policylist"), policy_list.id)
    return written


def change(tx: Transaction, placed: PlacedPolicyList) -> PolicyList:
    """Write everything of the policy list but its identity and kind; return it."""
    policy_list = placed.policy_list
    tx.connection.execute(
        policy_lists.update()
        .where(policy_lists.c.key == policy_list.key)
        .values(**_content(policy_list))
    )
    for table in (policy_list_references, load_balancer_frontends):
        tx.connection.execute(table.delete().where(table.c.policy_list_key == policy_list.key))
    _insert_references(tx, policy_list, placed.endpoint_keys)
    _insert_frontends(tx, policy_list, placed.frontends)
    return policy_list


def remove(tx: Transaction, policy_list: PolicyList) -> None:
    """Delete the policy list with its references and frontends."""
    tx.note_removed(_KINDS.get(policy_list.kind, "policylist"), policy_list.id)
    tx.connection.execute(policy_lists.delete().where(policy_lists.c.key == policy_list.key))


def _holder(tx: Transaction, policy_list: PolicyList, answered: Sequence[Frontend]) -> str:
    """Return the id of another policy list that answers on one of these, "" without one."""
    others = {"host_key": tx.host.key, "key": policy_list.key}
    if len(answered) == 1:  # the hot path
        wanted = {**others, **asdict(answered[0])}
        return str(_HOLDER_OF_ONE.scalar(tx.connection, wanted) or "")
    for chunk in chunks(answered, _AT_ONCE):
        these = {
            "vips": sorted({frontend.vip for frontend in chunk}),
            "frontends": [(one.vip, one.protocol, one.external_port) for one in chunk],
        }
        found = tx.connection.execute(_HOLDER_OF_MANY, {**others, **these}).scalar()
        if found is not None:
            return str(found)
    return ""


def _referable(tx: Transaction, endpoint_ids: Collection[str]) -> Mapping[str, tuple[int, str]]:
    """Return those of the endpoints that exist: id to (endpoint key, id of its network)."""
    host, found = {"host_key": tx.host.key}, list[Any]()
    if are_few(tx.connection, endpoint_ids):
        asked = [_REFERABLE_ONE.ask(tx.connection, {**host, "id": one}) for one in endpoint_ids]
        found = [row for answer in asked for row in answer.rows()]
    else:
        for chunk in chunks(endpoint_ids, _AT_ONCE):
            found += tx.connection.execute(_REFERABLE_MANY, {**host, "ids": chunk})
    return {row.id: (row.key, row.network_id) for row in found}


def _insert_frontends(
    tx: Transaction, policy_list: PolicyList, answered: Sequence[Frontend]
) -> None:
    rows = [
        {
            "host_key": tx.host.key,
            "policy_list_key": policy_list.key,
            "vip": frontend.vip,
            "protocol": frontend.protocol,
            "external_port": frontend.external_port,
        }
        for frontend in answered
    ]
    for row in rows:
        _INSERT_FRONTEND.run(tx.connection, row)


def _insert_references(
    tx: Transaction, policy_list: PolicyList, endpoint_keys: Sequence[int]
) -> None:
    references = zip(policy_list.references, endpoint_keys, strict=True)
    rows = [
        {
            "policy_list_key": policy_list.key,
            "position": position,
            "reference": reference,
            "endpoint_key": endpoint_key,
        }
        for position, (reference, endpoint_key) in enumerate(references)
    ]
    for row in rows:
        _INSERT_REFERENCE.run(tx.connection, row)


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
        "port_mappings": json.dumps([astuple(mapping) for mapping in policy_list.port_mappings]),
        "routes": json.dumps([astuple(route) for route in policy_list.routes]),
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
        port_mappings=tuple(PortMapping(*mapping) for mapping in json.loads(row.port_mappings)),
        routes=tuple(SdnRoute(*route) for route in json.loads(row.routes)),
        policies=tuple(json.loads(row.policies)),
        flags=row.flags,
        number=row.number or 0,
        **identity_of(row),
    )
