"""Rows of images and their tags."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from hnsemu.docker.domain.images import Image
from hnsemu.docker.storage.tables import docker_image_tags, docker_images
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

_i, _t = docker_images.c, docker_image_tags.c
_meant = docker_image_tags.alias("meant")

# A row for each tag of an image, its tags in order.
_OF_HOST = (
    select(docker_images, _t.reference)
    .outerjoin(docker_image_tags, _t.image_key == _i.key)
    .where(_i.host_key == bindparam("host"))
    .order_by(_i.key.desc(), _t.reference)
)
_ALL = Prepared(_OF_HOST)
_TAGGED = Prepared(
    _OF_HOST.join(_meant, _meant.c.image_key == _i.key).where(
        _meant.c.host_key == bindparam("host"), _meant.c.reference == bindparam("tag")
    )
)
_WITH_PREFIX = Prepared(_OF_HOST.where(_i.id.like(bindparam("prefix").concat("%"))))


def all_of(tx: Transaction) -> list[Image]:
    """Return the images of the host, newest first."""
    return _images(_ALL.rows(tx.connection, {"host": tx.host.key}))


def tagged(tx: Transaction, tag: str) -> Image | None:
    """Return the image that has a tag, None without it."""
    rows = _TAGGED.rows(tx.connection, {"host": tx.host.key, "tag": tag})
    return next(iter(_images(rows)), None)


def with_id_prefix(tx: Transaction, prefix: str) -> list[Image]:
    """Return the images whose ids begin with `prefix`: sha256: and hexadecimal digits."""
    return _images(_WITH_PREFIX.rows(tx.connection, {"host": tx.host.key, "prefix": prefix}))


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
    for reference in image.references:
        put_tag(tx, known[0], reference)
    return with_id_prefix(tx, image.id)[0]


def put_tag(tx: Transaction, image: Image, tag: str) -> None:
    """Let a tag mean an image from now on."""
    drop_tag(tx, tag)
    row = {"host_key": tx.host.key, "reference": tag, "image_key": image.key}
    tx.connection.execute(insert(docker_image_tags).values(row))


def note_tagged(tx: Transaction, image: Image) -> None:
    """Note that somebody gives an image a tag now."""
    tx.connection.execute(
        update(docker_images).where(_i.key == image.key).values(last_tagged=tx.now)
    )


def drop_tag(tx: Transaction, tag: str) -> None:
    """Let a tag mean nothing."""
    tx.connection.execute(
        delete(docker_image_tags).where(_t.host_key == tx.host.key, _t.reference == tag)
    )


def remove(tx: Transaction, image: Image) -> None:
    """Forget an image and its tags."""
    tx.connection.execute(delete(docker_image_tags).where(_t.image_key == image.key))
    tx.connection.execute(delete(docker_images).where(_i.key == image.key))


def _images(rows: Iterable[Any]) -> list[Image]:
    images = []
    for _, found in groupby(rows, key=lambda row: row.key):
        row, *others = found
        references = tuple(r.reference for r in (row, *others) if r.reference is not None)
        config = orjson.loads(row.config)
        images.append(Image(row.id, row.created, references, config, row.last_tagged, row.key))
    return images
