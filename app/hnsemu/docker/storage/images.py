"""Rows of images and their tags."""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select

from hnsemu.docker.domain.images import Image
from hnsemu.docker.storage.tables import docker_image_tags, docker_images
from hnsemu.storage.transaction import Transaction

_i, _t = docker_images.c, docker_image_tags.c


def all_of(tx: Transaction) -> list[Image]:
    """Return the images of the host, newest first."""
    return _found(tx)


def tagged(tx: Transaction, tag: str) -> Image | None:
    """Return the image that has a tag, None without it."""
    keys = select(_t.image_key).where(_t.host_key == tx.host.key, _t.reference == tag)
    return next(iter(_found(tx, _i.key.in_(keys))), None)


def with_id_prefix(tx: Transaction, prefix: str) -> list[Image]:
    """Return the images whose ids begin with `prefix`, sha256: in front."""
    return _found(tx, _i.id.startswith(prefix, autoescape=True))


def create(tx: Transaction, image: Image) -> Image:
    """Keep an image and its tags; return it as kept, the one that was there if it was."""
    known = with_id_prefix(tx, image.id)
    if not known:
        row = {
            "host_key": tx.host.key,
            "id": image.id,
            "created": image.created,
            "size": 0,
            "config": json.dumps(dict(image.config)),
        }
        tx.connection.execute(insert(docker_images).values(row))
        known = with_id_prefix(tx, image.id)
    for tag in image.tags:
        put_tag(tx, known[0], tag)
    return with_id_prefix(tx, image.id)[0]


def put_tag(tx: Transaction, image: Image, tag: str) -> None:
    """Let a tag mean an image from now on."""
    drop_tag(tx, tag)
    row = {"host_key": tx.host.key, "reference": tag, "image_key": image.key}
    tx.connection.execute(insert(docker_image_tags).values(row))


def drop_tag(tx: Transaction, tag: str) -> None:
    """Let a tag mean nothing."""
    tx.connection.execute(
        delete(docker_image_tags).where(_t.host_key == tx.host.key, _t.reference == tag)
    )


def remove(tx: Transaction, image: Image) -> None:
    """Forget an image and its tags."""
    tx.connection.execute(delete(docker_image_tags).where(_t.image_key == image.key))
    tx.connection.execute(delete(docker_images).where(_i.key == image.key))


def _found(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Image]:
    query = select(docker_images).where(_i.host_key == tx.host.key, *conditions)
    rows: list[Any] = list(tx.connection.execute(query.order_by(_i.key.desc())))
    tags = defaultdict[int, list[str]](list)
    if rows:
        of_host = select(docker_image_tags).where(_t.host_key == tx.host.key)
        for tag in tx.connection.execute(of_host.order_by(_t.reference)):
            tags[tag.image_key].append(tag.reference)
    return [
        Image(row.id, row.created, tuple(tags[row.key]), json.loads(row.config), row.key)
        for row in rows
    ]
